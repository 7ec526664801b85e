from pathlib import Path

import pytest

from site_config.lib.environment import Environment


def env(**values: str) -> Environment:
    return Environment(values)


def test_it_works():
    read = env(NAME=" Masthead ", DEBUG="Yes", PORT="8080", HOSTS="a.example, b.example ,", RATE="20/10m")
    assert read.text("NAME") == "Masthead"
    assert read.flag("DEBUG") is True
    assert read.number("PORT", 8000) == 8080
    assert read.items("HOSTS") == ["a.example", "b.example"]
    assert read.rate("RATE", "5/m") == (20, 600)
    assert read.problems == []


@pytest.mark.parametrize("values", [{}, {"NAME": ""}, {"NAME": "  "}])
def test_what_is_unset_or_blank_has_its_default(values, tmp_path):
    read = Environment(values)
    assert read.text("NAME", "default") == "default"
    assert read.flag("NAME", True) is True
    assert read.number("NAME", 7) == 7
    assert read.choice("NAME", "one", ("one", "two")) == "one"
    assert read.items("NAME", ("one", "two")) == ["one", "two"]
    assert read.path("NAME", tmp_path) == tmp_path
    assert read.rate("NAME", "5/m") == (5, 60)
    assert read.site_url("NAME", "http://here") == "http://here"
    assert read.database("NAME", tmp_path / "db")["NAME"] == str(tmp_path / "db")
    assert read.problems == []


@pytest.mark.parametrize("word", ["1", "true", "TRUE", "Yes", "on"])
def test_words_for_true(word):
    assert env(FLAG=word).flag("FLAG") is True


@pytest.mark.parametrize("word", ["0", "false", "No", "OFF"])
def test_words_for_false(word):
    assert env(FLAG=word).flag("FLAG", True) is False


@pytest.mark.parametrize(
    ("method", "value", "default"),
    [
        ("flag", "treu", False),
        ("flag", "2", True),
        ("number", "eight", 5),
        ("number", "-1", 5),
        ("number", "1.5", 5),
        ("number", "9" * 5000, 5),
        ("rate", "5", "5/m"),
        ("rate", "5/x", "5/m"),
        ("rate", "-5/m", "5/m"),
        ("site_url", "example.org", "http://here"),
        ("site_url", "ftp://example.org", "http://here"),
        ("site_url", "https://", "http://here"),
        ("site_url", "https://example.org/blog", "http://here"),
        ("site_url", "https://example.org?x=1", "http://here"),
        ("site_url", "https://example.org?", "http://here"),
        ("site_url", "https://example.org#top", "http://here"),
        ("site_url", "https://exa mple.org", "http://here"),
        ("site_url", "https://example.org:http", "http://here"),
        ("site_url", "https://[::1", "http://here"),
        ("database", "mysql://u:secret@h/name", Path("db")),
        ("database", "postgres://u:secret@h", Path("db")),
        ("database", "postgres://u:secret@h:port/name", Path("db")),
        ("database", "sqlite:///", Path("db")),
        ("path", "~nobody-of-this-name/data", Path("var")),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_default_stands(method, value, default):
    read = env(VARIABLE=value)
    wrong = getattr(read, method)("VARIABLE", default)
    assert wrong == getattr(env(), method)("VARIABLE", default)
    (problem,) = read.problems
    assert problem.startswith("The environment variable VARIABLE ")
    assert problem.endswith(".")


def test_a_wrong_database_address_does_not_tell_the_password():
    read = env(DATABASE_URL="mysql://user:secret@host/name")
    read.database("DATABASE_URL", Path("db"))
    assert "secret" not in read.problems[0]


def test_a_word_outside_the_choices_is_told_them():
    read = env(MODE="some")
    assert read.choice("MODE", "open", ("open", "first", "all")) == "open"
    assert "open, first, all" in read.problems[0]


def test_all_problems_are_told_at_once():
    read = env(ONE="x", TWO="y")
    read.number("ONE", 1)
    read.flag("TWO")
    assert len(read.problems) == 2


@pytest.mark.parametrize(("value", "kept"), [("1", True), ("100", True), ("0", False), ("101", False)])
def test_a_number_has_bounds(value, kept):
    read = env(WORKERS=value)
    assert read.number("WORKERS", 2, least=1, most=100) == (int(value) if kept else 2)
    assert bool(read.problems) is not kept


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        ("5/m", (5, 60)),
        ("5 / m", (5, 60)),
        ("100/d", (100, 86400)),
        ("20/10m", (20, 600)),
        ("0/s", (0, 1)),
        ("7/2h", (7, 7200)),
    ],
)
def test_rates(value, rate):
    assert env(RATE=value).rate("RATE", "1/s") == rate


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path):
    (tmp_path / "secret").write_text("  kept secret\n")
    read = env(SECRET_KEY_FILE=str(tmp_path / "secret"), SECRET_KEY="other")
    assert read.text("SECRET_KEY") == "kept secret"


def test_a_number_may_stand_in_a_file_too(tmp_path):
    (tmp_path / "port").write_text("8080\n")
    assert env(PORT_FILE=str(tmp_path / "port")).number("PORT", 8000) == 8080


def test_an_empty_file_counts_as_unset(tmp_path):
    (tmp_path / "empty").write_text("\n")
    read = env(NAME_FILE=str(tmp_path / "empty"))
    assert read.text("NAME", "default") == "default"
    assert read.problems == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_names_its_variable(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    read = env(SECRET_KEY_FILE=str(file))
    assert read.text("SECRET_KEY", "default") == "default"
    assert read.problems[0].startswith("The environment variable SECRET_KEY_FILE ")


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://bücher.example", "https://bücher.example"),
    ],
)
def test_site_addresses(value, url):
    read = env(SITE_URL=value)
    assert read.site_url("SITE_URL", "http://here") == url
    assert read.problems == []


def test_a_path_is_absolute_and_knows_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert env(DATA="~/data").path("DATA", Path("var")) == tmp_path / "data"
    assert env(DATA="data").path("DATA", Path("var")).is_absolute()


def test_a_postgres_address_is_taken_apart():
    url = "postgres://ann%40home:p%2Fss%23@db.example:5433/the%20name?sslmode=require"
    assert env(DATABASE_URL=url).database("DATABASE_URL", Path("db")) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "the name",
        "USER": "ann@home",
        "PASSWORD": "p/ss#",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "name"), [("sqlite:///site.db", "site.db"), ("sqlite:////srv/my%20site.db", "/srv/my site.db")]
)
def test_an_sqlite_address_names_a_file(url, name):
    found = env(DATABASE_URL=url).database("DATABASE_URL", Path("db"))
    assert found == {"ENGINE": "site_config.lib.sqlite", "NAME": name}
