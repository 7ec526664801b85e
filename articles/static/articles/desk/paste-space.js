/**
 * Spaces that a program put in for the look: runs with hard spaces, and those it marked
 * as its own, become one plain space; at the ends of a block they go. A single hard space
 * between two words was meant, and stays.
 */

const RUN = /[ \t\r\n]*\u00a0[ \t\r\n\u00a0]+|[ \t\r\n]+\u00a0/g;
const OWN = ".Apple-converted-space, [data-pasted-style*='mso-spacerun'], [data-pasted-style*='mso-tab-count']";
const BLOCKS = "p, h2, h3, h4, li, td, th, figcaption, caption, dt, dd, div";

/** Before the styles go: what a program marked as its own space. */
export function dropOwnSpaces(doc) {
  for (const span of doc.querySelectorAll(OWN)) if (!span.textContent.trim()) span.replaceWith(" ");
}

export function settleSpaces(doc) {
  doc.body.normalize();
  for (const text of textsOf(doc.body)) {
    if (text.parentElement.closest("pre")) continue;
    text.data = text.data.replace(RUN, " ");
    if (text.previousSibling?.nodeType === 1 && text.previousSibling.matches(BLOCKS)) text.data = text.data.trimStart();
  }
  for (const block of doc.querySelectorAll(BLOCKS)) if (!block.closest("pre")) trim(textsOf(block));
}

function textsOf(root) {
  const walker = root.ownerDocument.createTreeWalker(root, 4);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

function trim(texts) {
  if (!texts.length) return;
  texts[0].data = texts[0].data.trimStart();
  const last = texts.at(-1);
  last.data = last.data.trimEnd();
}
