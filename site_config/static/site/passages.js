// Passages of a text by their words (W3C TextQuoteSelector): from a selection to {exact, prefix, suffix}, and back to a
// Range. White space counts as one space; where the words stand more than once, what is before and after decides.

const AROUND = 32;

function textOf(root) {
  const places = [];
  let text = "";
  let before = null;
  const add = (letter, node, at) => {
    text += letter;
    places.push([node, at]);
  };
  let broken = false;
  for (const node of textNodes(root)) {
    if (!node.data) {
      broken = true;
      continue;
    }
    const parted = broken || (before && blockOf(before) !== blockOf(node));
    if (parted && before && text && !text.endsWith(" ")) add(" ", before, before.data.length);
    broken = false;
    for (let at = 0; at < node.data.length; at += 1) {
      if (!/\s/.test(node.data[at])) add(node.data[at], node, at);
      else if (text && !text.endsWith(" ")) add(" ", node, at);
    }
    before = node;
  }
  return { text, places };
}

// Text nodes, and line breaks. The numbers behind passages are not of the text, nor are corrections below it.
function textNodes(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
    if (node.nodeType === Node.TEXT_NODE || node.localName === "br") return NodeFilter.FILTER_ACCEPT;
    return node.matches(".notes, .note") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function blockOf(node) {
  return node.parentElement.closest("p, li, td, th, h1, h2, h3, h4, blockquote, figcaption, caption, pre, aside, figure");
}

const plain = (words) => words.replace(/\s+/g, " ");

export function find(root, { exact, prefix = "", suffix = "" }) {
  const { text, places } = textOf(root);
  const wanted = plain(exact).trim();
  if (!wanted) return null;
  let best = -1;
  let most = -1;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const score = same(text.slice(0, at), plain(prefix), true) + same(text.slice(at + wanted.length), plain(suffix), false);
    if (score > most) [best, most] = [at, score];
  }
  if (best < 0) return null;
  const range = document.createRange();
  range.setStart(...places[best]);
  const [node, at] = places[best + wanted.length - 1];
  range.setEnd(node, Math.min(at + 1, node.data.length));
  return range;
}

// How many letters of `context` stand there, counted from the passage outwards.
function same(text, context, backwards) {
  let count = 0;
  const letter = (words, step) => (backwards ? words.at(-1 - step) : words[step]);
  while (count < context.length && count < text.length && letter(text, count) === letter(context, count)) count += 1;
  return count;
}

export function describe(root, range) {
  if (range.collapsed || !range.intersectsNode(root)) return null;
  const { text, places } = textOf(root);
  let start = firstWhere(places, (place) => range.comparePoint(...place) >= 0);
  let end = firstWhere(places, ([node, at]) => range.comparePoint(node, Math.min(at + 1, node.data.length)) > 0);
  if (text[start] === " ") start += 1;
  if (text[end - 1] === " ") end -= 1;
  if (start >= end) return null;
  const exact = text.slice(start, end);
  return { exact, prefix: text.slice(Math.max(0, start - AROUND), start), suffix: text.slice(end, end + AROUND) };
}

// The first place for which it holds; it holds for all behind that one.
function firstWhere(places, holds) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(places[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Selects a passage, and brings it to the middle of the window.
export function reveal({ startContainer, startOffset, endContainer, endOffset }) {
  getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
  startContainer.parentElement.scrollIntoView({ block: "center" });
}

// Marks ranges without touching the text; does nothing where the browser cannot.
export function highlight(name, ranges) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.set(name, new Highlight(...ranges));
}
