"""Hands this process over to the supervisor."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NoReturn

from django.conf import settings


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
