"""`python3 -m tests.bench.anatomy`: what it costs to draw a page that is not kept, in CPU time of this one process.

Whole requests through Django's own handler, page store off, gzip, nobody signed in. The site stands in a scratch
folder: the first article (1,300 words, two tables) with COMMENTS comments, then MORE articles beside it for the lists.

A busy machine runs the same code at half its pace. So a fixed piece of work, the yardstick, is timed beside every
request, and times are given as of a processor that needs QUIET milliseconds for it: `--raw` gives them as they were.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

REQUESTS = 300
QUIET = 0.35
COMMENTS = 100
WORDS = 45
MORE = 120
ARTICLE = "/the-power-struggle-in-ai/"
LISTS = ("/", "/tag/", "/tag/openai/", "/by/technology-desk/", "/2025/", "/feed/", "/feed/tag/openai/", "/sitemap.xml")


def build(folder: str) -> None:
    """The site with its first article and the conversation, all through the verbs."""
    os.environ |= {"MASTHEAD_DATA": folder, "MASTHEAD_PAGE_STORE_MB": "0", "SECRET_KEY": "bench", "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_config.settings"
    import django

    django.setup()
    from django.conf import settings

    from site_config.operations import preparing

    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg"]  # it takes longer than all the rest
    for step in (preparing.prepare_database, preparing.collect_static_files, preparing.load_content):
        step(lambda words: None)
    discuss()


def discuss() -> None:
    """COMMENTS comments of WORDS words each, three of four in answer to the one before."""
    from articles.models import Article
    from comments import posting

    article = Article.objects.get(slug=ARTICLE.strip("/"))
    words, dice, last = article.plain_text.split(), random.Random(20), None
    for number in range(COMMENTS):
        start = dice.randrange(len(words) - WORDS)
        said: dict[str, Any] = {"name": f"Reader {number}", "text": " ".join(words[start : start + WORDS])}
        parent = last if number % 4 else None
        last = posting.post_comment(article, parent=parent, address=f"192.0.2.{number}", **said).comment


def add_articles() -> None:
    """MORE articles with the first one's text, tags and byline, one a day before it."""
    from datetime import timedelta

    from articles import publishing, revisions
    from articles.models import Article

    first = Article.objects.get(slug=ARTICLE.strip("/"))
    for day in range(1, MORE + 1):
        made = revisions.save(None, {**first.newest.data, "slug": f"a-{day}", "title": f"Article {day}"}, by=None).article
        publishing.publish(made, by=None)
        with publishing.pages.changing("lists"):
            Article.objects.filter(pk=made.pk).update(published_at=first.published_at - timedelta(days=day))


class Asker:
    """Asks the WSGI application for pages, as a reader without cookies."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.host = settings.SITE_URL.split("//")[1]

    def __call__(self, path: str) -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": self.host, "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_USER_AGENT": "Mozilla/5.0", "HTTP_ACCEPT": "text/html", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }  # fmt: skip
        began: list[str] = []
        answer = self.application(environ, lambda status, headers, error=None: began.append(status))
        body = b"".join(answer)
        answer.close()
        if began != ["200 OK"]:
            raise RuntimeError(f"{path} was answered {began}")
        return body


def yardstick() -> int:
    """Plain Python of the kind that draws pages: numbers, text, a dictionary. Its nanoseconds of CPU."""
    before, seen = time.process_time_ns(), {}
    for number in range(2000):
        seen[number % 100] = text = str(number)
        before += len(text) - len(seen[number % 100])
    return time.process_time_ns() - before


def pace(spent: int, beside: int) -> float:
    """Nanoseconds as they were measured, as milliseconds of the undisturbed processor."""
    return spent / 1e6 if "--raw" in sys.argv else spent / beside * QUIET


def cost(ask: Callable[[str], bytes], path: str, count: int = REQUESTS) -> float:
    """The median CPU time of a request, in milliseconds."""
    for _ in range(10):
        ask(path)
    spent = []
    for _ in range(count):
        beside = yardstick()
        before = time.process_time_ns()
        ask(path)
        spent.append(pace(time.process_time_ns() - before, beside))
    return statistics.median(spent)


class Stopwatch:
    """Sums the time of each part, less that of the parts inside it."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, list[float]] = defaultdict(list)
        self.inner = [0]
        self.beside = 1

    def begin(self) -> None:
        """To be called before each request."""
        self.beside = yardstick()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self.inner.append(0)
        before = time.process_time_ns()
        try:
            yield
        finally:
            whole = time.process_time_ns() - before
            self.spent[name].append(pace(whole - self.inner.pop(), self.beside))
            self.inner[-1] += whole

    def timed(self, name: str, function: Callable) -> Callable:
        def run(*args, **kwargs):
            with self.part(name):
                return function(*args, **kwargs)

        return run

    def execute(self, execute, sql, params, many, context):
        with self.part("the database"):
            return execute(sql, params, many, context)


def breakdown(ask: Callable[[str], bytes], path: str) -> list[tuple[str, float]]:
    """(part, milliseconds of a request) of REQUESTS requests; the watch itself costs some hundredths."""
    from django.db import connection
    from django.template.base import Template
    from django.urls import get_resolver, resolve

    from articles import seo, share
    from comments import render, threads
    from site_config.pages import encoding

    watch, view = Stopwatch(), resolve(path).func
    pattern = next(
        inner
        for outer in get_resolver().url_patterns
        for inner in getattr(outer, "url_patterns", ())
        if getattr(inner, "callback", None) is view
    )
    parts = [
        ("view and queries' objects", pattern, "callback"), ("template", Template, "render"),
        ("thread, read", threads, "page"), ("thread, drawn", render, "thread"), ("JSON-LD", seo, "json_ld"),
        ("share links", share, "links"), ("coding", encoding, "encode"), ("entity tag", encoding, "entity_tag"),
    ]  # fmt: skip
    with ExitStack() as stack:
        for name, owner, attribute in parts:
            stack.enter_context(mock.patch.object(owner, attribute, watch.timed(name, getattr(owner, attribute))))
        stack.enter_context(connection.execute_wrapper(watch.execute))
        for _ in range(REQUESTS):
            watch.begin()
            with watch.part("handler and middleware"):
                ask(path)
    return [(name, sum(spent) / REQUESTS) for name, spent in watch.spent.items()]


def queries(ask: Callable[[str], bytes], path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(path)
    return len(captured)


def report_article(ask: Asker) -> None:
    parts = breakdown(ask, ARTICLE)
    coding = sum(spent for name, spent in parts if name == "coding")
    whole = cost(ask, ARTICLE)
    print(f"{ARTICLE} {COMMENTS} comments, {queries(ask, ARTICLE)} queries, {len(ask(ARTICLE)):,} bytes of gzip")
    print(f"  {whole:5.2f} ms of CPU a request, {whole - coding:.2f} without the coding; of which:")
    for name, spent in sorted(parts, key=lambda part: -part[1]):
        print(f"  {spent:5.2f} {name}")


def report_lists(ask: Asker) -> None:
    few = {path: (queries(ask, path), cost(ask, path, 60)) for path in LISTS}
    add_articles()
    print(f"\nlists: queries and ms of CPU, of a site with 1 article, and with {MORE + 1}")
    for path, (count, spent) in few.items():
        print(f"  {path:22} {count} {spent:6.2f}   {queries(ask, path)} {cost(ask, path, 60):6.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="masthead-miss-") as folder:
        build(folder)
        ask = Asker()
        report_article(ask)
        if "--article" not in sys.argv:
            report_lists(ask)


if __name__ == "__main__":
    main()
