"""Periodic work of oversight."""

from celery import shared_task
from django.utils import timezone

from oversight import access, bundling


@shared_task(name="oversight.keep_up")
def keep_up() -> None:
    """Open and close projects and boards for auditors as their engagements begin and end."""
    access.keep_up(timezone.now())


@shared_task(name="oversight.sweep_bundles")
def sweep_bundles() -> None:
    """Delete the files of bundles whose time is over, and what killed workers left of others."""
    bundling.sweep(timezone.now())
