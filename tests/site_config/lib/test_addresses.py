import pytest

from site_config.lib.addresses import absolute


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/one/", "https://site.example/one/"),
        ("https://elsewhere.example/one/", "https://elsewhere.example/one/"),
        ("http://elsewhere.example", "http://elsewhere.example"),
        ("//elsewhere.example/", "https://site.example//elsewhere.example/"),
    ],
)
def test_addresses_come_from_the_setting(settings, path, address):
    settings.SITE_URL = "https://site.example"
    assert absolute(path) == address
