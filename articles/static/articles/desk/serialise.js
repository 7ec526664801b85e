/**
 * The editor's document as the HTML that is stored: one top-level block a line,
 * without empty paragraphs, cells and list items of one paragraph without <p>.
 * Built in an inert document, so that no picture is loaded on each key. A block that
 * did not change is the same object as before, so its HTML is remembered.
 */

import { pm } from "../../django_prose_editor/editor.js";

const INERT = document.implementation.createHTMLDocument("");

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function bareCell(cell) {
  if (cell.children.length === 1 && cell.firstElementChild.tagName === "P") unwrap(cell.firstElementChild);
}

function bareItem(item) {
  const [first, ...rest] = item.children;
  if (first?.tagName === "P" && rest.every(({ tagName }) => tagName === "UL" || tagName === "OL")) unwrap(first);
}

function headRow(table) {
  const [first, second] = table.rows;
  if (!second || ![...first.cells].every(({ tagName, rowSpan }) => tagName === "TH" && rowSpan === 1)) return;
  const head = INERT.createElement("thead");
  head.append(first);
  table.tBodies[0].before(head);
}

function tidy(root) {
  root.querySelectorAll("td, th").forEach(bareCell);
  [...root.querySelectorAll("li")].reverse().forEach(bareItem);
  root.querySelectorAll("table").forEach(headRow);
  root.querySelectorAll("figcaption:empty").forEach((caption) => caption.remove());
  for (const node of root.querySelectorAll("p:empty")) {
    if (node.parentElement === root || node.parentElement.children.length > 1) node.remove();
  }
}

const known = new WeakMap();

function blockHTML(serializer, block) {
  if (known.has(block)) return known.get(block);
  const root = INERT.createElement("div");
  root.append(serializer.serializeNode(block, { document: INERT }));
  tidy(root);
  known.set(block, root.innerHTML);
  return root.innerHTML;
}

export function serialise({ schema, state }) {
  const serializer = pm.model.DOMSerializer.fromSchema(schema);
  return state.doc.content.content.map((block) => blockHTML(serializer, block)).filter(Boolean).join("\n");
}
