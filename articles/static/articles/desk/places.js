/**
 * Places in the text, as the check-list names them: image-2, table-1, heading-3, link-4.
 *
 * goTo(editor, place) selects the thing, brings it into view and gives the text the
 * focus; false where there is none. askedFor(id) is the place that the address of the
 * page asks for, as `?place=image-2#id_body` or `#body:image-2`; "" for the field as a
 * whole; null if it asks for something else.
 */

import { pm } from "../../django_prose_editor/editor.js";

const { NodeSelection, TextSelection } = pm.state;
const NODES = { image: "figure", table: "table", heading: "heading" };

export function askedFor(id) {
  const hash = decodeURIComponent(location.hash.slice(1));
  const name = id.replace(/^id_/, "");
  if (hash === id) return new URLSearchParams(location.search).get("place") ?? "";
  return hash.startsWith(`${name}:`) ? hash.slice(name.length + 1) : null;
}

/** The position of the nth node of a kind in the text, or -1. */
export function nthNode({ doc }, type, nth) {
  let [count, found] = [0, -1];
  doc.descendants((node, position) => {
    if (found < 0 && node.type.name === type) {
      count += 1;
      if (count === nth) found = position;
    }
    return found < 0 && !node.isTextblock;
  });
  return found;
}

function selectionAt({ state, view }, kind, nth) {
  if (kind === "link") {
    const link = view.dom.querySelectorAll("a")[nth - 1];
    if (!link) return null;
    const start = view.posAtDOM(link, 0);
    return TextSelection.create(state.doc, start, start + link.textContent.length);
  }
  const position = nthNode(state, NODES[kind], nth);
  if (position < 0) return null;
  if (kind === "image") return NodeSelection.create(state.doc, position);
  return TextSelection.near(state.doc.resolve(position + 1));
}

export function goTo(editor, place) {
  const [, kind, nth] = /^(image|table|heading|link)-(\d+)$/.exec(place) ?? [];
  const selection = kind ? selectionAt(editor, kind, Number(nth)) : null;
  const { view } = editor;
  if (selection) view.dispatch(view.state.tr.setSelection(selection));
  view.focus();
  const element = selection ? view.domAtPos(selection.from).node : view.dom;
  const shown = kind === "image" ? view.nodeDOM(selection.from) : element;
  (shown.nodeType === 3 ? shown.parentElement : shown).scrollIntoView({ block: selection ? "center" : "start" });
  return Boolean(selection);
}
