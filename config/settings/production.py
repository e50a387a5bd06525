"""Settings of the product with PostgreSQL, Redis and SMTP; refuses to start while anything needed is missing.

docs/production.md lists every variable. Behind a proxy that ends TLS, IMPRIMATUR_BEHIND_PROXY=1 makes Django believe
its X-Forwarded-Proto header; set it only where the proxy overwrites that header.
"""

from urllib.parse import urlsplit

from config import env, keys
from config.secrets import why_no_keys
from config.settings.base import *  # noqa: F403  (settings modules extend each other by name)

SECRET_KEY = env.text("IMPRIMATUR_SECRET_KEY")
if SECRET_KEY and len(SECRET_KEY) < 50:
    env.fault("IMPRIMATUR_SECRET_KEY", "must have at least 50 characters")
FIELD_KEY = env.text("IMPRIMATUR_FIELD_KEY")
if FIELD_KEY and len(FIELD_KEY) < 32:
    env.fault("IMPRIMATUR_FIELD_KEY", "must have at least 32 characters")
FILES_KEYS = env.text("IMPRIMATUR_FILES_KEYS")
if FILES_KEYS and (_why := why_no_keys(FILES_KEYS, 43)):
    env.fault("IMPRIMATUR_FILES_KEYS", f"names {FILES_KEYS}, which {_why}")
ALLOWED_HOSTS = env.words("IMPRIMATUR_HOSTS")
if "*" in ALLOWED_HOSTS:
    env.fault("IMPRIMATUR_HOSTS", "must name the hosts, and can't be *")
BASE_URL = env.text("IMPRIMATUR_BASE_URL", f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "")
if BASE_URL and urlsplit(BASE_URL).scheme != "https":
    env.fault("IMPRIMATUR_BASE_URL", "must begin with https://")
SEAL_PKCS11, SYSTEM_PKCS11 = keys.token("IMPRIMATUR_SEAL"), keys.token("IMPRIMATUR_SYSTEM")
SEAL_PKCS12, SEAL_PASSWORD = keys.file("IMPRIMATUR_SEAL", SEAL_PKCS11, is_needed=True)
SYSTEM_PKCS12, SYSTEM_PASSWORD = keys.file("IMPRIMATUR_SYSTEM", SYSTEM_PKCS11, is_needed=False)
PEOPLE_ISSUER_PKCS12, PEOPLE_ISSUER_PASSWORD = keys.file("IMPRIMATUR_PEOPLE_ISSUER", {}, is_needed=False)
ATTESTATION_KEYS = env.words("IMPRIMATUR_ATTESTATION_KEY")
ATTESTATION_PASSWORD = env.text("IMPRIMATUR_ATTESTATION_PASSWORD", "")
REDIS_URL = env.text("IMPRIMATUR_REDIS")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env.text("IMPRIMATUR_DATABASE_NAME"),
        "HOST": env.text("IMPRIMATUR_DATABASE_HOST"),
        "USER": env.text("IMPRIMATUR_DATABASE_USER"),
        "PASSWORD": env.text("IMPRIMATUR_DATABASE_PASSWORD", ""),
        "PORT": env.number("IMPRIMATUR_DATABASE_PORT", 5432),
        "CONN_MAX_AGE": env.number("IMPRIMATUR_DATABASE_SECONDS", 300),  # a connection is kept so long
        "CONN_HEALTH_CHECKS": True,
    }
}
AUDIT_LOGINS_APART = True
SEQUENCER_DATABASE_USER = env.text("IMPRIMATUR_SEQUENCER_DATABASE_USER", "imprimatur_sequencer")
SEQUENCER_DATABASE_PASSWORD = env.text("IMPRIMATUR_SEQUENCER_DATABASE_PASSWORD", "")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [
    "^healthz$",  # probes ask without TLS
    r"^certificates/[0-9a-f]{64}\.(crl|cer)$",  # so do programs that check a certificate (RFC 5280, section 8)
]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env.words("IMPRIMATUR_TRUSTED_ORIGINS", BASE_URL)
# The address of a visitor, for rate limits and events: the last but n of X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("IMPRIMATUR_BEHIND_PROXY") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("IMPRIMATUR_BEHIND_PROXY") else None

EMAIL_HOST = env.text("IMPRIMATUR_SMTP_HOST")
SMTP_SECURITY = env.one_of("IMPRIMATUR_SMTP_SECURITY", ("starttls", "tls", "none"), "starttls")
EMAIL_USE_TLS = SMTP_SECURITY == "starttls"
EMAIL_USE_SSL = SMTP_SECURITY == "tls"
EMAIL_PORT = env.number("IMPRIMATUR_SMTP_PORT", {"starttls": 587, "tls": 465}.get(SMTP_SECURITY, 25))
EMAIL_HOST_USER = env.text("IMPRIMATUR_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("IMPRIMATUR_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.text("IMPRIMATUR_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
env.refuse_if_incomplete()
