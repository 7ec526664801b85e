/**
 * Lists as Word puts them on the clipboard: paragraphs with `mso-list:l0 level2 lfo1`
 * and a marker in a span of its own. Made into nested ul and ol by their level.
 *
 * Works on a document whose style attributes were renamed to data-pasted-style.
 */

const LIST = /mso-list:\s*(l\d+)\s+level(\d+)\s+(lfo\d+)/i;
const NUMBERED = /^\(?(\d+|[a-z]{1,5})[.)]/i;

function markerOf(element) {
  return [...element.querySelectorAll("[data-pasted-style]")]
    .find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("data-pasted-style")));
}

/** {level, list, tag} of a list paragraph, or null. */
function itemOf(element) {
  const found = LIST.exec(element.getAttribute("data-pasted-style") ?? "");
  if (!found) return null;
  const marker = markerOf(element)?.textContent.trim() ?? "";
  return { level: Number(found[2]), list: found[1] + found[3], tag: NUMBERED.test(marker) ? "ol" : "ul" };
}

function makeItem(paragraph) {
  markerOf(paragraph)?.remove();
  const item = paragraph.ownerDocument.createElement("li");
  const words = paragraph.ownerDocument.createElement("p");
  words.append(...paragraph.childNodes);
  item.append(words);
  return item;
}

/** The list that takes an item: one of the open ones, or a new one where it belongs. */
function listFor(open, item, paragraph) {
  while (open.length && open.at(-1).level > item.level) open.pop();
  const top = open.at(-1);
  if (top?.level === item.level && top.tag === item.tag && top.list === item.list) return top.element;
  if (top?.level === item.level) open.pop();
  const element = paragraph.ownerDocument.createElement(item.tag);
  const parent = open.at(-1)?.element.lastElementChild;
  if (parent) parent.append(element);
  else paragraph.before(element);
  open.push({ ...item, element });
  return element;
}

function isGap(node) {
  return node.nodeType === 8 || (node.nodeType === 3 && !node.data.trim());
}

function previousBlock(element) {
  let node = element.previousSibling;
  while (node && isGap(node)) node = node.previousSibling;
  return node;
}

/** A numbered heading is no list: its number stays, as words. */
function keepMarkers(doc) {
  for (const heading of doc.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const marker = markerOf(heading);
    if (marker) marker.replaceWith(`${marker.textContent.trim()} `);
  }
}

export function wordLists(doc) {
  keepMarkers(doc);
  let open = [];
  for (const paragraph of doc.querySelectorAll("p[data-pasted-style]")) {
    const item = itemOf(paragraph);
    if (!item) continue;
    if (!open.length || previousBlock(paragraph) !== open[0].element) open = [];
    const list = listFor(open, item, paragraph);
    list.append(makeItem(paragraph));
    paragraph.remove();
  }
}
