/**
 * The number of words and the time to read them, below the editor.
 *
 * Updated quietly, a moment after the last key; not a live region.
 */

import { el, later, say } from "./dom.js";

const WORDS_A_MINUTE = 230;

export function countWords(text, lang) {
  const segmenter = new Intl.Segmenter(lang || undefined, { granularity: "word" });
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) words += Number(isWordLike);
  return words;
}

function sentence(words) {
  const length = `${words.toLocaleString()} ${words === 1 ? say("word") : say("words")}`;
  const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
  return words ? `${length} · ${minutes} ${say("min read")}` : length;
}

export function wordCount(editor, lang) {
  const line = el("span");
  const show = () => { line.textContent = sentence(countWords(editor.getText({ blockSeparator: "\n" }), lang)); };
  editor.on("update", later(show, 400));
  show();
  return line;
}
