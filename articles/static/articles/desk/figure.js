/**
 * A picture from the library, as one unit of the text.
 *
 * Stored as <figure class="wide|full"?><img data-image src alt data-decorative?>
 * <figcaption>caption <span class="credit">credit</span></figcaption></figure>.
 * The caption is kept as HTML of a few inline tags, so that a link in an imported
 * caption survives until someone rewrites the caption.
 */

import { Node } from "../../django_prose_editor/editor.js";
import { el, elIn, say } from "./dom.js";

export const EMPTY = {
  image: null, src: "", alt: "", decorative: false, caption: "", credit: "", size: "", pending: null,
};
const SIZES = ["wide", "full"];

const INERT = document.implementation.createHTMLDocument("");
const INLINE = new Set(["EM", "STRONG", "CODE", "SUB", "SUP", "A"]);

function copyInline(from, to) {
  for (const child of from.childNodes) {
    if (child.nodeType === 3) to.append(child.data.replace(/\s+/g, " "));
    else if (child.nodeType === 1) {
      const keep = INLINE.has(child.tagName) && elIn(INERT, child.localName, { href: child.getAttribute("href") });
      if (keep) to.append(keep);
      copyInline(child, keep || to);
    }
  }
}

function inlineHTML(element) {
  const box = INERT.createElement("div");
  if (element) copyInline(element, box);
  return box.innerHTML.trim();
}

/** Plain text of a caption kept as HTML, and the way back. */
export function captionText(html) {
  const box = INERT.createElement("div");
  box.innerHTML = html;
  return box.textContent;
}

export function captionHTML(text) {
  const box = INERT.createElement("div");
  box.textContent = text;
  return box.innerHTML;
}

function readFigure(element) {
  const img = element.matches("img") ? element : element.querySelector("img");
  if (!img) return false;
  const caption = element.querySelector("figcaption")?.cloneNode(true);
  const credit = caption?.querySelector(".credit");
  credit?.remove();
  return {
    image: img.getAttribute("data-image"),
    src: img.getAttribute("src") ?? "",
    alt: img.getAttribute("alt") ?? "",
    decorative: img.hasAttribute("data-decorative"),
    caption: inlineHTML(caption),
    credit: credit?.textContent.trim() ?? "",
    size: SIZES.find((name) => element.classList.contains(name)) ?? "",
    pending: img.getAttribute("data-upload"),
  };
}

function drawFigure({ image, src, alt, decorative, caption, credit, size, pending }) {
  const draw = (...parts) => elIn(INERT, ...parts);
  const shown = decorative ? "" : alt;
  const known = { "data-image": image, src: src || null, alt: shown, "data-decorative": decorative };
  const img = draw("img", pending ? { "data-upload": pending, alt: "" } : known);
  const figure = draw("figure", { class: size || null }, img);
  if (caption || credit) {
    const words = draw("figcaption");
    words.innerHTML = caption;
    if (caption && credit) words.append(" ");
    if (credit) words.append(draw("span", { class: "credit" }, credit));
    figure.append(words);
  }
  return figure;
}

function figureView(attrs) {
  const dom = document.importNode(drawFigure(attrs), true);
  dom.classList.add("desk-figure");
  const img = dom.querySelector("img");
  img.draggable = false;
  if (attrs.pending) {
    img.replaceWith(el("span", { class: "desk-flag desk-quiet desk-waiting" }, say("This picture is on its way to the library.")));
    return dom;
  }
  if (!attrs.alt && !attrs.decorative) {
    img.after(el("span", { class: "desk-flag" }, say("This picture has no alternative text yet.")));
  } else if (attrs.decorative) {
    img.after(el("span", { class: "desk-flag desk-quiet" }, say("Decorative: screen readers pass over it.")));
  }
  return dom;
}

export const Figure = Node.create({
  name: "figure",
  group: "block",
  atom: true,
  draggable: true,
  isolating: true,

  addOptions: () => ({ edit: () => {} }),

  addAttributes() {
    const silent = { rendered: false, parseHTML: () => null };
    return Object.fromEntries(Object.entries(EMPTY).map(([name, value]) => [name, { default: value, ...silent }]));
  },

  parseHTML() {
    return [
      { tag: "figure", priority: 40, getAttrs: readFigure },
      { tag: "img[data-image], img[data-upload]", priority: 40, getAttrs: readFigure },
    ];
  },

  renderHTML: ({ node }) => drawFigure(node.attrs),
  renderText: ({ node }) => captionText(node.attrs.caption),

  addNodeView() {
    return ({ node }) => {
      const dom = figureView(node.attrs);
      dom.addEventListener("dblclick", () => this.options.edit());
      return { dom, ignoreMutation: () => true };
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        if (this.editor.state.selection.node?.type !== this.type) return false;
        this.options.edit();
        return true;
      },
      "Mod-Enter": () => this.editor.commands.createParagraphNear(),
    };
  },
});
