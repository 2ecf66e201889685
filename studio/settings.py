"""Every setting, from the environment. A capability is on because its address is set; docs/settings.md lists all."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext

from studio.env import envbool, envint, envlist, envnumber, envnumbers, envpairs, envstr, stored_secret

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(envstr("STUDIO_DATA_DIR") or BASE_DIR / "var").resolve()

# --- Where Studio is reached -------------------------------------------------------------------

HOST = envstr("HOST", "127.0.0.1")
PORT = envint("PORT", 8000, smallest=1, largest=65_535)
EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104 - to recognise them, not to bind to them
LOCAL_HOST = "127.0.0.1" if HOST in EVERY_INTERFACE else HOST
SITE_URL = envstr("STUDIO_SITE_URL", f"http://{f'[{LOCAL_HOST}]' if ':' in LOCAL_HOST else LOCAL_HOST}:{PORT}").rstrip(
    "/"
)
SITE = urlsplit(SITE_URL)
HTTPS = SITE.scheme == "https"

DEBUG = envbool("DEBUG")
SECRET_KEY = envstr("SECRET_KEY") or stored_secret(DATA_DIR / "secret.key")
SECRET_KEY_FALLBACKS = envlist("SECRET_KEY_FALLBACKS")
# The local names are for health checks from inside the container.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *(envlist("ALLOWED_HOSTS") or [SITE.hostname or LOCAL_HOST])]
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]

# Behind a proxy that ends TLS: believe its X-Forwarded-Proto.
if envbool("STUDIO_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
# Programs get an answer, never a redirect; what they send in the clear is sent by then.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^v1/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
# A new API key is shown as a message: that must not travel in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Cookies know no ports: without the port in their names, two Studios on one host would sign each other out.
SESSION_COOKIE_NAME = f"studio_session_{SITE.port or PORT}"
CSRF_COOKIE_NAME = f"studio_csrf_{SITE.port or PORT}"

# --- Django ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "videos.apps.VideosConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "videos.api.middleware.envelope",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "videos.views.middleware.content_security_policy",
    "videos.views.middleware.body_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
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
                "videos.views.context.studio",
            ],
            "builtins": ["videos.templatetags.studio"],
        },
    },
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "videos.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# --- Database ----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        envstr("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'studio.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # The intent of a create must survive a power cut before the create is sent: hence FULL.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }

# --- Storage: files in the data directory, or S3 as soon as a bucket is named ---------------------

MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = envstr("S3_BUCKET")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": envstr("S3_ENDPOINT_URL") or None,
            "access_key": envstr("S3_ACCESS_KEY_ID") or None,
            "secret_key": envstr("S3_SECRET_ACCESS_KEY") or None,
            "region_name": envstr("S3_REGION") or None,
            "addressing_style": envstr("S3_ADDRESSING_STYLE", "path"),
            "signature_version": "s3v4",
            "querystring_expire": 300,
            # Our keys are never used twice, so the look before each upload would be wasted.
            "file_overwrite": True,
        },
    }
# Where the browser meets stored media, for the content security policy.
MEDIA_ORIGIN = envstr("S3_ENDPOINT_URL") or ("https://*.amazonaws.com" if S3_BUCKET else "")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Largest request bodies, in bytes, and room for the fields beside: a reference of 20 MiB as base64 text; where a path
# begins so, a film of 100 MiB, or any file of 512 MiB.
BODY_MAX_BYTES = 32 * 1024 * 1024
BODY_MAX_BYTES_OF = {
    "/v1/videos/edits": 104 * 1024 * 1024,
    "/v1/videos/extensions": 104 * 1024 * 1024,
    "/v1/videos/characters": 104 * 1024 * 1024,
    "/v1/files": 516 * 1024 * 1024,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_MAX_BYTES
# Hours that the files of a finished video are kept; 0 keeps them until somebody deletes the video.
KEEP_HOURS = envnumber("STUDIO_KEEP_HOURS", 0, smallest=0)

# --- Tasks -------------------------------------------------------------------------------------

REDIS_URL = envstr("REDIS_URL")
MESSAGES_DIR = DATA_DIR / "messages"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    # A request must not wait for a broker that is away: the sweep finds what was not rung for.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"max_retries": 0, "socket_connect_timeout": 2}
else:
    CELERY_BROKER_TRANSPORT = "studio.folder:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(MESSAGES_DIR),
        "data_folder_out": str(MESSAGES_DIR),
        "control_folder": str(MESSAGES_DIR / "control"),
        "polling_interval": 0.1,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Seconds. A message that nobody took in time is dropped: the next one says the same.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "videos.sweep", "schedule": 0.5, "options": {"expires": 5}},
    "health": {"task": "videos.check_health", "schedule": 5.0, "options": {"expires": 10}},
    "orphans": {"task": "videos.remove_orphans", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "tidy": {"task": "videos.tidy", "schedule": 15.0, "options": {"expires": 15}},
}

# --- Backends and models -------------------------------------------------------------------------

BACKEND_URL = envstr("STUDIO_BACKEND_URL").rstrip("/")
# Each server has its own alias, so that videos under way are never asked of another.
BACKEND = urlsplit(BACKEND_URL).netloc if BACKEND_URL else "embedded"
EMBEDDED_OPTIONS: dict[str, Any] = {
    "base_url": envstr("STUDIO_ENGINE_URL", "http://127.0.0.1:8100/v1").rstrip("/"),
    "api_key": envstr("STUDIO_ENGINE_KEY") or stored_secret(DATA_DIR / "engine.key"),
    "features": ["remix", "edits", "extensions", "characters", "variants", "seed", "idempotency", "restart"],
}
REMOTE_OPTIONS: dict[str, Any] = {
    "base_url": BACKEND_URL,
    "api_key": envstr("STUDIO_BACKEND_KEY"),
    "features": envlist("STUDIO_BACKEND_FEATURES"),
}
VIDEO_BACKENDS: dict[str, dict[str, Any]] = {
    BACKEND: {
        "BACKEND": "videos.backends.http.HttpBackend",
        "OPTIONS": REMOTE_OPTIONS if BACKEND_URL else EMBEDDED_OPTIONS,
    }
}
# The first is the default.
VIDEO_MODELS: dict[str, dict[str, Any]] = {
    name: {"backend": BACKEND}
    for name in (envlist("STUDIO_BACKEND_MODELS", "sora-2,sora-2-pro") if BACKEND_URL else ["animatic-1"])
}
# Which model answers to the names that existing programs send, as `name=model`; unset: all of them to the first model.
VIDEO_MODEL_ALIASES: dict[str, str] | None = envpairs("STUDIO_MODEL_ALIASES") or None

# --- Programs and the world outside --------------------------------------------------------------

# Creates a minute and key; 0 for no limit. A key may have its own.
RATE_LIMIT = envint("STUDIO_RATE_LIMIT", 300, smallest=0, largest=100_000)
# Hosts, host:port or networks that webhooks and image URLs may reach although they are private.
OUTBOUND_ALLOWED = envlist("STUDIO_OUTBOUND_ALLOWED")
# Seconds to wait before each further attempt to deliver a webhook: three days in all.
WEBHOOK_RETRY_SECONDS = envnumbers("STUDIO_WEBHOOK_RETRY_SECONDS", "5,300,1800,7200,18000,36000,50400,72000,86400")

# --- First start ---------------------------------------------------------------------------------

ADMIN_EMAIL = envstr("STUDIO_ADMIN_EMAIL", "admin@studio.local")
ADMIN_PASSWORD = envstr("STUDIO_ADMIN_PASSWORD")
FIRST_API_KEY = envstr("STUDIO_API_KEY")

# --- Log -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}{of_request}: {message}", "style": "{"}},
    # Whoever asks /readyz reads the answer; a line for each 503 while starting tells nothing more.
    "filters": {
        "not_readyz": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not record.getMessage().endswith(": /readyz"),
        },
        # The id that the asker was told, too.
        "of_request": {"()": "videos.log.OfRequest"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["of_request"]}},
    "root": {"handlers": ["console"], "level": envstr("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["not_readyz"]},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},
    },
}
