"""The page store: how public pages state what they depend on, and how changes to that are announced.

`changing()` is the only way to write what readers see, `depends()` the only way to say what a page shows,
`until()` when it changes by itself, `page()` the mark of a view whose answer is the same for every reader.
`answer()` is asked by the server shells before Django wakes.
"""

from site_config.pages.answering import answer
from site_config.pages.changes import changing
from site_config.pages.views import depends, page, until

__all__ = ["answer", "changing", "depends", "page", "until"]
