"""Puts the story into the site; runs in the project's own shell."""

import json
from html import escape
from pathlib import Path

from blog.models import BlogPage, Comment
from home.models import HomePage
from wagtail.models import Site


def sow(file: str) -> None:
    """Prints the path of the page."""
    story = json.loads(Path(file).read_text(encoding="utf-8"))
    Site.objects.update(hostname="127.0.0.1")
    page = BlogPage(title=story["title"], intro="An article.", body=[("html", story["body"])])
    HomePage.objects.get().add_child(instance=page)
    made: list[Comment] = []
    for number, told in enumerate(story["comments"]):
        above = None if told["answers"] is None else made[told["answers"]]
        path, depth = (f"{above.path}{number:04}", above.depth + 1) if above else (f"{number:04}", 0)
        body = f"<p>{escape(told['text'])}</p>"
        made.append(Comment(page=page, path=path, depth=depth, author=told["name"], body_html=body))
    for comment in made:
        comment.save()
    print(page.relative_url(Site.objects.get()))
