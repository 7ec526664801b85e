// Notes on a draft: words that are selected in the text become the passage of the note, and passages with notes are marked.

import { find, highlight, reveal } from "./passages.js";
import { offer } from "./selection.js";

const prose = document.querySelector(".prose");
const form = document.querySelector("form[data-draft-note]");
document.querySelector(".errors")?.focus();
if (prose) mark(prose);
if (prose && form) offer(prose, [{ label: "Note on this", act: (passage) => begin(passage, form) }]);

function mark(root) {
  const ranges = [];
  for (const note of document.querySelectorAll("[data-note][data-exact]")) {
    const range = find(root, note.dataset);
    if (!range) continue;
    ranges.push(range);
    const show = document.createElement("button");
    show.type = "button";
    show.className = "show-passage";
    show.textContent = "Show in the text";
    show.addEventListener("click", () => reveal(range));
    note.querySelector("blockquote").append(" ", show);
  }
  highlight("notes", ranges);
}

function begin(passage, target) {
  for (const [name, words] of Object.entries(passage)) target.elements[name].value = words;
  target.scrollIntoView({ block: "center" });
  target.elements.text.focus();
}
