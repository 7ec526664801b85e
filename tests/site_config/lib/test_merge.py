from hypothesis import given
from hypothesis import strategies as st

from site_config.lib.merge import merge

WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


def merged(base: str, mine: str, theirs: str) -> str:
    """Conflicts as <mine|theirs>."""
    shown = []
    for chunk in merge(base, mine, theirs):
        shown.append(f"<{''.join(chunk.mine)}|{''.join(chunk.theirs)}>" if chunk.is_conflict else "".join(chunk.mine))
    return "".join(shown)


def test_it_takes_what_either_side_changed():
    assert merged("abcdef", "aXbcdef", "abcdeYf") == "aXbcdeYf"


def test_a_removal_and_a_change_elsewhere_both_stand():
    assert merged("abcdef", "cdef", "abcdeYf") == "cdeYf"


def test_the_same_change_on_both_sides_is_made_once():
    assert merged("abc", "aXc", "aXc") == "aXc"


def test_two_changes_of_the_same_are_a_conflict():
    assert merged("abc", "aXc", "aYc") == "a<X|Y>c"


def test_two_insertions_at_one_place_are_a_conflict():
    assert merged("ab", "aXb", "aYb") == "a<X|Y>b"


def test_nothing_in_common():
    assert merged("", "X", "Y") == "<X|Y>"
    assert merged("", "", "") == ""


@given(WORDS, WORDS)
def test_who_changed_nothing_gets_the_other_side(base, mine):
    for chunks in (merge(base, mine, base), merge(base, base, mine)):
        chunks = list(chunks)
        assert not any(chunk.is_conflict for chunk in chunks)
        assert [word for chunk in chunks for word in chunk.mine] == mine


@given(WORDS, WORDS, WORDS)
def test_each_side_is_whole_if_its_part_of_every_conflict_is_taken(base, mine, theirs):
    chunks = list(merge(base, mine, theirs))
    conflicts = [chunk for chunk in chunks if chunk.is_conflict]
    if conflicts:
        assert all(list(chunk.mine) != list(chunk.theirs) for chunk in conflicts)
        assert all(list(chunk.base) not in (list(chunk.mine), list(chunk.theirs)) for chunk in conflicts)
    else:
        one = [word for chunk in chunks for word in chunk.mine]
        assert all(word in base or word in mine or word in theirs for word in one)


@given(WORDS, WORDS, WORDS)
def test_it_does_not_matter_who_is_called_mine(base, mine, theirs):
    one = [(list(chunk.mine), list(chunk.theirs), chunk.is_conflict) for chunk in merge(base, mine, theirs)]
    other = [(list(chunk.theirs), list(chunk.mine), chunk.is_conflict) for chunk in merge(base, theirs, mine)]
    assert one == other
