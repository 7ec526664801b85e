/** Offers each note the phrases of the page, to begin with and to change. Nothing is put there unless chosen. */

import { el } from "../../articles/desk/dom.js";

export function offerPhrases(queue, pile) {
  const phrases = [...queue.querySelectorAll("[data-phrases] li")].map((item) => item.textContent);
  if (!phrases.length) return;
  pile.onArrival((item) => {
    const note = item.querySelector("textarea[name=note]");
    const choice = el("select", { "aria-label": `Begin the note to ${item.dataset.name} with` },
      el("option", { value: "" }, "Begin with a phrase…"),
      ...phrases.map((phrase) => el("option", { value: phrase }, phrase)));
    choice.addEventListener("change", () => {
      if (choice.value) note.value = [note.value.trim(), choice.value].filter(Boolean).join(" ");
      choice.value = "";
      note.focus();
    });
    note.before(choice);
  });
  queue.querySelector("[data-phrases]").hidden = true;
}
