/**
 * Cleaning of pasted HTML: the structure stays, the styling goes.
 *
 * cleanPasted(html) gives {html, pictures}: HTML that the editor's schema understands, from
 * what Word, Google Docs, Blogger and web pages put on the clipboard, and the number of
 * pictures that were left out. cleanDocument(doc) does the work on a document, in place.
 * What the schema does not know is dropped by the schema.
 */

import { straightenLink } from "./paste-link.js";
import { dropOwnSpaces, settleSpaces } from "./paste-space.js";
import { rename, settleTables } from "./paste-table.js";
import { wordLists } from "./paste-word.js";
import { takeEmbedded } from "./picture-files.js";

const STYLE = "data-pasted-style";
const JUNK = "script, style, meta, link, title, xml, template, iframe, object, embed, svg, math, canvas, video, audio, "
  + "form input, input, select, textarea, button, noscript, .Apple-interchange-newline, [hidden]";
const BLOCK = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, table, blockquote, pre, figure, aside, section, article, hr";
const HEADINGS = { h1: "h2", h5: "h4", h6: "h4" };

/**
 * Hides style and on… attributes from the parser: parsing one, even in a document that
 * is never shown, is a violation of the CSP. Within tags only, not in the words.
 */
export function hideStyles(html) {
  const hide = (tag) => tag.replace(/(\s)(style|on[a-z]+)(?=\s*=)/gi, "$1data-pasted-$2");
  return html.replace(/<style\b[\s\S]*?<\/style>/gi, "").replace(/<[a-z](?:"[^"]*"|'[^']*'|[^'"<>])*>/gi, hide);
}

export function cleanPasted(html) {
  const doc = new DOMParser().parseFromString(hideStyles(html), "text/html");
  const pictures = cleanDocument(doc);
  return { html: doc.body.innerHTML, pictures };
}

export function cleanDocument(doc) {
  dropJunk(doc);
  const pictures = dropPictures(doc);
  dropOwnSpaces(doc);
  wordLists(doc);
  doc.querySelectorAll("b[id^=docs-internal-guid]").forEach(unwrap);
  doc.querySelectorAll(`[${STYLE}]`).forEach(styleToMarks);
  doc.querySelectorAll("span:not(.credit), font").forEach(unwrap);
  settleSpaces(doc);
  for (const [old, name] of Object.entries(HEADINGS)) doc.querySelectorAll(old).forEach((node) => rename(node, name));
  doc.querySelectorAll("p.MsoTitle").forEach((node) => rename(node, "h2"));
  doc.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote").forEach(wordQuote);
  doc.querySelectorAll("a[href]").forEach(straightenLink);
  doc.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol").forEach(nestList);
  doc.querySelectorAll("aside:not(.callout)").forEach(unwrap);
  doc.querySelectorAll("figure").forEach(settleFigure);
  settleTables(doc);
  [doc.body, ...doc.querySelectorAll("p, div")].forEach(splitAtDoubleBreaks);
  doc.querySelectorAll("p, h2, h3, h4").forEach(dropIfBlank);
  doc.querySelectorAll(`[${STYLE}]`).forEach((node) => node.removeAttribute(STYLE));
  if (!isOurs(doc)) doc.querySelectorAll("[lang], [dir]").forEach(dropLanguage);
  return pictures;
}

/** Whether it was copied in an editor of this kind. */
function isOurs(doc) {
  return Boolean(doc.querySelector("[data-pm-slice]"));
}

/** Programs write a language and a direction on every paragraph; only the rarer direction was meant. */
function dropLanguage(element) {
  element.removeAttribute("lang");
  if (element.getAttribute("dir") !== "rtl") element.removeAttribute("dir");
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function dropJunk(doc) {
  doc.querySelectorAll(JUNK).forEach((node) => node.remove());
  const comments = doc.createTreeWalker(doc, 128);
  const found = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  found.forEach((comment) => comment.remove());
}

/** Pictures that are not of the library; gives how many of them a reader would have seen. */
function dropPictures(doc) {
  const ours = isOurs(doc);
  takeEmbedded(doc);
  const known = (img) => img.hasAttribute("data-upload") || (ours && img.hasAttribute("data-image"));
  const foreign = [...doc.querySelectorAll("img")].filter((img) => !known(img));
  foreign.forEach((img) => img.remove());
  doc.querySelectorAll("table.tr-caption-container").forEach(captionOnly);
  return foreign.filter((img) => Number(img.getAttribute("width") ?? 9) > 1 && Number(img.getAttribute("height") ?? 9) > 1).length;
}

/** Blogger's frame for a picture with a caption, once the picture is gone. */
function captionOnly(table) {
  table.replaceWith(rename(table.querySelector(".tr-caption") ?? table, "p"));
}

/** The declarations of a renamed style attribute, by exact property. */
function declarations(element) {
  const style = (element.getAttribute(STYLE) ?? "").toLowerCase();
  const pairs = style.split(";").map((part) => part.split(":", 2).map((word) => word.trim()));
  return new Map(pairs.filter(({ length }) => length === 2));
}

function marksOf(style) {
  const weight = style.get("font-weight") ?? "";
  const marks = [];
  if (weight.startsWith("bold") || Number(weight) >= 600) marks.push("strong");
  if (/^(italic|oblique)/.test(style.get("font-style") ?? "")) marks.push("em");
  if (style.get("vertical-align") === "super") marks.push("sup");
  if (style.get("vertical-align") === "sub") marks.push("sub");
  if (/line-through/.test(style.get("text-decoration") ?? style.get("text-decoration-line") ?? "")) marks.push("s");
  return marks;
}

function styleToMarks(element) {
  const style = declarations(element);
  const plainWeight = /^(normal|400)$/.test(style.get("font-weight") ?? "");
  if (element.matches("b, strong") && plainWeight) return unwrap(element);
  if (element.matches("i, em") && style.get("font-style") === "normal") return unwrap(element);
  if (element.closest("h1, h2, h3, h4, h5, h6, th, pre") || element.matches("body, table, tr, tbody, ul, ol")) return undefined;
  if (element.querySelector(BLOCK)) return undefined;
  for (const mark of marksOf(style)) {
    if (element.closest(mark)) continue;
    const wrapper = element.ownerDocument.createElement(mark);
    wrapper.append(...element.childNodes);
    element.append(wrapper);
  }
  return undefined;
}

function wordQuote(paragraph) {
  const quote = paragraph.ownerDocument.createElement("blockquote");
  paragraph.replaceWith(quote);
  quote.append(paragraph);
}

/** Google Docs puts an inner list beside the item that it belongs to. */
function nestList(list) {
  const item = list.previousElementSibling;
  if (item?.tagName === "LI") item.append(list);
  else list.replaceWith(...list.childNodes);
}

/** The <cite> or <footer> of a quotation in a figure is its source. */
function citeToSource(figure) {
  const cite = figure.querySelector("blockquote cite, blockquote footer");
  if (cite && !figure.querySelector("figcaption")) figure.append(rename(cite, "figcaption"));
}

/** A figure without its picture is its caption; round a table, the caption is the table's. */
function settleFigure(figure) {
  if (figure.querySelector("blockquote")) citeToSource(figure);
  if (figure.querySelector("img, blockquote")) return;
  const caption = figure.querySelector("figcaption");
  const table = figure.querySelector("table");
  if (caption && table && !table.caption) table.createCaption().append(...caption.childNodes);
  else if (caption?.textContent.trim() && !table) caption.before(rename(caption, "p"));
  figure.querySelector("figcaption")?.remove();
  unwrap(figure);
}

function isBreak(node) {
  return node?.nodeName === "BR";
}

function isSpace(node) {
  return node?.nodeType === 3 && !node.data.trim();
}

/** Two breaks in a row end a paragraph, as Blogger writes it; one beside a block says nothing. */
function splitAtDoubleBreaks(box) {
  const runs = [[]];
  let breaks = 0;
  for (const node of [...box.childNodes]) {
    breaks = isBreak(node) ? breaks + 1 : breaks * isSpace(node);
    if (node.nodeType === 1 && (node.matches(BLOCK) || node.querySelector(BLOCK))) runs.push(node, []);
    else if (breaks > 1) runs.push([]);
    else runs.at(-1).push(node);
  }
  if (runs.length < 2) return;
  box.replaceChildren(...runs.map((run) => (Array.isArray(run) ? paragraphOf(run, box.ownerDocument) : run)).filter(Boolean));
  if (box.tagName === "P") unwrap(box);
}

function paragraphOf(run, doc) {
  while (run.length && (isBreak(run[0]) || isSpace(run[0]))) run.shift();
  while (run.length && (isBreak(run.at(-1)) || isSpace(run.at(-1)))) run.pop();
  if (!run.length) return null;
  const paragraph = doc.createElement("p");
  paragraph.append(...run);
  return paragraph;
}

function dropIfBlank(block) {
  if (block.textContent.trim() || block.querySelector("img, hr")) return;
  if (block.matches("td > :only-child, th > :only-child, li > :first-child, blockquote > :only-child")) return;
  block.remove();
}
