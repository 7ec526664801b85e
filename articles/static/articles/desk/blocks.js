/**
 * Pull quote and call-out.
 *
 * Pull quote: <figure class="pull"><blockquote><p>…</p></blockquote>
 * <figcaption>source</figcaption></figure>, words and source both written in place.
 * Call-out: <aside class="callout">blocks</aside>.
 * insertBlock() puts a whole block between the paragraphs, never inside one.
 */

import { Node, pm } from "../../django_prose_editor/editor.js";

const { TextSelection, Selection } = pm.state;

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "aside" }],
  renderHTML: () => ["aside", { class: "callout" }, 0],
});

export const PullWords = Node.create({
  name: "pullWords",
  content: "paragraph+",
  defining: true,
  parseHTML: () => [{ tag: "blockquote", context: "pull/", priority: 70 }],
  renderHTML: () => ["blockquote", 0],
});

export const PullSource = Node.create({
  name: "pullSource",
  content: "text*",
  marks: "link italic",
  defining: true,
  parseHTML: () => [{ tag: "figcaption", context: "pull/", priority: 70 }],
  renderHTML: () => ["figcaption", 0],
});

export const PullQuote = Node.create({
  name: "pull",
  group: "block",
  content: "pullWords pullSource",
  isolating: true,
  defining: true,
  parseHTML: () => [
    { tag: "figure.pull", priority: 70 },
    { tag: "figure:has(blockquote):not(:has(img, table))", priority: 60 },
  ],
  renderHTML: () => ["figure", { class: "pull" }, 0],

  addKeyboardShortcuts() {
    return {
      Enter: () => leaveWords(this.editor) || leaveSource(this.editor),
      Backspace: () => isBlankPull(this.editor) && togglePull(this.editor),
    };
  },
});

/** The enclosing node of a type, as {node, depth, from, to}, or null. */
export function around(state, name) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type.name === name) return { node, depth, from: $from.before(depth), to: $from.after(depth) };
  }
  return null;
}

/** Enter in an empty last paragraph of the words goes on to the source. */
function leaveWords({ state, view }) {
  const { $from, empty } = state.selection;
  const words = around(state, "pullWords");
  if (!words || !empty || $from.parent.content.size) return false;
  if (words.node.childCount === 1 || $from.index(words.depth) !== words.node.childCount - 1) return false;
  const tr = state.tr.delete($from.before(), $from.after());
  tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(words.to) + 1)));
  view.dispatch(tr.scrollIntoView());
  return true;
}

/** Enter in the source goes on to a new paragraph below. */
function leaveSource({ state, view }) {
  const pull = around(state, "pull");
  if (!pull || !around(state, "pullSource")) return false;
  const tr = state.tr.insert(pull.to, state.schema.nodes.paragraph.create());
  tr.setSelection(TextSelection.create(tr.doc, pull.to + 1));
  view.dispatch(tr.scrollIntoView());
  return true;
}

function isBlankPull({ state }) {
  const pull = around(state, "pull");
  return Boolean(pull) && state.selection.empty && !pull.node.textContent;
}

function blocksOfPull(pull, schema) {
  const [words, source] = [pull.child(0), pull.child(1)];
  const blocks = [...words.content.content];
  if (source.content.size) blocks.push(schema.nodes.paragraph.create(null, source.content));
  return blocks;
}

function makePull(schema, paragraphs) {
  const { pull, pullWords, pullSource } = schema.nodes;
  return pull.create(null, [pullWords.create(null, paragraphs), pullSource.create()]);
}

/** Turns the chosen paragraphs into a pull quote, or a pull quote into paragraphs. */
export function togglePull(editor) {
  const { state, view } = editor;
  const pull = around(state, "pull");
  const tr = state.tr;
  if (pull) {
    tr.replaceWith(pull.from, pull.to, blocksOfPull(pull.node, state.schema));
    tr.setSelection(Selection.near(tr.doc.resolve(pull.from + 1)));
  } else if (!wrapAsPull(state, tr)) {
    return insertBlock(editor, makePull(state.schema, [state.schema.nodes.paragraph.create()]));
  }
  view.dispatch(tr.scrollIntoView());
  view.focus();
  return true;
}

function wrapAsPull(state, tr) {
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to);
  if (!range || range.depth !== 0) return false;
  const chosen = [];
  for (let i = range.startIndex; i < range.endIndex; i += 1) chosen.push(range.parent.child(i));
  if (!chosen.every((node) => node.isTextblock && !node.type.spec.code)) return false;
  const { paragraph } = state.schema.nodes;
  const node = makePull(state.schema, chosen.map((block) => paragraph.create(null, block.content)));
  tr.replaceWith(range.start, range.end, node);
  const inside = node.textContent ? tr.doc.resolve(range.start + node.nodeSize - 2) : tr.doc.resolve(range.start + 3);
  tr.setSelection(TextSelection.create(tr.doc, inside.pos));
  return true;
}

/** Puts a block in the place of the empty paragraph at the cursor, else below it. */
export function insertBlock({ state, view }, node) {
  const { $from, to } = state.selection;
  const top = $from.depth ? $from.node(1) : null;
  const blank = top?.type.name === "paragraph" && !top.content.size;
  const from = blank ? $from.before(1) : top ? $from.after(1) : to;
  const tr = state.tr.replaceWith(from, blank ? $from.after(1) : from, node);
  const after = from + node.nodeSize;
  if (after === tr.doc.content.size) tr.insert(after, state.schema.nodes.paragraph.create());
  tr.setSelection(Selection.near(tr.doc.resolve(node.isAtom ? after : from + 1)));
  view.dispatch(tr.scrollIntoView());
  view.focus();
  return true;
}
