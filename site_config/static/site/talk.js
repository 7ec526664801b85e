// Enhancements of writing a comment: remaining length, a draft that survives a closed tab, the time of writing,
// and an address bar that does not carry the writer's own token. Each does nothing where its element is absent.

const form = document.querySelector("form[data-talk]");
if (form) {
  const text = form.elements.text;
  countDown(text);
  keepDraft(form, text);
  noteStart(form);
}
document.querySelector(".errors")?.focus();
hideToken();

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

function keepDraft(form, text) {
  const key = `draft:${new URL(form.action).pathname}`;
  const store = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null; // a browser may refuse storage; then nothing is kept
    }
  };
  if (!text.value) {
    text.value = store((kept) => kept.getItem(key)) ?? "";
    text.dispatchEvent(new Event("input"));
  }
  text.addEventListener("input", () => store((kept) => (text.value ? kept.setItem(key, text.value) : kept.removeItem(key))));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "preview") return;
    store((kept) => kept.setItem("sent", key));
  });
  if (new URLSearchParams(location.search).has("c")) {
    const sent = store((kept) => kept.getItem("sent"));
    if (sent) store((kept) => [kept.removeItem(sent), kept.removeItem("sent")]);
    if (sent === key) text.value = "";
  }
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
  if (!address.searchParams.has("c")) return;
  address.searchParams.delete("c");
  history.replaceState(history.state, "", address);
}
