/**
 * Tables as the server keeps them: one cell a place, heads in the first row or column.
 *
 * settleTables(doc) makes them so in a pasted document, in place; see articles.richtext.tables
 * for the same in the end. What the writer sees after pasting is what will be stored.
 */

const MOST_COLUMNS = 50;
const isHead = (cell) => cell.tagName === "TH";

/** The same element under another name, without its attributes but for those named. */
export function rename(element, name, kept = []) {
  const renamed = element.ownerDocument.createElement(name);
  for (const attribute of kept) {
    if (element.hasAttribute(attribute)) renamed.setAttribute(attribute, element.getAttribute(attribute));
  }
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

export function settleTables(doc) {
  [...doc.querySelectorAll("table")].filter((table) => table.querySelector("table")).forEach(unwrapTable);
  for (const table of doc.querySelectorAll("table")) {
    boldRowToHeads(table);
    splitMerged(table);
    settleHeads([...table.rows].map((row) => [...row.cells]));
  }
}

/** A table that holds tables is there for the layout. */
function unwrapTable(table) {
  const cells = [...table.rows].flatMap((row) => [...row.cells]);
  table.replaceWith(...cells.map((cell) => rename(cell, "div")));
}

function spanOf(cell, name) {
  const value = cell.getAttribute(name) ?? "1";
  return /^\d{1,4}$/.test(value) ? Math.min(MOST_COLUMNS, Math.max(1, Number(value))) : 1;
}

/** Merged cells become single ones: the words stay in the first, a head is repeated in each. */
function splitMerged(table) {
  const rows = [...table.rows];
  const grid = rows.map(() => []);
  rows.forEach((row, top) => {
    let left = 0;
    for (const cell of [...row.cells]) {
      while (grid[top][left]) left += 1;
      spread(grid, cell, top, left);
    }
  });
  const width = Math.min(MOST_COLUMNS, Math.max(0, ...grid.map(({ length }) => length)));
  rows.forEach((row, top) => {
    const cells = Array.from({ length: width }, (_, left) => grid[top][left] ?? table.ownerDocument.createElement("td"));
    row.replaceChildren(...cells);
  });
}

function spread(grid, cell, top, left) {
  const bottom = Math.min(grid.length, top + spanOf(cell, "rowspan"));
  const right = Math.min(MOST_COLUMNS, left + spanOf(cell, "colspan"));
  cell.removeAttribute("rowspan");
  cell.removeAttribute("colspan");
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) grid[y][x] ??= y === top && x === left ? cell : cell.cloneNode(isHead(cell));
  }
}

/** Word and Google Docs know no header cells: a first row all in bold is meant as one. */
function boldRowToHeads(table) {
  const [first, second] = table.rows;
  const boldText = (cell) => [...cell.querySelectorAll("strong, b")].map((bold) => bold.textContent).join("");
  const isBold = (cell) => boldText(cell).trim() === cell.textContent.trim();
  if (!second || table.querySelector("th") || !first.textContent.trim() || ![...first.cells].every(isBold)) return;
  for (const cell of [...first.cells]) {
    cell.querySelectorAll("strong, b").forEach((bold) => bold.replaceWith(...bold.childNodes));
    rename(cell, "th", ["colspan", "rowspan"]);
  }
}

/** Heads stand in a first row that has nothing else, or in the first column; others are cells. Gives whether that row is there. */
export function settleHeads(rows) {
  const headRow = rows.length > 1 && rows[0].every(isHead);
  rows.slice(headRow ? 1 : 0).forEach((cells) => cells.slice(1).filter(isHead).forEach((cell) => rename(cell, "td")));
  return headRow;
}
