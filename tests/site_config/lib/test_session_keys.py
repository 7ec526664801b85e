import pytest

from site_config.lib import session_keys
from site_config.lib.session_keys import in_header, is_genuine, new_key


def test_it_works():
    key = new_key()
    assert len(key) == 40
    assert key.isalnum()
    assert is_genuine(key)
    assert new_key() != key


def test_one_other_letter_is_forged():
    key = new_key()
    for place in range(40):
        other = "0" if key[place] != "0" else "1"
        assert not is_genuine(key[:place] + other + key[place + 1 :]), place


@pytest.mark.parametrize("key", [None, "", "a", "a" * 39, "a" * 40, "a" * 41, "ä" * 40, "\ud800" * 40, "\x00" * 40, " " * 40])
def test_these_are_forged(key):
    assert not is_genuine(key)


@pytest.mark.parametrize(
    "change", [str.upper, lambda key: key + " ", lambda key: " " + key, lambda key: key[1:] + key[0], lambda key: key + "\n"]
)
def test_so_is_another_spelling(change):
    key = new_key()
    assert change(key) == key or not is_genuine(change(key))


def test_another_secret_makes_other_keys(settings):
    key = new_key()
    settings.SECRET_KEY = "another"
    session_keys.secret.cache_clear()
    assert not is_genuine(key)
    session_keys.secret.cache_clear()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("sessionid={key}", True),
        ("a=b; sessionid={key}; c=d", True),
        ('sessionid="{key}"', True),
        ("sessionid=forged; sessionid={key}", True),
        ("sessionid={key}; sessionid=forged", False),
        ("xsessionid={key}", False),
        ("a=sessionid={key}", False),
        ("sessionid", False),
        ("", False),
        (";;;=;", False),
    ],
)
def test_in_a_header(header, found):
    """The last of two counts, as it does for Django."""
    assert in_header(header.replace("{key}", new_key())) is found
