/**
 * The number of words and the time to read them, below the editor.
 *
 * Updated quietly, a moment after the last key; not a live region. A block that did not
 * change is the same object as before, so its words are remembered.
 */

import { el, later, say } from "./dom.js";
import { captionText } from "./figure.js";

const WORDS_A_MINUTE = 230;

export function countWords(text, segmenter) {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) words += Number(isWordLike);
  return words;
}

function sentence(words) {
  const length = `${words.toLocaleString()} ${words === 1 ? say("word") : say("words")}`;
  const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
  return words ? `${length} · ${minutes} ${say("min read")}` : length;
}

/** The text of a node, its captions included. */
function textOf(node) {
  if (node.type.name === "figure") return `${captionText(node.attrs.caption)}\n${node.attrs.credit}`;
  if (node.isTextblock) return node.textBetween(0, node.content.size, "\n", "\n");
  return [node.attrs.caption ?? "", ...node.content.content.map(textOf)].join("\n");
}

function counter(lang) {
  const segmenter = new Intl.Segmenter(lang || undefined, { granularity: "word" });
  const known = new WeakMap();
  return ({ doc }) => {
    let words = 0;
    for (const block of doc.content.content) {
      if (!known.has(block)) known.set(block, countWords(textOf(block), segmenter));
      words += known.get(block);
    }
    return words;
  };
}

export function wordCount(editor, lang) {
  const line = el("span");
  const count = counter(lang);
  const show = () => { line.textContent = sentence(count(editor.state)); };
  editor.on("update", later(show, 400));
  show();
  return { element: line, show };
}
