"""A body as Markdown: CommonMark with tables, whose text is the body's to the letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from articles.richtext.trees import children_of, parse

SPACE = re.compile(r"[ \t\n\r\f]+")
SPECIAL = re.compile(r"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|!$")
AT_START = re.compile(r"^(?:([#+=>:|-])|(\d{1,9})([.)]))", re.M)
AT_END = re.compile(r"(?<![^ ])(#+)$")
OUTER_BREAKS = re.compile(r"\A(?:\\\n)+|(?:\\\n)+\Z")
BACKTICKS = re.compile(r"`+")
MARKS = {"strong": "**", "em": "*", "s": "~~"}
HEADINGS = {"h2": "##", "h3": "###", "h4": "####"}
BLOCKS = {"p", "ul", "ol", "blockquote", "aside", "figure", "div", "table", "pre", "hr", *HEADINGS}
KEPT = {"sub", "sup"}
"""For which Markdown has no mark: they stay HTML, which it may hold."""
WRITTEN = {"-text", "br", "img", "code", *MARKS, *KEPT}


def markdown(html: str) -> str:
    """The Markdown of rendered or cleaned HTML, a newline at its end; '' for nothing. About 1 ms for 10 kB."""
    body = parse(html).body
    found = "\n\n".join(flow(body)) if body else ""
    return f"{found}\n" if found else ""


def flow(node: LexborNode) -> list[str]:
    """The blocks of an element; inline content between them is a paragraph."""
    found: list[str] = []
    run: list[LexborNode] = []
    last = ""
    for child in [*children_of(node), None]:
        if child is not None and child.tag not in BLOCKS:
            run.append(child)
            continue
        if text := paragraph(run):
            found.append(text)
            last = ""
        run = []
        if child is not None and (made := block(child, other_marker=child.tag == last)):
            found += made
            # Two lists that follow one another would be one, were their markers the same.
            last = "" if child.tag == last or child.tag not in {"ul", "ol"} else child.tag or ""
    return found


def block(node: LexborNode, *, other_marker: bool = False) -> list[str]:
    """The blocks that an element on its own line makes."""
    tag = node.tag or ""
    if tag == "p":
        return [text] if (text := paragraph(children_of(node))) else []
    if tag in HEADINGS:
        words = one_line("".join(inline(children_of(node), in_heading=True)))
        return [heading(HEADINGS[tag], words)] if words else []
    if tag in {"ul", "ol"}:
        return [listed(node, other_marker)] if node.css_first("li") else []
    if tag in {"blockquote", "aside"}:
        return [quoted(flow(node))]
    if tag == "figure":
        return figure(node)
    if tag == "table":
        return table(node)
    if tag == "pre":
        return [fence(node.text())]
    return ["---"] if tag == "hr" else flow(node)


def paragraph(nodes: list[LexborNode]) -> str:
    lines = [line.strip(" ") for line in "".join(inline(nodes)).split("\\\n")]
    return OUTER_BREAKS.sub("", "\\\n".join(AT_START.sub(begin, line) for line in lines))


def heading(mark: str, words: str) -> str:
    return f"{mark} {AT_END.sub(begin, words)}"


def begin_line(text: str) -> str:
    """Plain text as a line of its own."""
    return AT_START.sub(begin, escape(one_line(text)))


def begin(found: re.Match) -> str:
    """What would begin a heading, a list or a quotation, or end a heading, as the text that it is."""
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def quoted(blocks: list[str]) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in "\n\n".join(blocks).split("\n"))


def listed(node: LexborNode, other_marker: bool) -> str:
    number = (
        int(node.attributes.get("start") or 1) if node.tag == "ol" and (node.attributes.get("start") or "1").isdecimal() else 1
    )
    items = []
    for place, item in enumerate(child for child in node.iter() if child.tag == "li"):
        marker = ("*" if other_marker else "-") if node.tag == "ul" else f"{number + place}{')' if other_marker else '.'}"
        blocks = flow(item)
        tight = all(child.tag in {"ul", "ol"} for child in item.iter() if child.tag in BLOCKS)
        text = ("\n" if tight else "\n\n").join(blocks)
        items.append(f"{marker} {text}".replace("\n", f"\n{' ' * (len(marker) + 1)}").rstrip())
    return "\n".join(re.sub(r"\n +(?=\n)", "\n", item) for item in items)


def figure(node: LexborNode) -> list[str]:
    """Picture and caption are one paragraph; a quotation has its caption behind it, a table before it."""
    caption = node.css_first("figcaption")
    words = paragraph(children_of(caption)) if caption else ""
    if image := node.css_first("img"):
        return [f"{picture(image)}\\\n{words}" if words else picture(image)]
    inner = [made for child in node.iter() if child.tag != "figcaption" for made in block(child)]
    return [*inner, words] if words else inner


def picture(image: LexborNode) -> str:
    return picture_of(image.attributes.get("alt") or "", image.attributes.get("src") or "")


def picture_of(alt: str, address: str) -> str:
    return f"![{escape(one_line(alt))}]({target(address)})"


def table(node: LexborNode) -> list[str]:
    caption = node.css_first("caption")
    title = escape(one_line(caption.text())) if caption else ""
    head, *rest = [[cell(child) for child in row.iter() if child.tag in {"th", "td"}] for row in node.css("tr")] or [[]]
    if not node.css_first("thead"):
        head, rest = [""] * len(head), [head, *rest]
    lines = [head, ["---"] * len(head), *rest]
    rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return [*([f"**{title}**"] if title else []), rows] if head else []


def cell(node: LexborNode) -> str:
    return one_line(" ".join(text.replace("\\\n", " ") for text in cell_parts(node))).replace("|", "\\|")


def cell_parts(node: LexborNode) -> Iterator[str]:
    """The inline content of a cell, whatever blocks it stands in."""
    run: list[LexborNode] = []
    for child in children_of(node):
        if child.tag in BLOCKS or child.tag == "li":
            yield "".join(inline(run))
            yield from cell_parts(child)
            run = []
        else:
            run.append(child)
    yield "".join(inline(run))


def fence(text: str) -> str:
    mark = "`" * max(3, longest_run(text) + 1)
    return f"{mark}\n{text.rstrip(chr(10))}\n{mark}"


def longest_run(text: str) -> int:
    return max(map(len, BACKTICKS.findall(text)), default=0)


# --- inside a line ------------------------------------------------------------------------------------------------------


def inline(nodes: list[LexborNode], *, in_heading: bool = False) -> list[str]:
    """The pieces of a line; a break is a backslash at its end, in a heading a space."""
    found: list[str] = []
    nodes = list(said_of(nodes, in_heading))
    for place, node in enumerate(nodes):
        tag = node.tag or ""
        if tag == "-text":
            text = SPACE.sub(" ", node.text(deep=False))
            found.append(escape(text, before_link=place + 1 < len(nodes)))
        elif tag == "br":
            found.append(" " if in_heading else "\\\n")
        elif tag == "img":
            found.append(picture(node))
        elif tag == "code":
            found.append(code(node.text(), "".join(found)[-1:]))
        elif tag in MARKS:
            after = nodes[place + 1].text() if place + 1 < len(nodes) else ""
            found.append(marked(node, "".join(found)[-1:], after[:1], in_heading))
        elif tag in KEPT:
            found.append(f"<{tag}>{''.join(inline(children_of(node), in_heading=in_heading))}</{tag}>")
        else:
            found.append(f"[{''.join(inline(children_of(node)))}]({target(node.attributes.get('href') or '')})")
    return found


def said_of(nodes: list[LexborNode], in_heading: bool) -> Iterator[LexborNode]:
    """The nodes, with their content in the place of elements for which nothing is written."""
    for node in nodes:
        is_link = node.tag == "a" and not in_heading and node.attributes.get("href")
        if is_link or node.tag in WRITTEN:
            yield node
        else:
            yield from said_of(children_of(node), in_heading)


def marked(node: LexborNode, before: str, after: str, in_heading: bool) -> str:
    """Emphasis by its mark; by its element where Markdown would take the mark for text, by what stands on both sides."""
    tag = node.tag or ""
    text = "".join(inline(children_of(node), in_heading=in_heading))
    words = text.strip(" ")
    if not words:
        return text
    lead, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    opens = words[0].isalnum() or not (before.isalnum() or before == "*") or lead
    closes = words[-1].isalnum() or not after.isalnum() or tail
    clear = before not in {"*", "~"} and not {"*", "~"} & {words[0], words[-1]} and not words.endswith("\\\n")
    mark = MARKS[tag]
    inner = f"{mark}{words}{mark}" if opens and closes and clear else f"<{tag}>{words}</{tag}>"
    return f"{lead}{inner}{tail}"


def code(text: str, before: str) -> str:
    text = SPACE.sub(" ", text)
    if before == "`" or "]:" in text:
        return f"<code>{escape(text)}</code>"
    if not text.strip(" "):
        return text
    mark = "`" * (longest_run(text) + 1)
    gap = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{mark}{gap}{text}{gap}{mark}"


def escape(text: str, *, before_link: bool = False) -> str:
    """Text in which Markdown finds nothing to read but words."""
    escaped = SPECIAL.sub(lambda found: f"\\{found[0]}", text if before_link or not text.endswith("!") else f"{text} ")
    return escaped if before_link or not text.endswith("!") else escaped[:-1]


def target(address: str) -> str:
    """An address as a link has it: in angle brackets where it could end too early."""
    address = SPACE.sub("%20", address.strip()).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"<{address}>" if re.search(r"[()]", address) or not address else address


def one_line(text: str) -> str:
    return SPACE.sub(" ", text).strip(" ")
