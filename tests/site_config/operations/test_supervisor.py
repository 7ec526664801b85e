"""Real child processes, with the pauses of the supervisor made short."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = """
import signal, sys
from site_config.operations import children, supervisor
children.PAUSES, supervisor.GRACE = (0.1, 0.2, 30), 1.0
supervisor.supervise([children.Child("The child", [sys.executable, "-c", sys.argv[1]])], "http://x")
"""
NOTE = "import os; open('pids', 'a').write(f'{os.getpid()}\\n'); "


@pytest.fixture
def supervise(tmp_path):
    """Starts a supervisor over a child that runs this code after noting its number in a file."""
    started = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, NOTE + code],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(folder, least, seconds=10.0):
    """The numbers of the children so far, once there are `least`."""
    deadline = time.monotonic() + seconds
    found = []
    while len(found) < least and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            found = [int(line) for line in (folder / "pids").read_text().splitlines()]
        time.sleep(0.02)
    assert len(found) >= least
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def gone(pid, seconds=5.0):
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def until(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert true()


def test_a_killed_child_is_started_again(supervise, tmp_path):
    supervise("import time; time.sleep(60)")
    [first] = pids(tmp_path, 1)
    os.kill(first, signal.SIGKILL)
    _, second = pids(tmp_path, 2)
    assert alive(second)


def test_a_child_that_keeps_failing_is_tried_less_and_less_often(supervise, tmp_path):
    process = supervise("raise SystemExit(3)")
    pids(tmp_path, 3)
    process.terminate()
    _, words = process.communicate(timeout=10)
    assert [line.rsplit(" in ")[-1] for line in words.splitlines() if "starting" in line] == ["0.1 s", "0.2 s", "30 s"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_its_children_and_ends_well(supervise, tmp_path, number):
    process = supervise("import time; time.sleep(60)")
    [child] = pids(tmp_path, 1)
    process.send_signal(number)
    assert process.wait(5) == 0
    assert gone(child)


def test_a_stubborn_child_is_killed_after_the_grace(supervise, tmp_path):
    process = supervise("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('deaf', 'w'); time.sleep(60)")
    [child] = pids(tmp_path, 1)
    while not (tmp_path / "deaf").exists():
        time.sleep(0.02)
    process.terminate()
    assert process.wait(10) == 0
    assert gone(child)


def test_a_hang_up_renews_the_children_without_a_pause(supervise, tmp_path):
    """The pause after a failure would be half a minute here."""
    end = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(0)); open('hears', 'w'); time.sleep(60)"
    process = supervise(f"import os\nif not os.path.exists('third'):\n open('third', 'w')\n exit(1)\n{end}")
    first = pids(tmp_path, 2)[1]
    until(lambda: (tmp_path / "hears").exists())
    process.send_signal(signal.SIGHUP)
    second = pids(tmp_path, 3)[2]
    assert gone(first)
    assert alive(second)
    process.terminate()
    _, words = process.communicate(timeout=10)
    assert words.count("starting it again") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_die_with_a_killed_supervisor(supervise, tmp_path):
    process = supervise("import time; time.sleep(60)")
    [child] = pids(tmp_path, 1)
    process.kill()
    assert gone(child)


def test_it_imports_no_django():
    code = (
        "import sys, site_config.operations.supervisor; print([m for m in sys.modules if m.startswith(('django', 'granian'))])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
