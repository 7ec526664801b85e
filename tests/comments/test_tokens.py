import pytest

from comments import tokens


def test_a_form_token_is_for_one_place():
    token = tokens.form_token(7, None)
    assert tokens.is_form_token(token, 7, None)
    assert not tokens.is_form_token(token, 8, None)
    assert not tokens.is_form_token(token, 7, 1)
    assert not tokens.is_form_token(tokens.form_token(7, 1), 7, None)
    assert tokens.is_form_token(tokens.form_token(7, 1), 7, 1)


def test_places_with_the_same_digits_have_different_tokens():
    assert not tokens.is_form_token(tokens.form_token(1, 23), 12, 3)


def test_a_form_token_never_ages(frozen):
    token = tokens.form_token(7, None)
    frozen.shift(400 * 24 * 3600)
    assert tokens.is_form_token(token, 7, None)


@pytest.mark.parametrize("token", ["", "x", ":", "::", "\x00", "é", "\ud800", "a" * 100_000, "7:0:x"])
def test_a_forged_token_is_none(token):
    assert not tokens.is_form_token(token, 7, None)
    assert tokens.seconds_since(token) is None
    assert tokens.owned(token) is None


def test_tokens_of_one_kind_are_no_good_as_another():
    for token in (tokens.form_token(7, None), tokens.own_token(7), tokens.fresh_token()):
        assert [
            tokens.is_form_token(token, 7, None),
            tokens.owned(token) is not None,
            tokens.seconds_since(token) is not None,
        ].count(True) == 1


def test_a_fresh_token_tells_the_time_that_has_passed(frozen):
    token = tokens.fresh_token()
    frozen.shift(10)
    assert tokens.seconds_since(token) == 10


def test_a_fresh_token_of_yesterday_or_tomorrow_tells_nothing(frozen):
    token = tokens.fresh_token()
    frozen.shift(tokens.FRESH_LASTS + 1)
    assert tokens.seconds_since(token) is None
    frozen.shift(-tokens.FRESH_LASTS - 100)
    assert tokens.seconds_since(token) is None


def test_an_own_token_shows_one_comment_for_a_day(frozen):
    token = tokens.own_token(42)
    frozen.shift(tokens.OWN_LASTS)
    assert tokens.owned(token) == 42
    frozen.shift(1)
    assert tokens.owned(token) is None


def test_another_key_makes_other_tokens(settings):
    form, own, fresh = tokens.form_token(7, None), tokens.own_token(7), tokens.fresh_token()
    settings.SECRET_KEY = "another"
    assert not tokens.is_form_token(form, 7, None)
    assert tokens.owned(own) is None
    assert tokens.seconds_since(fresh) is None
