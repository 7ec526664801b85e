"""All settings of the project, read from the environment, each with a working default."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management.utils import get_random_secret_key

from site_config.lib import logs
from site_config.lib.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- the place -------------------------------------------------------------------------------------------
DATA_DIR = env.path("MASTHEAD_DATA", BASE_DIR / "var")
SITE_HOST = env.text("HOST", "127.0.0.1")
SITE_PORT = env.number("PORT", 8000, least=1, most=65535)
_name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(SITE_HOST, f"[{SITE_HOST}]" if ":" in SITE_HOST else SITE_HOST)  # noqa: S104
SITE_URL = env.site_url("SITE_URL", f"http://{_name}:{SITE_PORT}")
WEB_WORKERS = env.number("MASTHEAD_WORKERS", 2, least=1, most=64)
TRUSTED_PROXIES = env.number("MASTHEAD_PROXIES", 0, most=10)
DEBUG = env.flag("DEBUG")

SECRET_KEY_FILE_PATH = DATA_DIR / "secret_key"
try:
    _kept_key = SECRET_KEY_FILE_PATH.read_text(encoding="ascii").strip()
except OSError:
    _kept_key = ""
SECRET_KEY = env.text("SECRET_KEY", _kept_key)
# Without a key the commands that need none still run; `serve` refuses to start (see checks.py).
SECRET_KEY_IS_KEPT = bool(SECRET_KEY)
SECRET_KEY = SECRET_KEY or get_random_secret_key()

# --- the site, as its owner names it ------------------------------------------------------------------------
SITE_NAME = env.text("MASTHEAD_NAME", "Masthead")
SITE_TAGLINE = env.text("MASTHEAD_TAGLINE", "Long articles, and the conversation around them.")
LANGUAGE_CODE = env.text("MASTHEAD_LANGUAGE", "en-gb")
TIME_ZONE = env.text("MASTHEAD_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
SHARE_SERVICES = env.items(
    "MASTHEAD_SHARE",
    (
        "x", "facebook", "linkedin", "whatsapp", "telegram", "reddit", "bluesky", "mastodon",
        "threads", "hackernews", "pinterest", "email",
    ),
)  # fmt: skip

# --- the conversation ---------------------------------------------------------------------------------------
COMMENT_MODERATION = env.choice("MASTHEAD_COMMENT_MODERATION", "links", ("open", "links", "first", "all"))
COMMENT_RATE = env.rate("MASTHEAD_COMMENT_RATE", "5/m")
COMMENT_MIN_SECONDS = env.number("MASTHEAD_COMMENT_MIN_SECONDS", 3, most=600)
COMMENT_CLOSE_DAYS = env.number("MASTHEAD_COMMENT_CLOSE_DAYS", 0, most=36500)
COMMENTS_OPEN = env.flag("MASTHEAD_COMMENTS", True)
RESERVED_NAMES = env.items("MASTHEAD_RESERVED_NAMES", ("admin", "administrator", "editor", "the editor", "moderator", "staff"))

# --- pages that are kept whole ----------------------------------------------------------------------------
PAGE_STORE_BYTES = env.number("MASTHEAD_PAGE_STORE_MB", 64, most=100_000) * 1_000_000
PAGE_FILES_BYTES = env.number("MASTHEAD_PAGE_FILES_MB", 512, most=100_000) * 1_000_000
PAGE_COUNTERS = env.flag("MASTHEAD_PAGE_COUNTERS", True)
PAGE_FACADE = env.text("MASTHEAD_PAGE_FACADE") and env.path("MASTHEAD_PAGE_FACADE", DATA_DIR)

# --- the applications, from the ground up -------------------------------------------------------------------
INSTALLED_APPS = [
    "site_config.apps.MastheadAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_prose_editor",
    "taggit",
    "site_config.apps.SiteConfig",
    "site_config.audit",
    "site_config.jobs",
    "site_config.mail",
    "site_config.pages",
    "articles",
    "comments",
    "site_config.accounts",
    "site_config.operations",
]

MIDDLEWARE = [
    "site_config.middleware.RequestId",
    "site_config.outage.DatabaseAway",
    "site_config.pages.middleware.KeepPages",
    "site_config.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "site_config.middleware.RefuseUnreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "site_config.urls"
WSGI_APPLICATION = "site_config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "site_config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["site"]
CRISPY_TEMPLATE_PACK = "site"
TAGGIT_CASE_INSENSITIVE = True

# --- what is kept where ---------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "masthead.sqlite3")}
if DATABASES["default"]["ENGINE"] == "site_config.lib.sqlite":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=16384; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

_cache_url = env.text("CACHE_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache_url}
    if _cache_url
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(DATA_DIR / "cache")}
}
TASKS = {"default": {"BACKEND": "site_config.jobs.backend.DatabaseBackend", "QUEUES": []}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
ORIGINALS_ROOT = DATA_DIR / "originals"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "site_config.staticfiles.HashedStaticStorage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000  # as the server takes, so that a form tells what is too long
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
IMAGE_MAX_BYTES = 25_000_000
IMAGE_MAX_PIXELS = 50_000_000

# --- signing in -----------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "site_config.accounts.sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "site_config.accounts.adapter.StaffOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- mail -----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "site_config.mail.backend.QueueBackend"
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", EMAIL_PORT == 587) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"noreply@{urlsplit(SITE_URL).hostname}")
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Writing what readers see outside pages.changing() raises if true, and is logged and healed if false.
PAGES_STRICT = False

# --- safety ---------------------------------------------------------------------------------------------------
_site = urlsplit(SITE_URL)
_here = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}  # noqa: S104 (a name to compare with)
ALLOWED_HOSTS = [f"[{_site.hostname}]" if ":" in (_site.hostname or "") else _site.hostname, *env.items("MASTHEAD_HOSTS")]
if _site.hostname in _here:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
HTTPS = _site.scheme == "https"
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = env.number("MASTHEAD_HSTS_SECONDS", 63_072_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("MASTHEAD_HSTS_SUBDOMAINS")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The shape of Django 6's setting of this name; site_config.middleware reads it until then.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}

# --- watching it ----------------------------------------------------------------------------------------------
METRICS_TOKEN = env.text("MASTHEAD_METRICS_TOKEN")
LOGGING = logs.config(env.choice("MASTHEAD_LOG", "text", logs.FORMS), env.choice("LOG_LEVEL", "INFO", logs.LEVELS))

if env.problems:
    sys.exit("\n".join(env.problems))
