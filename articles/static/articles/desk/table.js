/**
 * Tables with a caption, header row and header column.
 *
 * The caption is an attribute of the table, because a caption among its child
 * nodes would break the table map. Heads are the whole first row, the whole first
 * column or both: setHeads() keeps them so when rows and columns are added.
 * Tab goes from cell to cell and leaves the table behind the last one.
 */

import { Extension, Table, TableCell, TableHeader, TableRow, pm } from "../../django_prose_editor/editor.js";
import { around, insertBlock } from "./blocks.js";
import { openDialog } from "./dialog.js";
import { el, say } from "./dom.js";

const { TableMap, rowIsHeader, columnIsHeader, selectedRect, isInTable } = pm.tables;

function tableView(first) {
  const caption = el("caption", { contenteditable: "false" });
  const contentDOM = el("tbody");
  const dom = el("div", { class: "desk-table" }, el("table", {}, caption, contentDOM));
  const update = (node) => {
    if (node.type !== first.type) return false;
    caption.textContent = node.attrs.caption;
    caption.hidden = !node.attrs.caption;
    return true;
  };
  update(first);
  return { dom, contentDOM, update, ignoreMutation: ({ type, target }) => type !== "selection" && !contentDOM.contains(target) };
}

const hasClass = (name) => ({ default: false, rendered: false, parseHTML: (table) => table.classList.contains(name) });

const DeskTable = Table.extend({
  addAttributes() {
    return {
      caption: {
        default: "",
        rendered: false,
        parseHTML: (table) => table.querySelector(":scope > caption")?.textContent.replace(/\s+/g, " ").trim() ?? "",
      },
      wide: hasClass("wide"),
    };
  },
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  renderHTML({ node }) {
    const { caption, wide } = node.attrs;
    const parts = caption ? [["caption", caption], ["tbody", 0]] : [["tbody", 0]];
    return ["table", { class: wide ? "wide" : null }, ...parts];
  },
  addNodeView: () => ({ node }) => tableView(node),
  addKeyboardShortcuts() {
    return {
      ...this.parent?.(),
      Tab: () => this.editor.commands.goToNextCell(),
      "Shift-Tab": () => this.editor.commands.goToPreviousCell(),
    };
  },
});

// The stock cells write `align` as an inline style, which the CSP refuses.
const spans = {
  addAttributes: () => ({
    colspan: { default: 1 },
    rowspan: { default: 1 },
    colwidth: { default: null, rendered: false, parseHTML: () => null },
  }),
};

/**
 * Tab in the edge cell belongs to the browser, as does Tab after Escape. It is
 * taken before all keymaps, since a list in that cell would also want it.
 */
const LeaveByTab = Extension.create({
  name: "leaveByTab",
  addProseMirrorPlugins() {
    let escaped = false;
    const keydown = (view, event) => {
      const leaving = event.key === "Tab" && (escaped || atEdge(view.state, event.shiftKey));
      escaped = event.key === "Escape" || (escaped && event.key === "Shift");
      return leaving;
    };
    return [new pm.state.Plugin({ props: { handleDOMEvents: { keydown } } })];
  },
});

function atEdge(state, backwards) {
  if (!isInTable(state)) return false;
  const { map, left, right, top, bottom } = selectedRect(state);
  return backwards ? left === 0 && top === 0 : right === map.width && bottom === map.height;
}

export const tableExtensions = [
  DeskTable.configure({ View: null }), TableRow, TableCell.extend(spans), TableHeader.extend(spans), LeaveByTab,
];

/** {row, column}: is the first row (column) of the table at the cursor a header? */
export function headersAt(state) {
  const found = around(state, "table");
  if (!found) return { row: false, column: false };
  const map = TableMap.get(found.node);
  return { row: rowIsHeader(map, found.node, 0), column: columnIsHeader(map, found.node, 0) };
}

/** A command of a chain: makes heads of the first row and column of the table at the cursor, as asked, and of nothing else. */
const setHeads = (heads) => ({ tr, state }) => {
  const found = around(tr, "table");
  if (!found) return false;
  const { map, width } = TableMap.get(found.node);
  map.forEach((place, index) => {
    const isHead = (heads.row && index < width) || (heads.column && index % width === 0);
    const type = state.schema.nodes[isHead ? "tableHeader" : "tableCell"];
    const position = found.from + 1 + place;
    const cell = tr.doc.nodeAt(position);
    if (cell.type !== type) tr.setNodeMarkup(position, type, cell.attrs);
  });
  return true;
};

/** Adds a row or column by a stock command; the heads stay where they were. */
export function grow(editor, command) {
  const heads = headersAt(editor.state);
  editor.view.focus();
  editor.chain()[command]().command(setHeads(heads)).run();
}

export function toggleHeads(editor, which) {
  const heads = headersAt(editor.state);
  editor.view.focus();
  editor.chain().command(setHeads({ ...heads, [which]: !heads[which] })).run();
}

export const CAPTION = () => ({ name: "caption", label: say("Caption"), hint: say("Says what the table shows; printed above it.") });
export const WIDE = () => ({ name: "wide", type: "checkbox", label: say("Wide: let it reach into the margin") });

/** A table node; `words` are the texts of its first row. */
export function makeTable(schema, { rows, columns, headerRow, headerColumn, caption, wide, words = [] }) {
  const { table, tableRow, tableCell, tableHeader, paragraph } = schema.nodes;
  const range = (length) => Array.from({ length }, (_, index) => index);
  const cell = (row, column) => {
    const heads = (headerRow && row === 0) || (headerColumn && column === 0);
    const text = row === 0 && words[column] ? schema.text(words[column]) : null;
    return (heads ? tableHeader : tableCell).create(null, paragraph.create(null, text));
  };
  const line = (row) => tableRow.create(null, range(columns).map((column) => cell(row, column)));
  return table.create({ caption, wide }, range(rows).map(line));
}

function checkSize({ rows, columns }) {
  const errors = {};
  if (!(rows >= 1 && rows <= 100)) errors.rows = say("Enter a number of rows from 1 to 100.");
  if (!(columns >= 1 && columns <= 20)) errors.columns = say("Enter a number of columns from 1 to 20.");
  return errors;
}

export async function insertTable(editor) {
  const fields = [
    { name: "rows", type: "number", label: say("Rows"), value: 3, min: 1, max: 100 },
    { name: "columns", type: "number", label: say("Columns"), value: 3, min: 1, max: 20 },
    { name: "headerRow", type: "checkbox", label: say("The first row holds headings"), value: true },
    { name: "headerColumn", type: "checkbox", label: say("The first column holds headings"), value: false },
    CAPTION(), WIDE(),
  ];
  const { result } = openDialog({ title: say("Insert a table"), submit: say("Insert"), fields, check: checkSize });
  const values = await result;
  editor.view.focus();
  if (!values) return;
  const size = { rows: Number(values.rows), columns: Number(values.columns) };
  insertBlock(editor, makeTable(editor.schema, { ...values, ...size }));
}

export async function editTable(editor) {
  const { caption, wide } = editor.getAttributes("table");
  const fields = [{ ...CAPTION(), value: caption }, { ...WIDE(), value: wide }];
  const { result } = openDialog({ title: say("Table"), submit: say("Save"), fields });
  const values = await result;
  if (values) editor.chain().focus().updateAttributes("table", values).run();
  else editor.view.focus();
}
