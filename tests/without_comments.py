"""A site without a conversation: what `articles` must be able to live with."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in {"comments", "site_config.apps.MastheadAdminConfig"}]  # noqa: F405
INSTALLED_APPS.insert(0, "django.contrib.admin.apps.SimpleAdminConfig")
ROOT_URLCONF = "tests.without_comments_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
