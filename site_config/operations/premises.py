"""What a site needs of its machine before it starts: a folder, a secret key, a free port, and no other instance.

Standard library only: it is asked before there is an environment. Every function raises `Problem`, a sentence for
the owner.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import socket
from pathlib import Path

from site_config.bootstrap import BASE_DIR, Problem
from site_config.lib.environment import Environment


def prepare() -> None:
    """Makes the data folder and the secret key if they are missing, and finds the port and the folder free."""
    environment = Environment()
    data = environment.path("MASTHEAD_DATA", Path(BASE_DIR) / "var")
    host, port = environment.text("HOST", "127.0.0.1"), environment.number("PORT", 8000, least=1, most=65535)
    given_key = environment.text("SECRET_KEY")
    if environment.problems:
        raise Problem("\n".join(environment.problems))
    lock = claim(data)
    try:
        check_port(host, port)
        if not given_key:
            keep_key(data / "secret_key")
    finally:
        os.close(lock)


def claim(data: Path) -> int:
    """A descriptor that keeps every other instance out of the folder, which is made if it is missing.

    It stays good through `exec`, until it is closed or the process ends.
    """
    try:
        data.mkdir(mode=0o750, parents=True, exist_ok=True)
        descriptor = os.open(data / "instance.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Problem(unwritable(data, error.strerror)) from None
    if not os.access(data, os.W_OK):
        os.close(descriptor)
        raise Problem(unwritable(data, "read-only"))
    if not lock(descriptor):
        os.close(descriptor)
        raise Problem(f"Masthead is running already with the data in {data}; stop it, or set MASTHEAD_DATA to another folder")
    os.set_inheritable(descriptor, True)
    return descriptor


def announce(descriptor: int, address: str) -> None:
    """Writes where the instance that holds the claim answers, for commands in other shells."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, address.encode(), 0)


def running_at(data: Path) -> str | None:
    """The address of the instance that holds the claim on the folder; None if there is none."""
    try:
        descriptor = os.open(data / "instance.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if lock(descriptor) else os.pread(descriptor, 2000, 0).decode() or None
    finally:
        os.close(descriptor)


def unwritable(data: Path, reason: str | None) -> str:
    return f"The data folder {data} cannot be written ({reason}); set MASTHEAD_DATA to a folder that can"


def lock(descriptor: int) -> bool:
    """Whether the lock was free. Systems without file locks have no such guard."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def check_port(host: str, port: int) -> None:
    """Binds the address for a moment, so that a taken port is told before anything is prepared."""
    bind(host, port).close()


def bind(host: str, port: int) -> socket.socket:
    """A socket at this address, which does not listen yet."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with contextlib.ExitStack() as failing:
            made = failing.enter_context(socket.socket(family, kind, protocol))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            failing.pop_all()
            return made
    except OSError as error:
        raise Problem(port_problem(host, port, error)) from None


def port_problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken; choose another, as in: PORT={port + 1} python3 manage.py quickstart"
    if error.errno == errno.EACCES:
        return f"Port {port} is open to the system only; choose one above 1023, as in: PORT=8000"
    return f"HOST is {host}, which is no address of this machine ({error.strerror}); try HOST=127.0.0.1"


def keep_key(path: Path) -> None:
    """Writes a new secret key, readable by its owner alone, unless there is one. A kill leaves no half of one."""
    if path.exists() and path.stat().st_size:
        return
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
