"""Every public page is valid HTML, by html-validate's rules for the standard (tests/tools)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from http import HTTPStatus

import pytest

from tests.e2e.journeys import ARTICLE
from tests.lacking import TOOLS, lacking

PAGES = {
    "front": "/",
    "article": ARTICLE,
    "article-discussed": "/much-discussed/",
    "article-newest": "/much-discussed/?sort=newest",
    "article-picks": "/much-discussed/?sort=picks",
    "tags": "/tag/",
    "tag": "/tag/openai/",
    "tag-end": "/tag/openai/?before=1",
    "author": "/by/technology-desk/",
    "year": "/2025/",
    "corrections": "/corrections/",
    "corrections-end": "/corrections/?before=1",
    "series": "/series/open-or-closed/",
    "about": "/about/",
    "rules": "/rules/",
    "privacy": "/privacy/",
    "404": "/nothing-is-here/",
    "410": "/taken-back/",
    "400": "/?q=%FF",
    "comment": "/comments/on/{article}/",
    "passages": "/comments/on/{article}/passages/",
    "reply": "/comments/{comment}/reply/",
    "comment-waits": "/comments/{held}/",
    "draft": "/draft/{token}/",
    "draft-gone": "/draft/1.nothing/",
    "login": "/accounts/login/",
    "forgot": "/accounts/password/reset/",
    "link-used": "/accounts/password/reset/key/1-nothing-at-all/",
}


@pytest.fixture(scope="module")
def checker():
    if not shutil.which("npx") or not (TOOLS / "node_modules").is_dir():
        lacking("html-validate is not installed (npm ci --ignore-scripts in tests/tools)")

    def check(folder) -> None:
        command = ["npx", "--no-install", "html-validate", "--config", "htmlvalidate.json", "--formatter", "json", str(folder)]
        done = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True, timeout=120)
        assert done.stdout.startswith("["), done.stderr
        found = [
            f"{result['filePath'].rpartition('/')[2]}:{message['line']}: {message['ruleId']}: {message['message']}"
            for result in json.loads(done.stdout)
            for message in result["messages"]
        ]
        assert found == []

    return check


def test_every_public_page_is_valid(browser, site, seeded, checker, tmp_path):
    context = browser.new_context(base_url=site.url)
    for name, path in PAGES.items():
        answer = context.request.get(path.format(**seeded))
        assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8", path
        (tmp_path / f"{name}.html").write_bytes(answer.body())
    for name, form in {
        "errors": {"name": "", "text": ""},
        "preview": {"name": "Ines", "text": "> *So*", "preview": "1"},
        "passage": {"about": "1", "exact": "words that <stand> nowhere", "name": "Ines", "text": "So", "post": "1"},
    }.items():
        (tmp_path / f"comment-{name}.html").write_bytes(sent(context, seeded, form))
    own = sent(context, seeded, {"name": "Ines", "text": "https://example.org/", "post": "1"})
    (tmp_path / "comment-own.html").write_bytes(own)
    for path, name in re.findall(r'href="(/comments/\d+/(edit|delete)/\?c=[^"]+)"', own.decode()):
        (tmp_path / f"comment-{name}.html").write_bytes(context.request.get(path).body())
    assert (tmp_path / "comment-delete.html").exists()
    context.close()
    checker(tmp_path)


def sent(context, seeded, form: dict[str, str]) -> bytes:
    """The page that answers a comment sent with this form."""
    path = f"/comments/on/{seeded['article']}/"
    token = re.search(r'name="token" value="([^"]+)"', context.request.get(path).text())[1]
    return context.request.post(path, form={"token": token, **form}).body()
