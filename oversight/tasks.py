"""Periodic work of oversight."""

from celery import shared_task
from django.utils import timezone

from oversight import access, alarm_letters, bundling, checkpoint_letters


@shared_task(name="oversight.keep_up")
def keep_up() -> None:
    """Open and close projects and boards for auditors as their engagements begin and end; tell alarms of the log."""
    access.keep_up(timezone.now())
    alarm_letters.tell_alarms(timezone.now())


@shared_task(name="oversight.sweep_bundles")
def sweep_bundles() -> None:
    """Delete the files of bundles whose time is over, and what killed workers left of others."""
    bundling.sweep(timezone.now())


@shared_task(name="oversight.mail_checkpoints")
def mail_checkpoints() -> None:
    """Mail the newest checkpoint of the log to the auditors whose time it is."""
    checkpoint_letters.mail_checkpoints(timezone.now())
