"""Where other apps join the article page. Articles know none of them: each registers itself in its AppConfig."""

after_article: list[str] = []
"""Names of templates that are drawn after the article, with the page's context."""
