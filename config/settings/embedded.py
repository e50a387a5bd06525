"""Settings of the product on one machine: SQLite, a private Redis, mail into files."""

from config import env
from config.secrets import kept_secret
from config.settings.base import *  # noqa: F403  (settings modules extend each other by name)
from config.settings.base import DATA_DIR

EMBEDDED = True
ALLOWED_HOSTS = env.words("IMPRIMATUR_HOSTS", "localhost,127.0.0.1,[::1]")
SECRET_KEY = kept_secret(DATA_DIR, "secret-key")
FIELD_KEY = kept_secret(DATA_DIR, "field-key")
kept_secret(DATA_DIR, "files-keys")
FILES_KEYS = str(DATA_DIR / "keys" / "files-keys")
# A running `manage.py up` tells its children where its Redis listens; other commands read it from the data folder.
_address = DATA_DIR / "redis" / "address"
REDIS_URL = env.text(
    "IMPRIMATUR_REDIS", _address.read_text() if _address.is_file() else "redis://127.0.0.1:6379/0"
)
# Accounts whose passwords everybody knows are offered only where the sample was loaded, see desk/supervision/sample.py.
SAMPLE = env.flag("IMPRIMATUR_SAMPLE", (DATA_DIR / "sample").exists())
if SAMPLE:
    ORGANISATION = env.text("IMPRIMATUR_ORGANISATION", "Lanternfield Institute · 灯原研究院")

ATTESTATIONS_PUBLIC = env.flag(
    "IMPRIMATUR_ATTESTATIONS_PUBLIC", True
)  # who reaches this machine may read them

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
CELERY_BROKER_URL = env.broker(REDIS_URL)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("IMPRIMATUR_FROM", "imprimatur@localhost")
env.refuse_if_incomplete()
