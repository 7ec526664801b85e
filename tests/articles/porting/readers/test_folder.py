import pytest

from articles.porting.readers import folder as module
from articles.porting.readers.folder import read
from articles.porting.records import BadRecord
from tests.factories import picture_bytes


@pytest.fixture
def folder(tmp_path):
    """A folder to import; `write(name, body, **front)` puts a file into it."""
    return tmp_path / "in"


@pytest.fixture
def write(folder):
    def write(name: str, body: str = "Body", **front) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{key}: {value}" for key, value in {"title": "One", **front}.items()]
        file.write_text("\n".join(["---", *lines, "---", body]), encoding="utf-8")

    return write


def only(folder):
    (record,) = read(folder)
    if isinstance(record, BadRecord):
        raise record
    return record


def picture(folder, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(picture_bytes())


def test_it_works(folder, write):
    picture(folder, "images/lead.png")
    picture(folder, "images/a b.png")
    write(
        "deep/one-two.md",
        "# Head\n\nSome *words*, ~~gone~~.\n\n![Alt](../images/a%20b.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        subtitle="Sub", summary="Sum", date="2025-02-11", byline="[Ann, Bob]", tags="x, y", language="fr",
        image="../images/lead.png", image_alt="Lead alt", image_credit="Somebody",
    )  # fmt: skip
    record = only(folder)
    assert (record.source_id, record.title, record.slug, record.kind) == ("folder:deep/one-two.md", "One", "one-two", "article")
    assert (record.subtitle, record.summary, record.language, record.draft) == ("Sub", "Sum", "fr", False)
    assert (record.bylines, record.tags) == (("Ann", "Bob"), ("x", "y"))
    assert "<h1>Head</h1>" in record.body
    assert "<s>gone</s>" in record.body
    assert "<td>1</td>" in record.body
    assert record.lead.file == folder / "images/lead.png"
    assert (record.lead.alt, record.lead.credit) == ("Lead alt", "Somebody")
    assert {source: found.file.name for source, found in record.pictures.items()} == {"../images/a%20b.png": "a b.png"}


def test_html_is_taken_as_it_is(folder, write):
    write("one.html", "<p>*not* Markdown</p>")
    assert only(folder).body == "<p>*not* Markdown</p>"


def test_without_title_or_slug_the_name_serves(folder, write):
    write("the-first.md", title="")
    record = only(folder)
    assert (record.title, record.slug) == ("the first", "the-first")


def test_other_files_are_left_alone(folder, write):
    write("one.md")
    for name in (".hidden.md", "notes.txt", "picture.png", "README"):
        (folder / name).write_text("x")
    (folder / "folder.md").mkdir()
    assert len(list(read(folder))) == 1


def test_files_come_by_name(folder, write):
    for name in ("b.md", "a.markdown", "c/a.HTML", "d.htm"):
        write(name)
    assert [record.source_id for record in read(folder)] == [
        "folder:a.markdown",
        "folder:b.md",
        "folder:c/a.HTML",
        "folder:d.htm",
    ]


def test_a_broken_file_stops_none_of_the_others(folder, write):
    write("a.md")
    write("c.md")
    (folder / "b.md").write_text("no front matter")
    found = list(read(folder))
    assert [isinstance(record, BadRecord) for record in found] == [False, True, False]
    assert str(found[1]).startswith("b.md: ")


def test_a_file_that_is_not_utf8_is_told_where(folder, write):
    write("one.md")
    (folder / "one.md").write_bytes("---\ntitle: Ménage\n---\n".encode("latin-1"))
    with pytest.raises(BadRecord, match=r"^one\.md: not UTF-8 at byte 12\. Save the file as UTF-8\.$"):
        only(folder)


def test_a_file_that_is_too_large_is_not_read(folder, write, monkeypatch):
    write("one.md")
    monkeypatch.setattr(module, "LARGEST", 10)
    with pytest.raises(BadRecord, match=r"^one\.md: larger than"):
        only(folder)


def test_a_file_that_cannot_be_read_is_told(folder, write, monkeypatch):
    write("one.md")

    def refuse(file):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.Path, "read_bytes", refuse)
    with pytest.raises(BadRecord, match=r"^one\.md: cannot be read \(Permission denied\)\.$"):
        only(folder)


def test_a_link_out_of_the_folder_is_not_followed(folder, write, tmp_path):
    write("one.md")
    (tmp_path / "secret.md").write_text("---\ntitle: Secret\n---\n")
    (folder / "one.md").unlink()
    (folder / "one.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(BadRecord, match=r"^one\.md: leads out of the folder"):
        only(folder)


def test_a_name_that_is_too_long_for_the_database_is_told(folder, write):
    write("/".join(["x" * 60] * 4) + "/one.md")
    with pytest.raises(BadRecord, match="190 is the most"):
        only(folder)


@pytest.mark.parametrize(
    "source", ["../secret.png", "../../etc/passwd", "/etc/passwd", "%2e%2e/secret.png", "a/../../secret.png", "link.png"]
)
def test_a_picture_outside_the_folder_is_refused(folder, write, tmp_path, source):
    (tmp_path / "secret.png").write_bytes(picture_bytes())
    write("one.md", f"![x]({source})")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(BadRecord, match="lies outside the folder"):
        only(folder)
    write("one.md", image=f'"{source}"')
    with pytest.raises(BadRecord, match="lies outside the folder"):
        only(folder)


@pytest.mark.parametrize("source", ["none.png", "images", "%00.png", "x" * 300 + ".png", "?", "one.md/x.png", "\u202e.png"])
def test_a_picture_that_is_not_there_is_told(folder, write, source):
    (folder / "images").mkdir(parents=True)
    write("one.html", f'<img src="{source}">')
    with pytest.raises(BadRecord, match=r"^one\.html: the picture .* is not there\.$"):
        only(folder)


@pytest.mark.parametrize(
    "source", ["https://example.org/x.png", "//example.org/x.png", "data:image/png;base64,AA==", "HTTP://x/y.png"]
)
def test_pictures_from_elsewhere_are_not_looked_for(folder, write, source):
    write("one.html", f'<img src="{source}">')
    assert only(folder).pictures == {}


def test_the_digest_moves_with_text_and_pictures_and_not_with_line_ends(folder, write):
    picture(folder, "x.png")
    write("one.md", "![x](x.png)\nline")
    first = only(folder).digest
    file = folder / "one.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert only(folder).digest == first
    (folder / "x.png").write_bytes(picture_bytes(colour="red"))
    second = only(folder).digest
    assert second != first
    write("one.md", "![x](x.png)\nother line")
    assert only(folder).digest not in {first, second}


@pytest.mark.parametrize("name", ["one.md", "one.html"])
def test_html_that_nests_too_deep_never_reaches_a_parser(folder, write, name):
    write(name, "<div>" * 100_000)
    with pytest.raises(BadRecord, match="nests too many elements"):
        only(folder)


def test_front_matter_is_told_with_file_and_line(folder, write):
    write("one.md", subtitle="a: b")
    with pytest.raises(BadRecord, match=r"^one\.md: line 3 of the front matter"):
        only(folder)


def test_a_very_long_alternative_is_shortened_for_the_library(folder, write):
    picture(folder, "x.png")
    write("one.md", f"![{'word ' * 200}](x.png)")
    assert len(only(folder).pictures["x.png"].alt) <= 500
