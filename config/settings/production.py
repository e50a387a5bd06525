"""Settings of the product with PostgreSQL, Redis and SMTP; refuses to start while anything needed is missing."""

from config import env
from config.settings.base import *  # noqa: F403  (settings modules extend each other by name)

SECRET_KEY = env.text("IMPRIMATUR_SECRET_KEY")
FIELD_KEY = env.text("IMPRIMATUR_FIELD_KEY")
ALLOWED_HOSTS = env.words("IMPRIMATUR_HOSTS")
SEAL_PKCS12 = env.text("IMPRIMATUR_SEAL_PKCS12")
SEAL_PASSWORD = env.text("IMPRIMATUR_SEAL_PASSWORD")
REDIS_URL = env.text("IMPRIMATUR_REDIS")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env.text("IMPRIMATUR_DATABASE_NAME"),
        "HOST": env.text("IMPRIMATUR_DATABASE_HOST"),
        "USER": env.text("IMPRIMATUR_DATABASE_USER"),
        "PASSWORD": env.text("IMPRIMATUR_DATABASE_PASSWORD", ""),
        "PORT": env.number("IMPRIMATUR_DATABASE_PORT", 5432),
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = env.broker(REDIS_URL)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_HOST = env.text("IMPRIMATUR_SMTP_HOST")
DEFAULT_FROM_EMAIL = env.text("IMPRIMATUR_FROM")
