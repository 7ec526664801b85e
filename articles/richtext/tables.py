"""Tables as readers and screen readers need them: one cell a place, heads marked as heads."""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

MOST_COLUMNS = 50
STACKED_UP_TO = 4
Cell = tuple[str, bool]  # inner HTML, whether it is a head


def rebuild(table: LexborNode) -> str:
    """The table's HTML with caption, thead and tbody; merged cells are split, the text in the first of them.

    A first row of heads becomes the thead, whether it was marked so or not; other heads in a first column
    are heads of their row. A head that spanned several columns is repeated in each.
    """
    rows = grid(table)
    rows = [row for row in rows if row]
    heads = 1 if rows and len(rows) > 1 and all(is_head for _, is_head in rows[0]) else 0
    caption = table.css_first("caption")
    title = (caption.text() or "").strip() if caption else ""
    parts = [f"<table{class_of(table, rows)}>"]
    if title:
        parts.append(f"<caption>{escape(title, quote=False)}</caption>")
    if heads:
        parts.append(f"<thead>{row_html(rows[0], head=True)}</thead>")
    parts.append("<tbody>" + "".join(row_html(row, head=False) for row in rows[heads:]) + "</tbody></table>")
    return "".join(parts)


def class_of(table: LexborNode, rows: list[list[Cell]]) -> str:
    names = set((table.attributes.get("class") or "").split()) & {"wide"}
    if rows and len(rows[0]) <= STACKED_UP_TO:
        names.add("stack")
    return f' class="{" ".join(sorted(names))}"' if names else ""


def row_html(row: list[Cell], *, head: bool) -> str:
    cells = []
    for place, (content, is_head) in enumerate(row):
        if head:
            cells.append(f'<th scope="col">{content}</th>')
        elif is_head and place == 0:
            cells.append(f'<th scope="row">{content}</th>')
        else:
            cells.append(f"<td>{content}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def grid(table: LexborNode) -> list[list[Cell]]:
    """The cells by row and column, each row of the same length."""
    places: dict[tuple[int, int], Cell] = {}
    rows = [row for row in table.css("tr") if nearest_table(row) == table.mem_id]
    for y, row in enumerate(rows):
        x = 0
        for cell in row.iter():
            if cell.tag not in {"td", "th"}:
                continue
            while (y, x) in places:
                x += 1
            spread(places, cell, y, x, len(rows))
    width = min(MOST_COLUMNS, max((x + 1 for _, x in places), default=0))
    return [[places.get((y, x), ("", False)) for x in range(width)] for y in range(len(rows))]


def spread(places: dict[tuple[int, int], Cell], cell: LexborNode, y: int, x: int, height: int) -> None:
    is_head = cell.tag == "th"
    content = (cell.inner_html or "").strip()
    for down in range(min(span(cell, "rowspan"), height - y)):
        for right in range(min(span(cell, "colspan"), MOST_COLUMNS - x)):
            first = not down and not right
            places.setdefault((y + down, x + right), (content if first or is_head else "", is_head))


def span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(MOST_COLUMNS, max(1, int(value))) if re.fullmatch("[0-9]{1,4}", value) else 1


def nearest_table(node: LexborNode) -> int | None:
    parent = node.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent.mem_id if parent is not None else None
