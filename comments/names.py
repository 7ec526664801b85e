"""Names that no reader may use: the site's own, its staff's, and whatever looks like them."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from site_config.lib.prepared import Prepared
from site_config.lib.text import fold

# Letters of other scripts, and digits, that pass for Latin ones at a glance; what NFKC and folding do not catch.
# After Unicode Technical Standard 39, confusables, for the scripts that are met in practice.
LOOK_ALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d",
        "һ": "h", "ԛ": "q", "ԝ": "w", "к": "k", "м": "m", "т": "t", "в": "b", "н": "h", "г": "r", "ո": "n", "ѵ": "v",
        "α": "a", "ε": "e", "ο": "o", "ρ": "p", "ν": "v", "υ": "u", "ι": "i", "κ": "k", "τ": "t", "χ": "x", "η": "n",
        "μ": "m", "ω": "w", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ꞌ": "", "ı": "i", "ɪ": "i", "ʟ": "l", "ɴ": "n", "ᴏ": "o",
        "ᴀ": "a", "ᴅ": "d", "ᴇ": "e", "ᴍ": "m", "ᴛ": "t", "ꜱ": "s", "ꜰ": "f", "ʀ": "r", "ᴄ": "c",
        "ʙ": "b", "ɢ": "g", "ʜ": "h", "ᴊ": "j", "ᴋ": "k", "ᴘ": "p", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "β": "b",
        "օ": "o", "ս": "u", "ց": "g", "հ": "h",
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "|": "l", "!": "l", "$": "s", "@": "a",
    }
)  # fmt: skip
SAME_STROKE = str.maketrans({"i": "l", "j": "l"})


KEPT = "Choose another name: “{}” is kept for staff."


def skeleton(name: str) -> str:
    """What is left of a name when look-alikes are one: 'Еditоr', 'EDIT0R', 'e d i t o r' and 'Editor' are the same."""
    plain = fold(name).translate(LOOK_ALIKES)
    letters = re.sub(r"[\W_]+", "", plain)
    return letters.replace("rn", "m").replace("vv", "w").translate(SAME_STROKE) or plain


def is_reserved(name: str) -> bool:
    """Whether readers would take the name for the site's or its staff's. One query."""
    taken = {*settings.RESERVED_NAMES, settings.SITE_NAME, *(word for pair in names_of_staff() for word in pair)}
    return skeleton(name) in {known_skeleton(word) for word in taken if word}


def people() -> QuerySet:
    return get_user_model().objects.filter(is_active=True, is_staff=True).values_list("username", "display_name")


names_of_staff = Prepared(people)
known_skeleton = lru_cache(maxsize=1000)(skeleton)
