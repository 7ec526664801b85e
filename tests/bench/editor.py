"""A very long article in the body editor, in a real browser: until it can be written in, and from a key to what it paints."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.ground import Ground, Place
from tests.bench.table import Row, at_most

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
SENTENCE = "what somebody types without a thought of how it is done"
BETWEEN_KEYS = 60
# From each key to the frame that shows it, and the tasks of 50 ms and more meanwhile.
WATCH = """() => {
    window.told = { keys: [], tasks: [] };
    new PerformanceObserver((list) => told.tasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: "longtask" });
    document.addEventListener("keydown", () => {
        const start = performance.now();
        requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => told.keys.push(performance.now() - start);
            after.port2.postMessage(0);
        });
    }, true);
}"""


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site("long") as place, browser() as chromium:
        told = [write(chromium, place) for _ in range(ground.rounds)]
    facts = place.facts
    what = f"{facts['words']:,} words, {facts['pictures']} pictures, {facts['tables']} tables in the editor"
    opened = statistics.median(one["ready"] for one in told)
    keys = sorted(key for one in told for key in one["keys"])
    tasks = [task for one in told for task in one["tasks"]]
    yield Row(f"{what}: until they can be written in", opened, at_most(2, "s"))
    cpu = statistics.median(one["cpu"] for one in told)
    remark = f"of it {statistics.median(one['script'] for one in told):.1f} ms of script"
    yield Row(f"{what}: CPU of the page’s thread for a key", cpu, at_most(16, "ms"), remark)
    remark = f"median {statistics.median(keys):.0f} ms, longest {keys[-1]:.0f} ms of {len(keys)} keys"
    yield Row(f"{what}: from a key to its paint, 95 of 100", keys[int(len(keys) * 0.95)], at_most(50, "ms"), remark)
    remark = f"the longest {max(tasks):.0f} ms" if tasks else ""
    yield Row(f"{what}: tasks of over 50 ms while typing a line", len(tasks) / len(told), at_most(0), remark)


@contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()


def write(chromium, place: Place) -> dict:
    """Opens the article's form, types a line in the middle of the text, and gives what was measured."""
    context = chromium.new_context(base_url=place.site.url)
    context.add_cookies([{**place.facts["cookie"], "url": place.site.url}])
    page = context.new_page()
    page.goto(f"/admin/articles/article/{place.facts['article']}/change/")
    page.locator(".desk-foot", has_text="min read").wait_for()
    ready = page.evaluate("performance.now()") / 1000
    paragraphs = page.locator(".desk-body > p")
    paragraphs.nth(paragraphs.count() // 2).click()
    page.keyboard.type("x")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = spent(meter)
    for letter in SENTENCE:
        page.keyboard.type(letter)
        page.wait_for_timeout(BETWEEN_KEYS)
    cpu, script = (after - then for then, after in zip(before, spent(meter), strict=True))
    page.wait_for_timeout(1500)  # what waits for a pause in the typing
    told = page.evaluate("window.told")
    context.close()
    return {**told, "ready": ready, "cpu": cpu / len(SENTENCE), "script": script / len(SENTENCE)}


def spent(meter) -> tuple[float, float]:
    """Milliseconds of CPU so far on the page's main thread: all of it, and that of scripts."""
    values = {metric["name"]: metric["value"] * 1000 for metric in meter.send("Performance.getMetrics")["metrics"]}
    return values["TaskDuration"], values["ScriptDuration"]
