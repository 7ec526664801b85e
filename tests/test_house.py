"""The rules of the house that a machine can hold."""

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
APPS = ("site_config", "articles", "comments")
LONGEST_FILE = 300
MARKS = re.compile(r"\b(?:mark_safe|SafeString|SafeText)\s*\(|def __html__")
MAY_MARK = {"articles/richtext/rendering.py", "comments/render.py"}
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off|{%\s*filter\s+.*safe")
INLINE_STYLE = re.compile(r"<[^>]*\sstyle\s*=|<style[\s>]", re.I)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.I)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.I | re.S)
# In two pieces, so that this file does not name them.
MACHINES = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/")
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "art" + "ifactory",
)


def tracked() -> list[Path]:
    """The files of the repository; without git, all that stand beside the code."""
    if (HOUSE / ".git").exists():
        names = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=True, text=True).stdout
        return [HOUSE / name for name in names.split("\0") if name and (HOUSE / name).is_file()]
    return [
        file
        for name in (*APPS, "templates", "tests")
        for file in (HOUSE / name).rglob("*.*")
        if "node_modules" not in file.parts
    ]


def text_of(file: Path) -> str | None:
    """What it says, or None if it is no text."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def name_of(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


def code() -> list[Path]:
    return [file for app in APPS for file in sorted((HOUSE / app).rglob("*.py"))]


def templates() -> list[Path]:
    return [
        file
        for folder in ("templates", *APPS)
        for file in sorted((HOUSE / folder).rglob("*.html"))
        if "content" not in file.parts
    ]


def modules() -> list[str]:
    found = []
    for app in APPS:
        found.append(app)
        walk = pkgutil.walk_packages([str(HOUSE / app)], f"{app}.", onerror=lambda name: None)
        found += [module.name for module in walk if ".migrations." not in module.name]
    return found


def test_there_is_something_to_judge():
    assert len(code()) > 80
    assert len(templates()) > 20
    assert len(tracked()) > 150


def test_html_is_marked_as_safe_in_two_modules_only():
    assert {name_of(file) for file in code() if MARKS.search(file.read_text())} <= MAY_MARK


def test_no_template_prints_anything_unescaped():
    assert [name_of(file) for file in templates() if UNESCAPED.search(file.read_text())] == []


@pytest.mark.parametrize("rule", [INLINE_STYLE, INLINE_HANDLER], ids=["style", "handler"])
def test_no_template_has_inline_style_or_handlers(rule):
    assert [(name_of(file), rule.search(file.read_text())[0]) for file in templates() if rule.search(file.read_text())] == []


def test_no_template_has_an_inline_script():
    for file in templates():
        for attributes, content in SCRIPT.findall(file.read_text()):
            assert "application/ld+json" in attributes or ("src=" in attributes and not content.strip()), name_of(file)


def test_code_that_makes_html_writes_no_inline_style_or_handlers():
    for file in code():
        for rule in (INLINE_STYLE, INLINE_HANDLER):
            assert not rule.search("\n".join(strings_of(file))), name_of(file)


def strings_of(file: Path) -> list[str]:
    """The string literals of a module that hold HTML."""
    tree = ast.parse(file.read_text())
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text for text in found if re.match(r"\s*<[a-z]", text)]


def test_a_file_fits_in_a_readers_head():
    long = {name_of(file): lines for file in code() if (lines := file.read_text().count("\n")) >= LONGEST_FILE}
    assert long == {}


def test_the_readme_begins_with_the_two_commands():
    blocks = re.findall(r"^```\w*\n(.*?)^```", (HOUSE / "README.md").read_text(), re.M | re.S)
    assert [block.strip() for block in blocks[:2]] == ["python3 manage.py quickstart", "python3 manage.py test"]


@pytest.mark.parametrize("words", [MACHINES, REGISTRIES], ids=["machines", "registries"])
def test_no_file_knows_the_machine_it_was_written_on(words):
    """Nor where packages were fetched: both differ with each reader."""
    found = []
    for file in tracked():
        text = text_of(file) or ""
        found += [(name_of(file), word) for word in words if word in text]
    assert found == []


@pytest.mark.parametrize("name", modules())
def test_every_module_can_be_imported(name):
    importlib.import_module(name)


def test_no_signals_of_models_are_received():
    signals = re.compile(r"\b(?:pre|post)_(?:save|delete|init)\b|\bm2m_changed\b")
    assert [name_of(file) for file in code() if signals.search(file.read_text())] == []


def test_nothing_is_named_for_no_job():
    assert [
        name_of(file) for file in code() if file.stem in {"utils", "helpers", "services", "managers", "misc", "common"}
    ] == []


def test_every_test_stands_beside_what_it_tests():
    """`tests/articles/test_slugs.py` for `articles/slugs.py`: a folder of tests is a folder of the code."""
    folders = {file.parent for app in APPS for file in (HOUSE / "tests" / app).rglob("test_*.py")}
    assert [name_of(folder) for folder in sorted(folders) if not (HOUSE / folder.relative_to(HOUSE / "tests")).is_dir()] == []
