"""Each test runs a copy of what `manage.py` needs, with a Python that has none of our packages."""

import ast
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from site_config import bootstrap

ROOT = Path(bootstrap.BASE_DIR)
PARTS = ("manage.py", "requirements.txt", "requirements-dev.txt", "site_config/__init__.py", "site_config/bootstrap.py")
PACKAGES = ("site_config/lib", "site_config/operations")
BARE_PYTHON = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture
def project(tmp_path):
    project = tmp_path / "project"
    for name in PARTS:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, project / name)
    return project


def environment(project, **variables):
    ours = ("PIP_", "MASTHEAD_", "PYTHON", "VIRTUAL_ENV", "DJANGO", "SECRET_KEY", "HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return kept | {"MASTHEAD_DATA": str(project / "var"), "PORT": port} | variables


def manage(project, *arguments, python=BARE_PYTHON, **variables):
    command = [python, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment(project, **variables), capture_output=True, text=True, timeout=120, check=False
    )


def old_pythons():
    found = [shutil.which(f"python3.{minor}") for minor in range(4, 11)]
    found += glob.glob(os.path.expanduser("~/.pyenv/versions/3.[4-9].*/bin/python3"))
    found += glob.glob(os.path.expanduser("~/.pyenv/versions/3.10.*/bin/python3"))
    return sorted({python for python in found if python and works(python)})


def works(python):
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def is_one_sentence(result, *words):
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert all(word in last for word in words), last
    return last


@pytest.mark.parametrize("command", ["quickstart", "test", "migrate"])
@pytest.mark.parametrize("python", old_pythons() or [pytest.param("", marks=pytest.mark.skip("no old Python here"))])
def test_an_old_python_is_told_what_is_needed(project, python, command):
    result = manage(project, command, python=python)
    is_one_sentence(result, "needs Python 3.11 or newer", "this is Python 3.")
    assert not (project / ".venv").exists()


def test_an_old_python_is_told_of_a_newer_one_that_works(project, tmp_path):
    if not old_pythons():
        pytest.skip("no old Python here")
    (tmp_path / "bin").mkdir()
    broken, good = tmp_path / "bin" / "python3.11", tmp_path / "bin" / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n")
    good.write_text(f'#!/bin/sh\nexec {BARE_PYTHON} "$@"\n')
    broken.chmod(0o755)
    good.chmod(0o755)
    result = manage(project, "quickstart", python=old_pythons()[0], PATH=str(tmp_path / "bin"))
    is_one_sentence(result, "run it as: python3.12 manage.py quickstart")


@pytest.mark.parametrize("name", ["manage.py", "site_config/__init__.py", "site_config/bootstrap.py"])
def test_it_is_written_for_any_python_3(name):
    tree = ast.parse((ROOT / name).read_text())
    too_new = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, too_new)]


def test_other_commands_ask_for_quickstart_first(project):
    is_one_sentence(manage(project, "migrate"), "python3 manage.py quickstart")
    assert not (project / ".venv").exists()


def test_a_taken_port_is_found_before_the_work_begins(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = manage(project, "quickstart", PORT=str(port))
    is_one_sentence(result, f"Port {port}", f"PORT={port + 1}")
    assert not (project / ".venv").exists()


@pytest.mark.parametrize(
    ("variables", "word"),
    [({"PORT": "http"}, "PORT"), ({"HOST": "192.0.2.1"}, "HOST=127.0.0.1"), ({"SECRET_KEY_FILE": "/none"}, "SECRET_KEY_FILE")],
)
def test_a_wrong_variable_is_named(project, variables, word):
    is_one_sentence(manage(project, "quickstart", **variables), word)


def test_a_data_folder_that_cannot_be_written(project, tmp_path):
    (tmp_path / "file").touch()
    result = manage(project, "quickstart", MASTHEAD_DATA=str(tmp_path / "file" / "var"))
    is_one_sentence(result, "cannot be written", "MASTHEAD_DATA")


def test_a_project_folder_that_cannot_be_written(project):
    (project / ".venv").touch()
    is_one_sentence(manage(project, "quickstart"), ".venv cannot be written", "a folder that you may write to")


def test_a_python_without_venv(project, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    result = manage(project, "quickstart", PYTHONPATH=str(tmp_path))
    is_one_sentence(result, "lacks venv", "apt install python3.")
    assert not (project / ".venv").exists()


def test_without_a_network_and_after_a_kill_the_next_run_begins_anew(project):
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    with subprocess.Popen(
        [BARE_PYTHON, "manage.py", "quickstart"], cwd=project, env=environment(project, **offline), start_new_session=True
    ) as killed:
        unfinished = project / ".venv" / "masthead-unfinished"
        while not unfinished.exists():
            time.sleep(0.01)
        os.killpg(killed.pid, signal.SIGKILL)
    (project / ".venv" / "left-over").touch()
    result = manage(project, "quickstart", **offline)
    is_one_sentence(result, "could not be fetched", "PIP_INDEX_URL", "install.log")
    assert not (project / ".venv" / "left-over").exists()
    is_one_sentence(manage(project, "migrate"), "python3 manage.py quickstart")


@pytest.fixture
def lock(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "BASE_DIR", str(tmp_path))
    for name in ("VENV_PYTHON", "RECORD", "UNFINISHED"):
        monkeypatch.setattr(bootstrap, name, str(tmp_path / name))
    (tmp_path / "VENV_PYTHON").touch()
    (tmp_path / "requirements.txt").write_text("pytest==1\n")
    return tmp_path


def test_an_environment_of_ones_own_must_hold_every_pin(lock):
    pins = f"pytest=={pytest.__version__} \\\n    --hash=sha256:0\n    # via x\ncolorama==9 ; sys_platform == 'win32'\n"
    (lock / "requirements.txt").write_text(pins)
    assert bootstrap.holds("requirements.txt")
    (lock / "requirements.txt").write_text(pins + "no-such-package==1 \\\n")
    assert not bootstrap.holds("requirements.txt")
    (lock / "requirements.txt").write_text("pytest==0.1\n")
    assert not bootstrap.holds("requirements.txt")


def test_a_changed_lock_is_not_the_recorded_one(lock):
    (lock / "RECORD").write_text(f"requirements.txt {bootstrap.digest('requirements.txt')}\n")
    assert bootstrap.is_recorded("requirements.txt")
    (lock / "requirements.txt").write_text("pytest==2\n")
    assert not bootstrap.is_recorded("requirements.txt")


def test_an_unfinished_environment_counts_for_nothing(lock):
    (lock / "RECORD").write_text(f"requirements.txt {bootstrap.digest('requirements.txt')}\n")
    (lock / "UNFINISHED").touch()
    assert not bootstrap.is_recorded("requirements.txt")
