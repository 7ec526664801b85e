/**
 * What the toolbar offers, as data.
 *
 * A command is {text | icon, name, keys, run(editor), pressed(state of editor), ready(editor)};
 * `name` is the accessible name where the text is not enough; `pressed` only where the
 * command is a state. mainGroups() is the row that is always there; contexts() are the
 * groups shown while the cursor is in something they are about, with `lead` as a word
 * before the buttons.
 */

import { insertBlock, togglePull } from "./blocks.js";
import { say } from "./dom.js";
import { showKeys } from "./keys.js";
import { insertScenarios } from "./scenarios.js";
import { editTable, grow, headersAt, insertTable, toggleHeads } from "./table.js";

// Tiptap's own focus() waits for a frame: keys typed at once would go to the button.
const chained = (name, ...values) => (editor) => {
  editor.view.focus();
  editor.commands[name](...values);
};
const able = (name, ...values) => (editor) => editor.can()[name](...values);
const within = (name, attrs) => (editor) => editor.isActive(name, attrs);
const outside = (name) => (editor) => !editor.isActive(name);

function state(text, mark, command, keys, extra = {}) {
  return { text, keys, run: chained(command), pressed: within(mark), ready: able(command), ...extra };
}

function heading(level) {
  const attrs = { level };
  return {
    text: `H${level}`, name: `H${level} ${say("heading")}`, keys: `Mod+Alt+${level}`,
    run: chained("toggleHeading", attrs), pressed: within("heading", attrs), ready: able("toggleHeading", attrs),
  };
}

function marks({ editLink }) {
  return [
    state(say("Bold"), "bold", "toggleBold", "Mod+B", { icon: "bold" }),
    state(say("Italic"), "italic", "toggleItalic", "Mod+I", { icon: "italic" }),
    { text: say("Link"), keys: "Mod+K", run: editLink, pressed: within("link"), ready: outside("codeBlock") },
    state(say("Code"), "code", "toggleCode", "Mod+E", { icon: "code" }),
    state(say("Superscript"), "superscript", "toggleSuperscript", "Mod+.", { icon: "sup" }),
    state(say("Subscript"), "subscript", "toggleSubscript", "Mod+,", { icon: "sub" }),
  ];
}

function inserts({ insertPicture }) {
  return [
    { text: say("Picture"), run: insertPicture },
    { text: say("Table"), run: insertTable, ready: outside("table") },
    { text: say("Scenarios"), name: say("Scenario table"), run: insertScenarios, ready: outside("table") },
    { text: say("Rule"), run: (editor) => insertBlock(editor, editor.schema.nodes.horizontalRule.create()) },
  ];
}

export function mainGroups(actions) {
  return [
    { label: say("Headings"), commands: [2, 3, 4].map(heading) },
    { label: say("Words"), commands: marks(actions) },
    { label: say("Lists"), commands: [
      state(say("Bullet list"), "bulletList", "toggleBulletList", "Mod+Shift+8", { icon: "bullets" }),
      state(say("Numbered list"), "orderedList", "toggleOrderedList", "Mod+Shift+7", { icon: "numbers" }),
    ] },
    { label: say("Blocks"), commands: [
      state(say("Quote"), "blockquote", "toggleBlockquote", "Mod+Shift+B", { ready: outside("pull") }),
      { text: say("Pull quote"), run: togglePull, pressed: within("pull") },
      { text: say("Call-out"), run: chained("toggleWrap", "callout"), pressed: within("callout"), ready: outside("pull") },
      state(say("Code block"), "codeBlock", "toggleCodeBlock", "Mod+Alt+C"),
    ] },
    { label: say("Insert"), commands: inserts(actions) },
    { label: say("History"), commands: [
      { text: say("Undo"), icon: "undo", keys: "Mod+Z", run: chained("undo"), ready: able("undo") },
      { text: say("Redo"), icon: "redo", keys: "Mod+Shift+Z", run: chained("redo"), ready: able("redo") },
    ] },
    { label: say("Help"), commands: [
      { text: say("Keys…"), keys: "Mod+/", run: (editor) => listKeys(editor, actions) },
    ] },
  ];
}

/** Shows what the keys are, of all that the toolbar ever offers. */
export function listKeys(editor, actions) {
  return showKeys(editor, [...mainGroups(actions), ...contexts(actions)]);
}

function tableGroups() {
  const when = within("table");
  const act = (text, name, command) => ({ text, name, run: chained(command), ready: able(command) });
  const add = (text, name, command) => ({ ...act(text, name, command), run: (editor) => grow(editor, command) });
  const heads = (text, which) => ({
    text, run: (editor) => toggleHeads(editor, which), pressed: (editor) => headersAt(editor.state)[which],
  });
  return [
    { label: say("Row"), lead: say("Row"), when, commands: [
      add(say("above"), say("Row above"), "addRowBefore"),
      add(say("below"), say("Row below"), "addRowAfter"),
      act(say("remove"), say("Row: remove"), "deleteRow"),
    ] },
    { label: say("Column"), lead: say("Column"), when, commands: [
      add(say("before"), say("Column before"), "addColumnBefore"),
      add(say("after"), say("Column after"), "addColumnAfter"),
      act(say("remove"), say("Column: remove"), "deleteColumn"),
    ] },
    { label: say("Table"), when, commands: [
      heads(say("Header row"), "row"),
      heads(say("Header column"), "column"),
      { text: say("Caption"), run: editTable },
      act(say("Remove table"), null, "deleteTable"),
    ] },
  ];
}

export function contexts({ editPicture, editLink }) {
  return [
    { label: say("Link"), when: within("link"), commands: [
      { text: say("Change link"), run: editLink },
      { text: say("Remove link"), run: chained("unsetLink") },
    ] },
    { label: say("List"), when: within("listItem"), commands: [
      { text: say("Move in"), keys: "Mod+]", run: chained("sinkListItem", "listItem"), ready: able("sinkListItem", "listItem") },
      { text: say("Move out"), keys: "Mod+[", run: chained("liftListItem", "listItem"), ready: able("liftListItem", "listItem") },
    ] },
    { label: say("Picture"), when: within("figure"), commands: [
      { text: say("Change picture"), run: editPicture },
      { text: say("Remove picture"), run: chained("deleteSelection") },
    ] },
    ...tableGroups(),
  ];
}
