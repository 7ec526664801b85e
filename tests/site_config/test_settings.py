"""The settings file, run with environments of the tests' own."""

import os
import re
import runpy
from pathlib import Path

import pytest

from site_config import checks
from site_config import settings as module

FILE = Path(module.__file__)


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Settings by an environment that has nothing but what is given."""

    def run(**values: str) -> dict:
        for name in list(os.environ):
            if name not in {"PATH", "HOME"}:
                monkeypatch.delenv(name)
        for name, value in {"MASTHEAD_DATA": str(tmp_path), **values}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return run


def test_everything_has_a_working_default(read, tmp_path):
    found = read()
    assert found["DEBUG"] is False
    assert found["SITE_URL"] == "http://127.0.0.1:8000"
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "masthead.sqlite3")
    assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["CACHES"]["default"]["BACKEND"].endswith("FileBasedCache")
    assert found["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    assert set(found["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]"}
    assert found["TRUSTED_PROXIES"] == 0
    assert found["COMMENT_RATE"] == (5, 60)
    assert len(found["SHARE_SERVICES"]) == 12
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["PAGES_STRICT"] is False


def test_without_a_data_folder_it_is_var(read):
    assert read(MASTHEAD_DATA="")["DATA_DIR"] == FILE.parent.parent / "var"


def test_the_scheme_decides_what_is_secure(read):
    found = read(SITE_URL="https://example.org", MASTHEAD_PROXIES="1")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] > 31_536_000
    assert found["ALLOWED_HOSTS"] == ["example.org"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://example.org"]
    assert found["DEFAULT_FROM_EMAIL"] == "noreply@example.org"


def test_without_a_proxy_no_header_can_claim_https(read):
    assert "SECURE_PROXY_SSL_HEADER" not in read(SITE_URL="https://example.org")


def test_cookies_are_never_for_scripts(read):
    found = read()
    for name in ("SESSION", "CSRF"):
        assert found[f"{name}_COOKIE_HTTPONLY"]
        assert found[f"{name}_COOKIE_SAMESITE"] == "Lax"


def test_the_policy_allows_nothing_inline_and_nobody_else(read):
    policy = read()["SECURE_CSP"]
    values = {value for words in policy.values() for value in words}
    assert values == {"'none'", "'self'", "data:"}
    assert policy["script-src"] == ["'self'"]


@pytest.mark.parametrize(("host", "url"), [("0.0.0.0", "http://127.0.0.1:9000"), ("::1", "http://[::1]:9000")])
def test_the_address_follows_host_and_port(read, host, url):
    found = read(HOST=host, PORT="9000")
    assert found["SITE_URL"] == url
    assert "localhost" in found["ALLOWED_HOSTS"]


def test_further_hosts(read):
    found = read(SITE_URL="https://example.org", MASTHEAD_HOSTS="www.example.org, old.example")
    assert found["ALLOWED_HOSTS"] == ["example.org", "www.example.org", "old.example"]


def test_the_secret_key_is_read_from_the_data_folder(read, tmp_path):
    (tmp_path / "secret_key").write_text("kept\n")
    found = read()
    assert (found["SECRET_KEY"], found["SECRET_KEY_IS_KEPT"]) == ("kept", True)
    assert read(SECRET_KEY="other")["SECRET_KEY"] == "other"


def test_without_a_secret_key_each_process_has_one_of_its_own(read):
    first, second = read(), read()
    assert first["SECRET_KEY"] != second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert not first["SECRET_KEY_IS_KEPT"]


def test_postgres_gets_a_pool_and_keeps_its_options(read):
    database = read(DATABASE_URL="postgres://u:p@h/name?sslmode=require")["DATABASES"]["default"]
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["pool"]["max_size"] > 1
    assert "transaction_mode" not in database["OPTIONS"]


def test_redis_by_its_address(read):
    cache = read(CACHE_URL="redis://h:6379/0")["CACHES"]["default"]
    assert cache == {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://h:6379/0"}


def test_metrics_are_off_until_a_token_is_set(read, tmp_path):
    assert read()["METRICS_TOKEN"] == ""
    (tmp_path / "token").write_text("of the owner's own\n")
    assert read(MASTHEAD_METRICS_TOKEN_FILE=str(tmp_path / "token"))["METRICS_TOKEN"] == "of the owner's own"


@pytest.mark.parametrize(("token", "warned"), [("", False), ("short", True), ("of sixteen chars", False)])
def test_a_metrics_token_that_can_be_guessed_is_warned_of(settings, token, warned):
    settings.METRICS_TOKEN = token
    assert bool(checks.metrics_token_is_long(None)) is warned


def test_the_log_is_for_people_unless_it_is_for_programs(read):
    for values, form in (({}, "text"), ({"MASTHEAD_LOG": "json"}, "json")):
        assert read(**values)["LOGGING"]["formatters"]["line"]["form"] == form
    with pytest.raises(SystemExit, match="MASTHEAD_LOG is 'poem'; write one of text, json"):
        read(MASTHEAD_LOG="poem")


@pytest.mark.parametrize(("port", "tls", "ssl"), [("587", True, False), ("25", False, False), ("465", False, True)])
def test_mail_is_queued_for_the_host_that_is_named(read, port, tls, ssl):
    found = read(EMAIL_HOST="mail.example", EMAIL_PORT=port)
    assert found["EMAIL_BACKEND"] == "site_config.mail.backend.QueueBackend"
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


def test_all_that_is_wrong_is_said_at_once(read):
    with pytest.raises(SystemExit) as told:
        read(
            PORT="many", DEBUG="treu", SITE_URL="example.org", MASTHEAD_COMMENT_MODERATION="some", MASTHEAD_COMMENT_RATE="fast"
        )
    lines = str(told.value).splitlines()
    for name in ("PORT", "DEBUG", "SITE_URL", "MASTHEAD_COMMENT_MODERATION", "MASTHEAD_COMMENT_RATE"):
        assert len([line for line in lines if line.startswith(f"The environment variable {name} ")]) == 1


def test_every_variable_that_the_readme_promises_is_read():
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (FILE.parent.parent / "README.md").read_text(), re.M)
    names = {name for row in table for name in re.findall(r"[A-Z_]+", row)}
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', FILE.read_text()))
    assert len(names) > 20
    assert sorted(names - read) == []
