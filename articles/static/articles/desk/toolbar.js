/**
 * The toolbar: one Tab stop, then arrow keys (roving tabindex), Home, End; Escape
 * goes back to the text. A second row shows what can be done where the cursor is.
 *
 * toolbar(editor, {groups, contexts, label, controls}) gives {element, focus}.
 * Buttons that cannot act now are aria-disabled, not disabled, so that the arrow
 * keys still find them.
 */

import { el, say } from "./dom.js";
import { icon } from "./icons.js";
import { keysNamed, keysShown } from "./keys.js";

function makeButton(command, editor) {
  const name = command.name ?? command.text;
  const button = el("button", {
    type: "button",
    tabindex: "-1",
    "aria-label": command.icon || command.name ? name : null,
    "aria-keyshortcuts": command.keys && keysNamed(command.keys),
    "data-tip": command.icon || command.keys ? [name, command.keys && keysShown(command.keys)].filter(Boolean).join("  ") : null,
  }, command.icon ? icon(command.icon) : command.text);
  // The text keeps its focus and selection while a button is clicked.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") command.run(editor);
  });
  return button;
}

function makeGroup({ label, lead, commands, when }, editor, buttons) {
  const group = el("div", { role: "group", "aria-label": label, class: "desk-group" });
  if (lead) group.append(el("span", { class: "desk-lead", "aria-hidden": "true" }, lead));
  for (const command of commands) {
    const button = makeButton(command, editor);
    buttons.push({ button, command });
    group.append(button);
  }
  return { group, when };
}

function setFlag(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

const NAMES = {
  paragraph: "Paragraph", codeBlock: "Code block", figure: "Picture", horizontalRule: "Rule", blockquote: "Quote",
  pull: "Pull quote", pullSource: "Source", callout: "Call-out", bulletList: "List", orderedList: "List", table: "Table",
};

/** Where the cursor is, from the outside in: 'Call-out › List'. */
function placeOf({ selection }) {
  const { $from, node } = selection;
  const names = [];
  for (let depth = 1; depth <= $from.depth; depth += 1) {
    const { type, attrs } = $from.node(depth);
    const name = type.name === "heading" ? `${say("Heading")} ${attrs.level}` : NAMES[type.name] && say(NAMES[type.name]);
    if (name && name !== names.at(-1)) names.push(name);
  }
  if (node && NAMES[node.type.name]) names.push(say(NAMES[node.type.name]));
  if (names.length > 1 && names.at(-1) === say("Paragraph")) names.pop();
  return names.join(" › ");
}

class Toolbar {
  constructor(editor, { groups, contexts, label, controls }) {
    this.editor = editor;
    this.buttons = [];
    const main = groups.map((group) => makeGroup(group, editor, this.buttons));
    this.contexts = contexts.map((group) => makeGroup(group, editor, this.buttons));
    this.place = el("span", { class: "desk-place" });
    this.rows = [
      el("div", { class: "desk-row" }, ...main.map(({ group }) => group)),
      el("div", { class: "desk-row desk-context" }, this.place, ...this.contexts.map(({ group }) => group)),
    ];
    const attributes = { role: "toolbar", class: "desk-toolbar", "aria-label": label, "aria-controls": controls };
    this.element = el("div", attributes, ...this.rows);
    this.current = this.buttons[0].button;
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focusin", ({ target }) => this.rove(target));
    editor.on("transaction", () => this.update());
    this.update();
  }

  visible(row = this.element) {
    return [...row.querySelectorAll("button")].filter((button) => !button.closest("[hidden]"));
  }

  rove(button) {
    this.current.tabIndex = -1;
    this.current = button;
    button.tabIndex = 0;
  }

  focus() {
    this.current.focus();
  }

  update() {
    for (const { group, when } of this.contexts) {
      const hidden = !when(this.editor);
      if (group.hidden !== hidden) group.hidden = hidden;
    }
    for (const { button, command } of this.buttons) {
      if (button.parentElement.hidden) continue;
      if (command.pressed) setFlag(button, "aria-pressed", command.pressed(this.editor));
      if (command.ready) setFlag(button, "aria-disabled", !command.ready(this.editor));
    }
    const place = placeOf(this.editor.state);
    if (this.place.textContent !== place) this.place.textContent = place;
    if (this.current.tabIndex || this.current.closest("[hidden]")) this.rove(this.buttons[0].button);
  }

  key(event) {
    const target = this.targetOf(event);
    if (event.key === "Escape") this.editor.view.focus();
    else if (target) target.focus();
    else return;
    event.preventDefault();
  }

  targetOf({ key, target }) {
    const buttons = this.visible();
    const step = getComputedStyle(this.element).direction === "rtl" ? -1 : 1;
    const moves = { ArrowRight: step, ArrowLeft: -step };
    if (key in moves) return buttons.at((buttons.indexOf(target) + moves[key]) % buttons.length);
    if (key === "Home") return buttons[0];
    if (key === "End") return buttons.at(-1);
    if (key === "ArrowDown") return this.visible(this.rows[1])[0];
    return key === "ArrowUp" ? this.visible(this.rows[0])[0] : null;
  }
}

export function toolbar(editor, options) {
  return new Toolbar(editor, options);
}
