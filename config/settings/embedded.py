"""Settings of the product on one machine: SQLite, a private Redis, mail into files."""

import os
import secrets

from config import env
from config.settings.base import *  # noqa: F403  (settings modules extend each other by name)
from config.settings.base import DATA_DIR

ALLOWED_HOSTS = env.words("IMPRIMATUR_HOSTS", "localhost,127.0.0.1,[::1]")


def _secret(name: str) -> str:
    """Return the secret kept in the data folder, made at the first start, readable by its owner only."""
    path = DATA_DIR / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            return path.read_text()
    return path.read_text()


SECRET_KEY = _secret("secret-key")
FIELD_KEY = _secret("field-key")
REDIS_URL = env.text("IMPRIMATUR_REDIS", "redis://127.0.0.1:6379/0")
SAMPLE = env.flag("IMPRIMATUR_SAMPLE", True)

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "imprimatur.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("IMPRIMATUR_FROM", "imprimatur@localhost")
