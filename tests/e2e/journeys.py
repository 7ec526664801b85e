"""What a reader does on a page, for the journeys that need it done."""

from __future__ import annotations

import contextlib
import itertools

from playwright.sync_api import Error

numbers = itertools.count(1)
ARTICLE = "/the-power-struggle-in-ai/"
PASSWORD = "four quiet words here"
COMMENTS = 20
SELECT = """([from, to]) => {
    const prose = document.querySelector(".prose");
    const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.data.includes(from)) range.setStart(node, node.data.indexOf(from));
        if (node.data.includes(to)) range.setEnd(node, node.data.indexOf(to) + to.length);
    }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""

# In the page, not by Playwright's routes: two of those at once, each fetching, have waited for each other for ever.
MEDDLE = """([how, address, count]) => {
    const real = window.fetch;
    let calls = 0;
    window.held = [];
    window.fetch = (...asked) => {
        if (calls === count || !String(asked[0].url ?? asked[0]).includes(address)) return real(...asked);
        const place = calls++;
        const hold = (next) => new Promise((go) => { window.held[place] = () => go(next()); });
        if (how === "hold the request") return hold(() => real(...asked));
        return real(...asked).then((answer) => {
            if (how === "hold the answer") return hold(() => answer);
            window.held[place] = answer.status;
            throw new TypeError("Failed to fetch");
        });
    };
}"""


def unique(words: str) -> str:
    """The words, and a number that no other journey uses: the same comment twice would be one comment."""
    return f"{words} (no. {next(numbers)})"


def wait_until(page, expression: str) -> None:
    """Until an expression of JavaScript is true on the page, or on the next one if it is being left.

    (Playwright's own wait_for_function asks a second time by eval(), which our pages forbid.)
    """
    for _ in range(1200):
        with contextlib.suppress(Error):
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"This did not become true: {expression}")


def meddle(page, how: str, address: str, count: int) -> None:
    """Holds or loses the next `count` requests by script to an address, or their answers.

    `how` is "hold the request", "hold the answer" or "lose the answer". What is held waits in the page, `held`, in the
    order of asking, and is let go by calling it; of an answer that is lost the status stands there.
    """
    page.evaluate(MEDDLE, [how, address, count])


def wait_for_held(page, count: int) -> None:
    wait_until(page, f"held.filter(() => true).length === {count}")


def write_comment(page, *, name: str = "Ines Duarte", text: str, button: str = "Post comment") -> None:
    """Fills in the first form on the page that has the button, and sends it."""
    form = page.locator("form[data-talk]").filter(has=page.get_by_role("button", name=button, exact=True)).first
    form.get_by_label("Name").fill(name)
    form.locator("textarea").fill(text)
    form.get_by_role("button", name=button).click()


def comment_with(page, text: str):
    """The comment on the page that has this text, without its replies."""
    return page.locator("article.comment").filter(has_text=text)


def width_of(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def select_words(page, start: str, end: str) -> None:
    """Selects in the article from the words `start` to the words `end`, each within one element."""
    page.wait_for_load_state()
    page.evaluate(SELECT, [start, end])


def tab_to(page, target, *, most: int = 120) -> None:
    """Presses Tab until the element has the focus, as somebody without a mouse would."""
    page.wait_for_load_state()
    target.wait_for()
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached in {most} steps")


def press(page, target) -> None:
    """Goes to a link or button by keyboard, and uses it; the page that this leads to has begun to arrive."""
    tab_to(page, target)
    target.press("Enter")


def tool(page, name: str) -> None:
    """Uses a button of the body editor's toolbar by keyboard: Alt+F10, arrows, Enter."""
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Home")
    wanted = page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).first
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"the toolbar has no {name}")
