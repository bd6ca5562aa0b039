"""Settings, read from the environment once; every name a deployment may set is listed here.

``DATABASE_URL``            a PostgreSQL server; without it an embedded one runs in the data folder
``NEWSDESK_DIRECT_DATABASE_URL``  past the pooler, if ``DATABASE_URL`` leads to one (live updates)
``NEWSDESK_DATA``           folder for the embedded database, secrets and files (default ``var/``)
``NEWSDESK_SECRET_KEY``     signing key; without it one is made and kept in the data folder
``NEWSDESK_HOSTS``          comma-separated host names; needed behind a real domain
``NEWSDESK_HTTPS``          ``1`` when served over https: secure cookies, HSTS
``NEWSDESK_MAIL_URL``       ``smtp://user:password@host:port``; without it mail goes to the console
``NEWSDESK_MAIL_FROM``      the address that invitations come from
``NEWSDESK_API_RATE``       calls a minute that one token may make (default 1200; 0: any)
``NEWSDESK_IMPORT_MB``      the largest file that the API imports (default 2000)
``NEWSDESK_IMPORT_DAYS``    days that the file of an import is kept after its end (default 90)
``NEWSDESK_STORAGE_URL``    ``s3://bucket/folder?region=…&endpoint=https://…`` for files, instead of
                            the data folder; its keys are in ``AWS_ACCESS_KEY_ID`` and the like
``NEWSDESK_DEBUG``          ``1`` for Django's debug pages; never in production
``PORT``                    where ``python -m newsdesk`` listens, on 127.0.0.1 (default 8000)
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

from newsdesk import database, secret_key, storage

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("NEWSDESK_DATA") or BASE_DIR / "var").resolve()
DEBUG = os.environ.get("NEWSDESK_DEBUG") == "1"
HTTPS = os.environ.get("NEWSDESK_HTTPS") == "1"
# Arrow looks at this when it is loaded. Its own allocator takes up to 30 MB more, and no less time.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

SECRET_KEY = secret_key.from_environment(DATA_DIR)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += os.environ.get("NEWSDESK_HOSTS", "").replace(",", " ").split()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and "." in host]

INSTALLED_APPS = [
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",  # first: every answer gets it
    "newsdesk.problems.ProblemsBelowApi",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads its answers at random, against BREACH
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "newsdesk.middleware.ErrorsInWords",
]

ROOT_URLCONF = "newsdesk.urls"
WSGI_APPLICATION = "newsdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database.settings_from_environment(DATA_DIR)}
#: Where NOTIFY is sent and heard; empty where ``DATABASES`` does for that, too.
DIRECT_DATABASE_URL = os.environ.get("NEWSDESK_DIRECT_DATABASE_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Holds how often somebody failed to sign in: all processes must count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "newsdesk_cache",
        # So many that guessing at other names does not push a name's own count out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

#: What one token may do; as much again may come in one burst after a quiet minute.
API_CALLS_A_MINUTE = int(os.environ.get("NEWSDESK_API_RATE") or 1200)
TASKS = {"default": {"BACKEND": "newsdesk.jobs.JobBackend", "QUEUES": []}}

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "articles.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "articles.desk.adapters.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FORM_CLASS = "articles.desk.forms.NameForm"
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already reached the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "newsdesk.signing_in.csrf_failure"

# --- the browser's rules --------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": storage.settings_from_environment(DATA_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # bytes: 2 MB of text may take 6 MB form-encoded
IMPORT_MAX_BYTES = int(os.environ.get("NEWSDESK_IMPORT_MB") or 2000) * 1_000_000
IMPORT_DAYS = int(os.environ.get("NEWSDESK_IMPORT_DAYS") or 90)
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- words and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- mail -----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("NEWSDESK_MAIL_FROM", "newsdesk@localhost")
MAILERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
if mail := os.environ.get("NEWSDESK_MAIL_URL"):
    _mail = urlsplit(mail)
    _port = _mail.port or 587
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail.hostname or "localhost",
            "port": _port,
            "username": unquote(_mail.username or ""),
            "password": unquote(_mail.password or ""),
            # 25 is a relay of one's own; 465 is encrypted before the first word is said.
            "use_tls": _port not in (25, 465),
            "use_ssl": _port == 465,
            "timeout": 10,  # seconds: a page waits for it
        },
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # What it minds about a page is said to whoever brought the page.
        "trafilatura": {"level": "CRITICAL"},
        # A job that failed is told of by newsdesk.jobs, once; of the worker, by newsdesk.worker.
        "procrastinate": {"level": "CRITICAL"},
        # What callers did wrong is answered to them; what broke here is in newsdesk.incidents.
        "django.request": {"level": "CRITICAL"},
        # Anybody can send any host name; who was sent here by a wrong one reads why.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
