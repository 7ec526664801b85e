/**
 * The headings of the text: in a column beside it on a wide desk, folded above it on a
 * narrow one. Each is a button that goes there; the one that the cursor is under is marked.
 *
 * Looks at the blocks of the document a moment after the last key, and touches the page
 * only if a heading changed.
 */

import { pm } from "../../django_prose_editor/editor.js";
import { el, later, say } from "./dom.js";

const { TextSelection } = pm.state;
// As body-editor.css has it.
const WIDE = 840;

/** [{text, level, position}] of the headings that stand for themselves, as readers' contents list has them. */
function headingsOf({ doc }) {
  const found = [];
  doc.forEach((node, position) => {
    if (node.type.name === "heading") found.push({ text: node.textContent.trim(), level: node.attrs.level, position });
  });
  return found;
}

class Outline {
  constructor(editor) {
    this.editor = editor;
    this.drawn = null;
    this.list = el("ol");
    this.empty = el("p", {}, say("Headings that you write are listed here."));
    this.details = el("details", {}, el("summary", {}, say("Outline")), this.empty, this.list);
    this.element = el("nav", { class: "desk-outline", "aria-label": say("Outline of the text") }, this.details);
    this.list.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.go(this.buttons.indexOf(button));
    });
    editor.on("update", later(() => this.show(), 300));
    editor.on("selectionUpdate", later(() => this.mark(), 150));
    this.show();
  }

  get buttons() {
    return [...this.list.querySelectorAll("button")];
  }

  show() {
    const headings = headingsOf(this.editor.state);
    const drawn = JSON.stringify(headings.map(({ text, level }) => [text, level]));
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.empty.hidden = headings.length > 0;
    this.list.replaceChildren(...headings.map(({ text, level }) => el(
      "li", { class: `desk-level-${level}` }, el("button", { type: "button" }, text || say("(an empty heading)")),
    )));
    this.mark();
  }

  fit(frame) {
    let isWide = false;
    new ResizeObserver(([{ contentRect }]) => {
      const wasWide = isWide;
      isWide = contentRect.width >= WIDE;
      if (isWide !== wasWide) this.details.open = isWide;
    }).observe(frame);
  }

  mark() {
    const { from } = this.editor.state.selection;
    const current = headingsOf(this.editor.state).findLastIndex(({ position }) => position < from);
    this.buttons.forEach((button, index) => {
      if (index === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
  }

  go(index) {
    const { state, view } = this.editor;
    const heading = headingsOf(state)[index];
    if (!heading) return;
    view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(heading.position + 1))));
    view.focus();
    view.nodeDOM(heading.position).scrollIntoView({ block: "start" });
  }
}

/** `show()` draws it anew at once; `fit(frame)` keeps it open while the frame has room for it beside the text. */
export function outline(editor) {
  return new Outline(editor);
}
