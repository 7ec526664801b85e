"""The project's settings, with a data folder of the tests' own and nothing that waits."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("MASTHEAD_DATA", tempfile.mkdtemp(prefix="masthead-tests-"))
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("SECRET_KEY", "tests only")

from site_config.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
PAGES_STRICT = True
PAGE_STORE_BYTES = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="masthead-media-"))
ORIGINALS_ROOT = Path(tempfile.mkdtemp(prefix="masthead-originals-"))
if not os.environ.get("CACHE_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    # Emptied before each test: a part of Redis for each process, the first being the running sites'.
    _process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 15 + 1
    CACHES["default"]["LOCATION"] = urlsplit(os.environ["CACHE_URL"])._replace(path=f"/{_process}").geturl()
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SILENCED_SYSTEM_CHECKS = ["masthead.E003"]
