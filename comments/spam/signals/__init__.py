"""The signals: each is a function from a draft and what is known of the past to a reason, or None.

A new one is a function in one of these modules and a line here. They are asked in this order, which is that of the list a
moderator sees. All are linear in the text.
"""

from collections.abc import Callable

from comments.spam.draft import Draft, Reason
from comments.spam.past import Past
from comments.spam.signals import filling_in, language, links, manner, policy, record, repeats, words

Signal = Callable[[Draft, Past], Reason | None]

AGAINST: list[Signal] = [
    filling_in.hidden_field,
    filling_in.too_fast,
    filling_in.long_for_its_time,
    policy.everything,
    policy.first,
    policy.first_with_link,
    links.many_links,
    links.link_in_name,
    links.turned_down_before,
    links.shortened,
    links.again_and_again,
    repeats.like_turned_down,
    repeats.posted_again,
    record.network,
    language.other_script,
    language.other_language,
    manner.capitals,
    manner.drawn_out,
    manner.name_that_sells,
    words.as_learned,
]

FOR: list[Signal] = [record.trusted]
"""Asked only where something speaks against the draft: who has nothing to fear needs no friend."""
