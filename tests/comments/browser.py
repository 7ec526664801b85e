"""What a browser without script sends from the form under an article, or from a reply form."""

from __future__ import annotations

from tests.comments import making
from tests.comments.making import token_for


def address_of(article, parent=None) -> str:
    return making.address_of(parent or article)


def form_of(article, parent=None, **data) -> dict:
    """What a browser sends from the form under an article, or from the reply form."""
    empty = {"email": "", "website": "", "fresh": "", "token": token_for(parent or article)}
    return {"name": "Ines", "text": "The table is the best part.", **empty, **data}


def send(client, article, parent=None, *, network: str = "192.0.2.1", headers=None, **data):
    return making.send(client, parent or article, headers=headers, network=network, **form_of(article, parent, **data))
