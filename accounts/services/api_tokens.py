"""Tokens of the API: made by a person for themself, shown once, revoked by them or by an administrator."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.api_tokens import ApiToken, KeptAnswer
from accounts.models import User
from accounts.permissions import is_administrator
from accounts.rules.scopes import FOR_ADMINISTRATORS, MOST_DAYS, Scope
from audit.refusal import IllegalTransition, Refused
from audit.trail import record
from imprimatur.api_token import is_well_formed, new_token

MOST = 50
KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def make_token(
    *, actor: User, name: str, scopes: Collection[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for the actor and return it with its text, which is told here and never again.

    Raises Refused without a scope, for scopes of administrators to others, for an end in the past or beyond a year,
    and for more tokens than fifty that work.
    """
    _check(actor, scopes, expires_at, now)
    text = new_token()
    token = ApiToken.objects.create(
        person=actor, name=name.strip(), start=text[:8], sha256=_digest(text), scopes=sorted(set(scopes)),
        created_at=now, expires_at=expires_at,
    )  # fmt: skip
    record(
        "token.created", obj=token, actor=actor, now=now,
        data={"name": token.name, "scopes": token.scopes, "expires": expires_at.astimezone(UTC).isoformat()},
    )  # fmt: skip
    return token, text


def _check(actor: User, scopes: Collection[str], expires_at: datetime, now: datetime) -> None:
    if not scopes:
        raise Refused(_("Choose what the token is for."))
    if not set(scopes) <= set(Scope):
        raise Refused(_("There is no such scope."))
    if set(scopes) & FOR_ADMINISTRATORS and not is_administrator(actor):
        raise Refused(_("Only administrators make tokens that reach people or settings."))
    if not now < expires_at <= now + timedelta(days=MOST_DAYS):
        raise Refused(
            _("A token ends within {days} days. Choose a day from tomorrow on.").format(days=MOST_DAYS)
        )
    if ApiToken.objects.filter(person=actor, revoked_at__isnull=True, expires_at__gt=now).count() >= MOST:
        raise Refused(_("You have {count} tokens that work. Revoke one first.").format(count=MOST))


@transaction.atomic
def revoke_token(*, actor: User, token_id: int, now: datetime) -> ApiToken:
    """End a token: one's own, or as an administrator anybody's; for others it doesn't exist (Http404)."""
    found = ApiToken.objects.all() if is_administrator(actor) else ApiToken.objects.filter(person=actor)
    token = found.select_for_update(of=("self",)).select_related("person").filter(pk=token_id).first()
    if token is None:
        raise Http404
    if token.revoked_at is not None:
        raise IllegalTransition(_("This token is revoked already."))
    token.revoked_at, token.revoked_by = now, actor
    token.save(update_fields=["revoked_at", "revoked_by"])
    record("token.revoked", obj=token, actor=actor, now=now, data={"name": token.name})
    return token


def revoke_all(person: User, actor: User, now: datetime) -> list[ApiToken]:
    """End every token of the person, for an event of the caller, and return them."""
    tokens = list(
        ApiToken.objects.select_for_update().filter(person=person, revoked_at__isnull=True).order_by("pk")
    )
    for token in tokens:
        token.revoked_at, token.revoked_by = now, actor
        token.save(update_fields=["revoked_at", "revoked_by"])
    return tokens


def token_of(text: str, now: datetime) -> ApiToken | None:
    """Return the token with this text if it works and its person may come in; one query, none for other texts."""
    if not is_well_formed(text):
        return None
    token = ApiToken.objects.select_related("person").filter(sha256=_digest(text)).first()
    return token if token is not None and token.works(now) and token.person.is_active else None


def note_use(token: ApiToken, now: datetime) -> None:
    """Write down the day of the token's last use; one query a day."""
    today = now.astimezone(UTC).date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def forget_answers(now: datetime) -> int:
    """Delete answers that were kept for repeated calls longer than a day ago; return how many."""
    count, _by_model = KeptAnswer.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    return count


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
