"""Hands this process over to the supervisor."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NoReturn

from django.conf import settings

from site_config.bootstrap import Problem
from site_config.operations import premises


def serve() -> NoReturn:
    """`manage.py serve`. Needs the settings only: Django is loaded in the processes that answer, and not here as well."""
    try:
        claim = premises.claim(settings.DATA_DIR)
        premises.check_port(settings.SITE_HOST, settings.SITE_PORT)
        premises.announce(claim, settings.SITE_URL)
    except Problem as problem:
        sys.exit(str(problem))
    if not settings.SECRET_KEY_IS_KEPT:
        sys.exit("There is no secret key; run quickstart once, or set SECRET_KEY or SECRET_KEY_FILE")
    start()


def start() -> NoReturn:
    """Serves the site in this process's place. Open descriptors that may be inherited (the instance lock) live on."""
    search = [str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, search)), "PYTHONUNBUFFERED": "1"}
    arguments = [settings.SITE_HOST, str(settings.SITE_PORT), str(settings.WEB_WORKERS), settings.SITE_URL]
    command = [sys.executable, "-m", "site_config.operations.supervisor", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)  # noqa: S606
