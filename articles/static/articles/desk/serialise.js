/**
 * The editor's document as the HTML that is stored, as articles.richtext.clean() would
 * write it (but for the addresses of pictures, which the editor shows and clean() drops).
 * Built in an inert document, so that no picture is loaded on each key. A block that
 * did not change is the same object as before, so its HTML is remembered.
 */

import { pm } from "../../django_prose_editor/editor.js";
import { settleHeads } from "./paste-table.js";

const STACKED_UP_TO = 4;
const INERT = document.implementation.createHTMLDocument("");

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

const hasContent = (element) => element.textContent.trim() || element.querySelector("img");

function bare(box) {
  const paragraphs = [...box.children].filter(({ tagName }) => tagName === "P");
  if (paragraphs.length === 1 && (box.children.length === 1 || box.tagName === "LI")) unwrap(paragraphs[0]);
}

function settleTable(table) {
  const rows = [...table.rows].map((row) => [...row.cells]);
  const headRow = settleHeads(rows);
  if (Math.max(...rows.map(({ length }) => length)) <= STACKED_UP_TO) table.classList.add("stack");
  if (headRow) {
    const head = INERT.createElement("thead");
    head.append(table.rows[0]);
    table.tBodies[0].before(head);
  }
  table.querySelectorAll("th").forEach((head) => head.setAttribute("scope", head.closest("thead") ? "col" : "row"));
  if (table.classList.contains("wide")) table.className = [...table.classList].sort().join(" ");
}

/** The source of a quotation that has no words yet is all that there is to keep of it. */
function settleFigure(figure) {
  if (figure.querySelector("img, blockquote")) return;
  const words = INERT.createElement("p");
  words.append(...figure.querySelector("figcaption").childNodes);
  figure.replaceWith(words);
}

/** What the server would drop or write otherwise, so that it need not. */
function tidy(root) {
  root.querySelectorAll("img[data-upload]").forEach((img) => img.closest("figure").remove());
  const drop = (names, isEmpty) => [...root.querySelectorAll(names)].reverse().filter(isEmpty).forEach((block) => block.remove());
  drop("p, h2, h3, h4", ({ innerHTML }) => /^(\s|&nbsp;|<br>)*$/.test(innerHTML));
  drop("figcaption", ({ childNodes }) => !childNodes.length);
  drop("aside, blockquote, ul, ol, pre, figure", (box) => !hasContent(box));
  root.querySelectorAll("figure").forEach(settleFigure);
  root.querySelectorAll("td, th").forEach((cell) => {
    bare(cell);
    cell.innerHTML = cell.innerHTML.trim();
  });
  [...root.querySelectorAll("li")].reverse().forEach(bare);
  root.querySelectorAll("table").forEach(settleTable);
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
  return state.doc.content.content.map((block) => blockHTML(serializer, block)).join("");
}
