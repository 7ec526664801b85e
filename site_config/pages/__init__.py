"""The page store: how public pages state what they depend on, and how changes to that are announced.

`changing()` is the only way to write what readers see, `hide()` says that it takes something away, `depends()` is the only
way to say what a page shows, `until()` when it changes by itself, `overdue()` that it should have done so already, `page()`
the mark of a view whose answer is the same for every reader, `prove()` how a token that goes round the store is told from a
forged one. `answer()` is asked by the server shells before Django wakes, `page_key()` tells them what can be kept.
"""

from site_config.pages.answering import answer
from site_config.pages.changes import changing, hide
from site_config.pages.keys import page_key, prove
from site_config.pages.views import depends, overdue, page, until

__all__ = ["answer", "changing", "depends", "hide", "overdue", "page", "page_key", "prove", "until"]
