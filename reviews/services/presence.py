"""Saying that somebody has a dossier open, and at which question; nothing that is kept or decided depends on it."""

from datetime import datetime

from django.core.cache import cache

from accounts.models import User
from reviews.models import ReviewRequest
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.selectors.presence import SECONDS, key_of


def be_seen(*, actor: User, request: ReviewRequest, question: str, now: datetime) -> None:
    """Show the others for a while that the person has the dossier open, writing at the question, or at none ("").

    Raises what `why_not_edit` says: who only reads is not shown.
    """
    require(drafting.why_not_edit(actor, request, now))
    cache.set(key_of(request.pk, actor.pk), question, SECONDS)
