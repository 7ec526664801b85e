/**
 * Suggests tags in each <input data-tag-input data-suggest-url>: an ARIA combobox
 * for the last of the names, which are parted by commas.
 *
 * Asks `suggest-url?q=…`, which answers {"tags": [{"name", "count"}]}. Without script
 * it is a plain text field.
 */

import { combobox } from "./combobox.js";
import { askJSON, el, say } from "./dom.js";

function lastName(value) {
  return value.slice(value.lastIndexOf(",") + 1).trim();
}

function otherNames(value) {
  return value.slice(0, value.lastIndexOf(",") + 1).split(",").map((name) => name.trim()).filter(Boolean);
}

const folded = (name) => name.normalize("NFKC").toLocaleLowerCase();

function enhance(input) {
  combobox(input, {
    label: say("Suggested tags"),
    typed: () => lastName(input.value),
    ask: async (words) => {
      const { tags } = await askJSON(input.dataset.suggestUrl, { q: words });
      const there = new Set(otherNames(input.value).map(folded));
      return tags.filter(({ name }) => !there.has(folded(name)));
    },
    draw: ({ name, count }) => [name, " ", el("small", {}, String(count))],
    take: ({ name }) => {
      input.value = `${[...otherNames(input.value), name].join(", ")}, `;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
}

for (const input of document.querySelectorAll("input[data-tag-input]")) enhance(input);
