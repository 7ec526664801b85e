from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from site_config.lib.network import client_address, keyed_hash, network_of

FEBRUARY, MARCH = datetime(2025, 2, 28, 23, 59, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)


def request(forwarded: str | None = None, remote: str = "192.0.2.1"):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def test_it_works():
    assert client_address(request()) == "192.0.2.1"
    assert len(keyed_hash("192.0.2.1", FEBRUARY)) == 32


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.9, 203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.9,,203.0.113.5 ", "203.0.113.5"),
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "198.51.100.9, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.1"),
        (1, "unknown", ""),
        (1, "198.51.100.9, <script>", ""),
        (1, "2001:db8::0001", "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request(forwarded)) == address


@pytest.mark.parametrize("remote", ["", "unix:", "localhost"])
def test_who_has_no_address_is_unknown(remote):
    assert client_address(request(remote=remote)) == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_the_network_of_a_household(address, network):
    assert network_of(address) == network


def test_two_devices_of_one_household_have_one_hash():
    assert keyed_hash("2001:db8:1:2::7", MARCH) == keyed_hash("2001:db8:1:2:ffff::8", MARCH)
    assert keyed_hash("2001:db8:1:2::7", MARCH) != keyed_hash("2001:db8:1:3::7", MARCH)
    assert keyed_hash("::ffff:192.0.2.1", MARCH) == keyed_hash("192.0.2.1", MARCH)


def test_the_key_turns_with_the_month():
    assert keyed_hash("192.0.2.1", FEBRUARY) == keyed_hash("192.0.2.1", FEBRUARY.replace(day=1))
    assert keyed_hash("192.0.2.1", FEBRUARY) != keyed_hash("192.0.2.1", MARCH)
    assert keyed_hash("192.0.2.1", MARCH) != keyed_hash("192.0.2.1", MARCH.replace(year=2026))


def test_another_secret_key_gives_another_hash(settings):
    before = keyed_hash("192.0.2.1", MARCH)
    settings.SECRET_KEY = "another"
    assert keyed_hash("192.0.2.1", MARCH) != before


def test_no_address_has_no_hash():
    assert keyed_hash("", MARCH) == ""
