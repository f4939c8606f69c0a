"""Django's settings, derived from the table of :mod:`tanggap.config.variables`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from tanggap.config import variables
from tanggap.config.database import database
from tanggap.config.mail import mail
from tanggap.records.keys import secret

_chosen = variables.read()
_PACKAGE = Path(__file__).resolve().parent.parent

# where things lie -----------------------------------------------------------------------------------------------------
TANGGAP_DATA = Path(_chosen["TANGGAP_DATA"]).absolute()
TANGGAP_KEYS = Path(_chosen["TANGGAP_KEYS"] or f"{TANGGAP_DATA}-kunci").absolute()
TANGGAP_BASE_URL: str = _chosen["TANGGAP_BASE_URL"].rstrip("/")
TANGGAP_PROXIES: tuple[str, ...] = _chosen["TANGGAP_PROXIES"]
TANGGAP_BIND: str = _chosen["TANGGAP_BIND"]
TANGGAP_PORT: int = _chosen["TANGGAP_PORT"]
TANGGAP_THREADS: int = _chosen["TANGGAP_THREADS"]
TANGGAP_WORKER: bool = _chosen["TANGGAP_WORKER"]
TANGGAP_WORKER_SECONDS: int = _chosen["TANGGAP_WORKER_SECONDS"]
TANGGAP_FILE_MEGABYTES: int = _chosen["TANGGAP_FILE_MEGABYTES"]
TANGGAP_FILES_MOST: int = _chosen["TANGGAP_FILES_MOST"]
TANGGAP_CASE_MEGABYTES: int = _chosen["TANGGAP_CASE_MEGABYTES"]
TANGGAP_RAW_DAYS: int = max(_chosen["TANGGAP_RAW_DAYS"], 31)  # an officer may decide about it for a month
TANGGAP_LAW: str = _chosen["TANGGAP_LAW"]
TANGGAP_LADDER: str = _chosen["TANGGAP_LADDER"]
TANGGAP_SESSION_HOURS: int = _chosen["TANGGAP_SESSION_HOURS"]
TANGGAP_IDLE_MINUTES: int = _chosen["TANGGAP_IDLE_MINUTES"]

for _folder in (TANGGAP_DATA, TANGGAP_DATA / "static"):
    _folder.mkdir(parents=True, exist_ok=True, mode=0o700)
DEBUG: bool = _chosen["TANGGAP_DEBUG"]
SECRET_KEY = secret(TANGGAP_KEYS, "django").hex()

_url = urlsplit(TANGGAP_BASE_URL)
_IS_HTTPS = _url.scheme == "https"
_LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*(_chosen["TANGGAP_HOSTS"] or [_url.hostname or "localhost"]), *_LOCAL_NAMES]
CSRF_TRUSTED_ORIGINS = [TANGGAP_BASE_URL] if _IS_HTTPS else []

# rooms ----------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tanggap.web",  # before allauth, so that its pages wear our templates
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "tanggap.records",
]
MIDDLEWARE = [
    "tanggap.config.proxies.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tanggap.config.sessions.EndingSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tanggap.config.urls"
WSGI_APPLICATION = "tanggap.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# database -------------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **database(_chosen["TANGGAP_DATABASE_URL"], data=TANGGAP_DATA, pool=_chosen["TANGGAP_DATABASE_POOL"]),
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# people ---------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["tanggap.config.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/tugas"
ACCOUNT_ADAPTER = "tanggap.config.accounts.NoSignUp"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _url.scheme or "http"

# sessions and headers -------------------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-sesi" if _IS_HTTPS else "sesi"
SESSION_COOKIE_AGE = TANGGAP_IDLE_MINUTES * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if _IS_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tanggap.web.errors.pages.csrf_failure"
SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SILENCED_SYSTEM_CHECKS = ["security.W021"] if not _IS_HTTPS else []

# words, numbers, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE: str = _chosen["TANGGAP_LANGUAGE"]
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _IS_HTTPS
LOCALE_PATHS = [_PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# files ----------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = TANGGAP_DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# mail and log ---------------------------------------------------------------------------------------------------------
TANGGAP_SENDS_MAIL = bool(_chosen["TANGGAP_EMAIL_URL"])
_mail = mail(_chosen["TANGGAP_EMAIL_URL"])
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
ANYMAIL: dict[str, object] = _mail.get("ANYMAIL", {})
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST", "localhost"), _mail.get("EMAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER", ""), _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _chosen["TANGGAP_EMAIL_FROM"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_tokens": {"()": "tanggap.config.logs.NoTokens"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["terminal"], "level": _chosen["TANGGAP_LOG_LEVEL"]},
    "loggers": {"django.server": {"level": "WARNING"}},
}
