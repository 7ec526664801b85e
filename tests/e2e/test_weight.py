"""What a whole article page costs on the wire."""

from __future__ import annotations

from tests.e2e.journeys import COMMENTS, wait_until

BUDGET = 30_000


def test_an_article_with_twenty_comments_weighs_less_than_30_kb(reader, seeded):
    loaded = []
    reader.on("requestfinished", lambda request: loaded.append(request))
    reader.goto("/much-discussed/")
    assert reader.locator("article.comment").count() >= COMMENTS
    for figure in reader.get_by_role("figure").all():
        figure.scroll_into_view_if_needed()
    wait_until(reader, "[...document.images].every((image) => image.complete && image.naturalWidth)")
    lead = reader.locator(".lead img").evaluate("image => image.currentSrc")
    weights = {request.url: weight(request) for request in loaded if request.url != lead}
    assert len(weights) >= 4, "the page, its style, its scripts and the drawing"
    assert sum(weights.values()) < BUDGET, weights


def weight(request) -> int:
    """Bytes of the body as they came; whatever is text must have come in Brotli."""
    response = request.response()
    kind = response.headers["content-type"]
    if kind.startswith(("text/", "image/svg")):
        assert response.headers.get("content-encoding") == "br", request.url
    return request.sizes()["responseBodySize"]
