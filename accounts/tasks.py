"""What beat starts: clearing away sessions that ended by themselves, and what was asked and answered long ago."""

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.proofs import SigningChallenge
from accounts.services.api_tokens import forget_answers


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete expired sessions, notes about those that are gone, old challenges and answers; twice does no harm."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=live).delete()
    forget_answers(timezone.now())
    SigningChallenge.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
