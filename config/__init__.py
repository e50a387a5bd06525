"""Settings, addresses and the Celery application, which must exist before anything sends a job."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
