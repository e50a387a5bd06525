"""Who reads attestations where they aren't for everybody: people who may read the record, by session or by token."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from accounts.models import User
from accounts.rules.scopes import Scope
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.api_tokens import note_use, token_of
from records.attestation.rows import Attested

MayRead = Callable[[User, str, datetime], bool]
Manifest = Callable[[str], bytes | None]
_doors: dict[str, tuple[MayRead, Manifest]] = {}


def register(model_label: str, may_read: MayRead, manifest: Manifest) -> None:
    """Say who may read attestations of objects of this model, and which manifest they are about; both get the id."""
    _doors[model_label] = (may_read, manifest)


def reader_of(request: HttpRequest, now: datetime) -> User | None:
    """Return who asks: by a token with the scope, or signed in; None for everybody else."""
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    if kind:
        token = token_of(text.strip(), now) if kind.lower() == "bearer" else None
        if token is None or Scope.ATTESTATIONS_READ.value not in token.scopes:
            return None
        if needs_second_factor(token.person, now) and not has_second_factor(token.person):
            return None
        note_use(token, now)
        return token.person
    return request.user if isinstance(request.user, User) else None


def why_not_read(reader: User | None, attested: Attested, now: datetime) -> str | None:
    """Return why the person may not read it; None: they may."""
    door = _doors.get(attested.object_type)
    if reader is not None and door is not None and door[0](reader, attested.object_id, now):
        return None
    return "It isn't for everybody."


def manifest_of(attested: Attested) -> bytes | None:
    """Return the approved manifest; None where its app doesn't know it any more."""
    door = _doors.get(attested.object_type)
    return door[1](attested.object_id) if door else None
