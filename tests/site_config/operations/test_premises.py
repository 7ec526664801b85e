import os
import socket
import stat

import pytest

from site_config.bootstrap import Problem
from site_config.operations import premises


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTHEAD_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("PORT", "0")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr(premises, "check_port", lambda host, port: None)
    monkeypatch.setenv("PORT", "8000")
    return tmp_path / "var"


def test_it_works(data):
    premises.prepare()
    key = data / "secret_key"
    assert len(key.read_text()) >= 60
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_time_keeps_the_key(data):
    premises.prepare()
    first = (data / "secret_key").read_text()
    premises.prepare()
    assert (data / "secret_key").read_text() == first


def test_half_a_key_is_replaced(data):
    data.mkdir()
    (data / "secret_key").touch()
    (data / "secret_key.new").write_text("abc")
    premises.prepare()
    assert len((data / "secret_key").read_text()) >= 60
    assert not (data / "secret_key.new").exists()


def test_a_key_from_the_environment_makes_no_file(data, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    premises.prepare()
    assert not (data / "secret_key").exists()


def test_one_instance_per_folder(tmp_path):
    first = premises.claim(tmp_path)
    with pytest.raises(Problem, match="running already"):
        premises.claim(tmp_path)
    os.close(first)
    os.close(premises.claim(tmp_path))


def test_where_the_running_instance_answers_is_known(tmp_path):
    assert premises.running_at(tmp_path) is None
    claim = premises.claim(tmp_path)
    premises.announce(claim, "http://127.0.0.1:81234")
    premises.announce(claim, "http://127.0.0.1:8123")
    assert premises.running_at(tmp_path) == "http://127.0.0.1:8123"
    os.close(claim)
    assert premises.running_at(tmp_path) is None


def test_the_claim_lives_on_through_exec(tmp_path):
    descriptor = premises.claim(tmp_path)
    assert os.get_inheritable(descriptor)
    os.close(descriptor)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_a_port_that_somebody_listens_on_is_taken(host):
    with socket.socket() as other:
        other.bind((host, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} .* is taken"):
            premises.check_port("127.0.0.1", port)
    premises.check_port("127.0.0.1", port)
