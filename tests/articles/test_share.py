from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from articles import share
from articles.cards.keeping import name_of_default
from articles.share import BLUESKY_LONGEST, SERVICES, Shared, links
from articles.views import shared as shared_of
from tests.factories import make_article, make_image

URL = "https://example.org/one/"
PLAIN = Shared(URL, "One & two", "https://example.org/media/x.png", "A summary.")
TITLES = [
    "One",
    "Tom & Jerry = 100% #1?",
    "a+b;c,d/e:f@g!h*i'j(k)l$m[n]o",
    "“Quotes” — dashes…",
    "😀👨‍👩‍👧 🇵🇱",
    "שלום عالم",
    "\u202eright to left",
    "two\nlines",
    "<script>alert('x')</script>",
    "back\\slash ^ ` { | }",
    "%26 %0A",
    "日本語のタイトル",
    " spaces  inside ",
    "~unreserved-._",
]


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("x", "https://x.com/intent/tweet?text=One%20%26%20two&url=https%3A%2F%2Fexample.org%2Fone%2F"),
        ("facebook", "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fexample.org%2Fone%2F"),
        ("linkedin", "https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fexample.org%2Fone%2F"),
        ("whatsapp", "https://wa.me/?text=One%20%26%20two%0Ahttps%3A%2F%2Fexample.org%2Fone%2F"),
        ("telegram", "https://t.me/share/url?url=https%3A%2F%2Fexample.org%2Fone%2F&text=One%20%26%20two"),
        ("reddit", "https://www.reddit.com/submit?url=https%3A%2F%2Fexample.org%2Fone%2F&title=One%20%26%20two"),
        ("bluesky", "https://bsky.app/intent/compose?text=One%20%26%20two%0Ahttps%3A%2F%2Fexample.org%2Fone%2F"),
        ("mastodon", "https://share.joinmastodon.org/#text=One%20%26%20two%0Ahttps%3A%2F%2Fexample.org%2Fone%2F"),
        ("threads", "https://www.threads.com/intent/post?text=One%20%26%20two&url=https%3A%2F%2Fexample.org%2Fone%2F"),
        ("hackernews", "https://news.ycombinator.com/submitlink?u=https%3A%2F%2Fexample.org%2Fone%2F&t=One%20%26%20two"),
        (
            "pinterest",
            "https://www.pinterest.com/pin/create/button/?url=https%3A%2F%2Fexample.org%2Fone%2F"
            "&media=https%3A%2F%2Fexample.org%2Fmedia%2Fx.png&description=A%20summary.",
        ),
        ("email", "mailto:?subject=One%20%26%20two&body=One%20%26%20two%0Ahttps%3A%2F%2Fexample.org%2Fone%2F"),
    ],
)
def test_addresses(service, address):
    assert SERVICES[service].address(PLAIN) == address


def test_these_are_all_services():
    assert len(SERVICES) == 12


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("service", SERVICES)
def test_any_title_comes_through_as_it_is(service, title):
    address = SERVICES[service].address(PLAIN._replace(title=title, summary=title))
    parts = urlsplit(address)
    assert address.isascii()
    assert not set(address) & set(" \"'<>\\^`{|}\n")
    if service == "mastodon":
        assert unquote(parts.fragment) == f"text={title}\n{URL}"
        return
    values = {name: value for name, (value,) in parse_qs(parts.query, strict_parsing=True).items()}
    assert not parts.fragment
    assert set(values.values()) <= {URL, title, f"{title}\n{URL}", PLAIN.image}
    assert any(URL in value for value in values.values())


def test_bluesky_shortens_the_title_and_never_the_address():
    url = f"https://example.org/{'x' * 150}/"
    for title in ("word " * 60, "😀" * 300, "e\u0301" * 300):
        text = unquote(SERVICES["bluesky"].address(PLAIN._replace(title=title, url=url)).partition("=")[2])
        short, _, address = text.partition("\n")
        assert address == url
        assert short.endswith("…")
        assert len(share.graphemes(text)) <= BLUESKY_LONGEST


def test_bluesky_leaves_what_fits():
    title = "x" * (BLUESKY_LONGEST - len(URL) - 1)
    assert unquote(SERVICES["bluesky"].address(PLAIN._replace(title=title))).endswith(f"={title}\n{URL}")
    assert "…" in unquote(SERVICES["bluesky"].address(PLAIN._replace(title=title + "x")))


@pytest.mark.parametrize("length", [299, 300, 400])
def test_bluesky_gives_an_address_that_leaves_no_room_alone(length):
    url = "https://example.org/".ljust(length, "x")
    assert SERVICES["bluesky"].address(PLAIN._replace(url=url)).partition("=")[2] == share.value(url)


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("❤\ufe0fa", ["❤\ufe0f", "a"]),
        ("\u0301", ["\u0301"]),
        ("", []),
    ],
)
def test_graphemes(text, clusters):
    assert share.graphemes(text) == clusters


def test_links_come_in_the_order_that_the_owner_chose():
    assert [name for name, _ in links(PLAIN, ["email", "x"])] == ["E-mail", "X"]


def test_pinterest_needs_a_picture():
    assert [name for name, _ in links(PLAIN._replace(image=""), ["pinterest", "x"])] == ["X"]


def test_unknown_services_are_left_out():
    assert links(PLAIN, ["myspace"]) == []


@pytest.mark.django_db
class TestOnThePage:
    def test_an_article_is_shared_by_its_canonical_address(self, settings):
        settings.SITE_URL = "https://site.example"
        card = f"https://site.example/media/{name_of_default()}"
        assert shared_of(make_article(slug="one", title="One", summary="S")) == Shared(
            "https://site.example/one/", "One", card, "S"
        )
        elsewhere = make_article(canonical_url="https://elsewhere.example/a/")
        assert shared_of(elsewhere).url == "https://elsewhere.example/a/"

    def test_its_picture_is_absolute(self, settings):
        settings.SITE_URL = "https://site.example"
        assert shared_of(make_article(image=make_image().pk)).image.startswith("https://site.example/media/")

    @pytest.mark.parametrize("title", TITLES)
    def test_each_is_a_plain_link(self, client, title):
        from selectolax.lexbor import LexborHTMLParser

        article = make_article(title=title, image=make_image().pk)
        tree = LexborHTMLParser(client.get(article.get_absolute_url()).content.decode())
        wanted = dict(links(shared_of(article), list(SERVICES)))
        found = {link.attributes["href"]: link for link in tree.css("a") if link.attributes.get("href") in wanted.values()}
        assert set(found) == set(wanted.values())
        for link in found.values():
            assert link.text().strip()
            assert link.attributes["rel"] == "noopener noreferrer"
            assert set(link.attributes) <= {"href", "rel", "class"}
