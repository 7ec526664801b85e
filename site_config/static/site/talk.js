// Enhancements of writing a comment: remaining length, a draft that survives a closed tab, the time of writing, reply and
// preview in place, and an address bar that does not carry the writer's own token. Each does nothing where its element is
// absent; what is large is fetched when somebody first wants it.

const forgotten = forgetSent();
const forms = document.querySelectorAll("form[data-talk]");
for (const form of forms) enhance(form);
document.addEventListener("click", reply);
document.querySelector(".errors")?.focus();
land();
hideToken();

function enhance(form) {
  const text = form.elements.text;
  countDown(text);
  if (!form.elements.c) keepDraft(form, text);
  noteStart(form);
  form.addEventListener("submit", preview);
  // A browser may put back what hidden fields held before the page was loaded again.
  const about = form.querySelector("[data-passage]");
  if (about) form.addEventListener("submit", () => about.hidden && (form.elements.about.checked = false));
}

// What follows is loaded when it is wanted. Where that fails, the link and the button do what they do without script.

async function reply(event) {
  const link = event.target.closest?.(".thread .acts a[href$='/reply/']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    await (await import("./talk-reply.js")).open(link, enhance);
  } catch {
    location.assign(link.href);
  }
}

async function preview(event) {
  const form = event.currentTarget;
  const button = event.submitter;
  if (button?.name !== "preview" || "plain" in form.dataset) return;
  event.preventDefault();
  try {
    await (await import("./talk-preview.js")).show(form);
  } catch {
    form.dataset.plain = "";
    form.requestSubmit(button);
  }
}

// Who has just posted lands on the comment: what is said of it is read out.
function land() {
  const status = document.querySelector(".comment > .status");
  if (!status || !new URLSearchParams(location.search).has("c")) return;
  status.tabIndex = -1;
  addEventListener("load", () => setTimeout(() => status.focus({ preventScroll: true })), { once: true });
}

function countDown(text) {
  const most = Number(text.dataset.count);
  const note = document.createElement("p");
  note.className = "count";
  note.id = `${text.id}_count`;
  text.after(note);
  text.setAttribute("aria-describedby", `${text.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
  text.removeAttribute("maxlength");
  const show = () => {
    const left = most - text.value.trim().length;
    note.textContent = left < 0 ? `${-left} characters too many` : left < most / 4 ? `${left} characters left` : "";
  };
  text.addEventListener("input", show);
  show();
}

function store(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null; // a browser may refuse storage; then nothing is kept
  }
}

// The page after posting, which has no form where it is a thread's own, ends the draft; gives its key.
function forgetSent() {
  if (!new URLSearchParams(location.search).has("c")) return null;
  const sent = store((kept) => kept.getItem("sent"));
  if (sent) store((kept) => [kept.removeItem(sent), kept.removeItem("sent")]);
  return sent;
}

function keepDraft(form, text) {
  const key = `draft:${new URL(form.action).pathname}`;
  if (!text.value) {
    text.value = store((kept) => kept.getItem(key)) ?? "";
    text.dispatchEvent(new Event("input"));
  }
  text.addEventListener("input", () => store((kept) => (text.value ? kept.setItem(key, text.value) : kept.removeItem(key))));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "preview") return;
    store((kept) => kept.setItem("sent", key));
  });
  if (forgotten === key) text.value = "";
}

function noteStart(form) {
  const fresh = form.elements.fresh;
  if (!fresh || fresh.value) return;
  form.addEventListener("focusin", async () => {
    try {
      const answer = await fetch("/comments/fresh/", { credentials: "omit" });
      if (answer.ok) fresh.value = (await answer.json()).fresh;
    } catch {
      // offline: the time of writing stays unknown, which weighs nothing
    }
  }, { once: true });
}

function hideToken() {
  const address = new URL(location.href);
  if (!address.searchParams.has("c") || !document.getElementById("talk")) return;
  address.searchParams.delete("c");
  history.replaceState(history.state, "", address);
}
