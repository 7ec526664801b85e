from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from site_config.lib.network import client_address, keyed_hash, network_of, proxy_trouble

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


# --- a proxy that nobody has declared ------------------------------------------------------------------------------------


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    "remote", ["127.0.0.1", "::1", "10.1.2.3", "172.17.0.1", "192.168.1.9", "::ffff:10.0.0.1", "fd00::7", ""]
)
def test_an_undeclared_proxy_makes_nobody_of_all_readers_and_is_remembered(data, remote):
    assert client_address(request("203.0.113.5", remote)) == ""
    assert "Set MASTHEAD_PROXIES" in proxy_trouble()


@pytest.mark.parametrize("remote", ["203.0.113.9", "2001:db8::9", "172.32.0.1", "192.0.2.1"])
def test_a_public_peer_that_forges_the_header_is_itself(data, remote):
    assert client_address(request("10.0.0.1", remote)) == remote
    assert proxy_trouble() == ""


@pytest.mark.parametrize("forwarded", [None, "", " "])
def test_somebody_at_this_machine_is_no_proxy(data, forwarded):
    assert client_address(request(forwarded, "127.0.0.1")) == "127.0.0.1"
    assert proxy_trouble() == ""


def test_once_it_is_declared_there_is_no_trouble(data, settings):
    client_address(request("203.0.113.5", "127.0.0.1"))
    settings.TRUSTED_PROXIES = 1
    assert proxy_trouble() == ""
    assert client_address(request("203.0.113.5", "127.0.0.1")) == "203.0.113.5"


def test_trouble_is_told_for_a_day(data, frozen):
    client_address(request("203.0.113.5", "127.0.0.1"))
    frozen.shift(timedelta(hours=23))
    assert proxy_trouble()
    frozen.shift(timedelta(hours=2))
    assert proxy_trouble() == ""
