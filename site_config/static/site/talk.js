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
  if (sent) store((kept) => [sent, passageOf(sent), "sent"].forEach((key) => kept.removeItem(key)));
  return sent;
}

function passageOf(key) {
  return key.replace("draft:", "passage:");
}

function keepDraft(form, text) {
  const key = `draft:${new URL(form.action).pathname}`;
  const about = form.querySelector("[data-passage]");
  const written = store((kept) => kept.getItem(key)) ?? "";
  if (!text.value) {
    text.value = written;
    text.dispatchEvent(new Event("input"));
  }
  // Where the browser has put the words back by itself, the passage is missing all the same.
  if (about?.hidden && written && text.value === written) showPassage(form, about, passageOf(key));
  form.addEventListener("input", () => store((kept) => {
    const { exact, prefix, suffix, about: box } = form.elements;
    const passage = text.value && box?.checked && !about.hidden;
    if (passage) kept.setItem(passageOf(key), JSON.stringify([exact, prefix, suffix].map(({ value }) => value)));
    else kept.removeItem(passageOf(key));
    if (text.value) kept.setItem(key, text.value);
    else kept.removeItem(key);
  }));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "preview") return;
    store((kept) => kept.setItem("sent", key));
  });
  if (forgotten === key) text.value = "";
}

// The passage that a draft is about.
function showPassage(form, about, key) {
  const parts = store((kept) => JSON.parse(kept.getItem(key)));
  if (!parts) return;
  ["exact", "prefix", "suffix"].forEach((name, at) => (form.elements[name].value = parts[at]));
  form.elements.about.checked = true;
  about.querySelector("blockquote").textContent = parts[0];
  about.hidden = false;
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
