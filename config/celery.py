"""The Celery application: a carrier of job ids, see jobs/."""

import os

from celery import Celery
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
app = Celery("imprimatur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _refuse_unguarded(**_given: object) -> None:
    """A worker doesn't work while the audit log can be changed."""
    from audit.starting import refuse_unguarded  # noqa: PLC0415  (the apps are there when a worker starts)

    try:
        refuse_unguarded()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from None  # any other exception in a signal is only logged
