"""Finds or makes the environment that a command of `manage.py` needs, and goes on inside it.

Standard library only, and parses on any Python 3, so that an old one can say what is missing. Whatever stands in
the way ends the process with one sentence and exit code 1.
"""
# ruff: noqa: UP031, RUF005 (an old Python must be able to read this file)

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BASE_DIR, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python.exe" if os.name == "nt" else "python")
RECORD = os.path.join(VENV, "masthead-locks")
UNFINISHED = os.path.join(VENV, "masthead-unfinished")
LOG = os.path.join(VENV, "install.log")
OLDEST = (3, 11)
LOCKS = {"quickstart": "requirements.txt", "test": "requirements-dev.txt"}
ALSO_HOLDS = {"requirements-dev.txt": ["requirements.txt"]}
SIGNS_OF_NO_NETWORK = ("ConnectionError", "TimeoutError", "ProxyError", "SSLError", "Retrying", "from versions: none")


class Problem(Exception):
    """What stands in the way, in one sentence that says what to do about it."""


def main(argv):
    """Runs the command line `argv` of manage.py in the environment that it needs."""
    command = argv[1] if len(argv) > 1 else "help"
    try:
        check_python(argv)
        if command == "quickstart" and not {"-h", "--help"} & set(argv):
            from site_config.operations import premises

            premises.prepare()
        find_environment(command, argv)
        if command == "test":
            run_tests(argv[2:])
        else:
            run_django(argv)
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


def run_django(argv):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
    if argv[1:] == ["serve"]:  # half a second sooner than as a command of Django's
        from site_config.operations import server

        server.serve()
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


def run_tests(arguments):
    import pytest

    os.chdir(BASE_DIR)
    sys.exit(pytest.main(arguments))


def check_python(argv):
    if sys.version_info >= OLDEST:
        return
    found, newer = "%d.%d.%d" % sys.version_info[:3], newer_python()
    advice = "install one and run the command with it"
    if newer:
        advice = "run it as: %s %s" % (newer, " ".join(argv))
    raise Problem("Masthead needs Python %d.%d or newer, and this is Python %s; %s" % (OLDEST + (found, advice)))


def newer_python():
    """The first command on PATH that really starts a Python new enough, or None."""
    names = ["python3.%d" % minor for minor in range(OLDEST[1], OLDEST[1] + 10)] + ["python3"]
    check = "import sys; sys.exit(sys.version_info < %r)" % (OLDEST,)
    for name in names:
        if shutil.which(name) and subprocess.call([name, "-c", check], stderr=subprocess.DEVNULL) == 0:
            return name
    return None


def find_environment(command, argv):
    """Returns inside an environment fit for the command, or replaces the process by one that is."""
    lock = LOCKS.get(command)
    if not (is_fit(lock) if lock else importable("django")):
        if lock is None and (is_inside() or not os.path.exists(RECORD)):
            raise Problem("Masthead is not installed yet; run first: python3 manage.py quickstart")
        if lock and (is_inside() or not is_recorded(lock)):
            make(lock)
        enter(argv)


def is_fit(lock):
    """Whether this Python has what the lock pins: .venv by its record, another environment by its packages."""
    if is_inside():
        return is_recorded(lock) and importable("django")
    return (is_virtual() or not os.path.exists(VENV)) and holds(lock)


def importable(name):
    import importlib.util

    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def is_virtual():
    return sys.prefix != sys.base_prefix


def is_inside():
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def holds(lock):
    """Whether this Python has every package of the lock at its version (lines with a marker are not looked at)."""
    from importlib import metadata

    with open(os.path.join(BASE_DIR, lock)) as lines:
        pins = [line.rstrip(" \\\n").split("==") for line in lines if line[0].isalnum() and ";" not in line]
    try:
        return all(metadata.version(name) == version for name, version in pins)
    except metadata.PackageNotFoundError:
        return False


def digest(lock):
    with open(os.path.join(BASE_DIR, lock), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def is_recorded(lock):
    """Whether .venv was finished, and with this very lock."""
    if os.path.exists(UNFINISHED) or not os.path.exists(VENV_PYTHON):
        return False
    try:
        with open(RECORD) as file:
            return "%s %s\n" % (lock, digest(lock)) in file.readlines()
    except OSError:
        return False


def make(lock):
    """Makes .venv, or brings it up to the lock. One that was left unfinished, or lost its Django, is made anew."""
    if is_inside() and os.environ.get("MASTHEAD_ENVIRONMENT_MADE"):
        raise Problem("The environment in %s does not work; delete that folder and run the command again" % VENV)
    with alone():
        if is_recorded(lock) and (not is_inside() or importable("django")):
            return
        try:
            broken = os.path.exists(RECORD) and is_inside() and not importable("django")
            if broken or os.path.exists(UNFINISHED) or not os.path.exists(VENV_PYTHON):
                make_venv()
            install(lock)
        except OSError as error:
            reason = "%s cannot be written (%s)" % (VENV, error.strerror)
            raise Problem("%s; put the project into a folder that you may write to" % reason) from None
    os.environ["MASTHEAD_ENVIRONMENT_MADE"] = "1"


@contextlib.contextmanager
def alone():
    """Lets one process at a time make the environment; others wait. Without file locks (Windows) it is no lock."""
    if os.name == "nt":
        yield
        return
    import fcntl

    folder = os.open(BASE_DIR, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_venv():
    if not importable("venv") or not importable("ensurepip"):
        name = "apt install python%d.%d-venv" % sys.version_info[:2]
        raise Problem("This Python cannot make environments: it lacks venv (on Debian and Ubuntu: %s)" % name)
    shutil.rmtree(VENV, ignore_errors=True)
    os.makedirs(VENV)
    open(UNFINISHED, "w").close()
    say("Making an environment for the packages ...")
    base = getattr(sys, "_base_executable", sys.executable)
    if call([base, "-m", "venv", VENV]) != 0:
        raise Problem("The environment could not be made; the reason is at the end of %s" % LOG)


def install(lock):
    """Installs what the lock pins, its hashes checked, and records it. Pip's words go to LOG."""
    open(UNFINISHED, "w").close()
    say("Installing the packages (about half a minute, once) ...")
    pip = [VENV_PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--require-hashes"]
    if call(pip + ["-r", os.path.join(BASE_DIR, lock)]) != 0:
        with open(LOG, errors="replace") as file:
            words = file.read()
        if any(sign in words for sign in SIGNS_OF_NO_NETWORK):
            advice = "check the network, or set PIP_INDEX_URL to an index within reach"
            raise Problem("The packages could not be fetched; %s (pip's words are in %s)" % (advice, LOG))
        raise Problem("The packages could not be installed; the reason is at the end of %s" % LOG)
    with open(RECORD, "w") as file:
        file.writelines("%s %s\n" % (name, digest(name)) for name in [lock] + ALSO_HOLDS.get(lock, []))
    os.remove(UNFINISHED)


def say(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def call(command):
    with open(LOG, "ab") as log:
        return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def enter(argv):
    """Starts the same command line again with the Python of .venv, in this process's place."""
    command = [VENV_PYTHON] + argv
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(VENV_PYTHON, command)  # noqa: S606
