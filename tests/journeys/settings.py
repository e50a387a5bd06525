"""Settings of the server, worker and beat of the journeys: a database of their own, static files as in production.

Beat turns in seconds what a story waits for, and elsewhere takes minutes.
"""

import os

from config import env
from config.settings import base
from config.settings.test import *  # noqa: F403  (settings modules extend each other by name)
from config.settings.test import DATA_DIR, DATABASES, WORKER

DATABASES["default"]["NAME"] = os.environ["IMPRIMATUR_JOURNEY_DATABASE"]
# Not the Redis database that the fixtures of the test suite empty after each test.
REDIS_URL = env.text("IMPRIMATUR_TEST_REDIS").replace("db=0", f"db={8 + int(WORKER[2:]) % 8}")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_BEAT_SCHEDULE = base.CELERY_BEAT_SCHEDULE | {
    name: {"task": name, "schedule": 2.0} for name in ("jobs.sweep", "compliance.plan")
}
AUDIT_COMMIT_GUARD = True
ORGANISATION = "灯塔研究所 Lighthouse Lab"
STORAGES = base.STORAGES
STATIC_ROOT = DATA_DIR / "journeys-static"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "journeys-mail"
env.refuse_if_incomplete()
