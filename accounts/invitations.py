"""The link of an invitation: derived from its nonce and the secret key, so that it stands in no table and no job."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Invitation

LASTS = timedelta(days=14)


def token_of(invitation: Invitation) -> str:
    """Return what proves that somebody got the letter."""
    return salted_hmac(
        "accounts.invitation", f"{invitation.pk}:{invitation.nonce}", algorithm="sha256"
    ).hexdigest()


def path_of(invitation: Invitation) -> str:
    """Return the path of the page on which the person comes in."""
    return reverse("accounts:welcome", args=[invitation.pk, token_of(invitation)])


def open_invitation(invitation_id: int, token: str, now: datetime) -> Invitation | None:
    """Return the invitation when the link is genuine, unused, not withdrawn and not too old."""
    found = Invitation.objects.select_related("person", "made_by").filter(pk=invitation_id).first()
    if found is None or not constant_time_compare(token, token_of(found)) or not found.is_open(now):
        return None
    return found
