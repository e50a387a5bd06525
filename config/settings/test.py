"""Settings of the test suite: the servers that tests/servers.py started, fast hashing, mail in memory."""

import os
from pathlib import Path

from config import env
from config.settings.base import *  # noqa: F403  (settings modules extend each other by name)

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
FIELD_KEY = "only-for-tests-9876543210"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATA_DIR = Path(os.environ["IMPRIMATUR_TEST_FOLDER"]) / "data" / WORKER
DATA_DIR.mkdir(parents=True, exist_ok=True)
FILES_KEYS = str(DATA_DIR / "files-keys")
Path(FILES_KEYS).write_text("only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")
LOG_SIGNER = str(DATA_DIR / "signer")
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
REDIS_URL = env.text("IMPRIMATUR_TEST_REDIS").replace("db=0", f"db={int(WORKER[2:]) % 16}")
ENGINE = env.text("IMPRIMATUR_TEST_ENGINE", "postgresql")

if ENGINE == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "test.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "imprimatur",
            "USER": "owner",
            "HOST": env.text("IMPRIMATUR_TEST_POSTGRES"),
        }
    }
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = env.broker(REDIS_URL)
COMPLIANCE_LIBRARIES_AT_MIGRATE = False  # a test begins with an empty log; who needs libraries loads them
AUDIT_COMMIT_GUARD = (
    False  # in a test of one transaction it can't tell services apart: the fixture `guarded` sets it
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "imprimatur@example.org"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
env.refuse_if_incomplete()
