"""The invented people who stand on the sign-in page of a sample, with the code that their app would show."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts import totp
from accounts.models import User
from accounts.parts import parts_of
from accounts.roles import Role
from accounts.services.sample import SAMPLE_PASSWORD
from accounts.words import role_word
from audit.selectors import whole_number

_MOST = 15  # on the sign-in page


@dataclass(frozen=True, slots=True)
class Player:
    """An invented person, what they are, and their code; `code` None while all that are valid were used."""

    person: User
    parts: tuple[str, ...]
    has_codes: bool
    code: str | None


def cast(now: datetime | None = None) -> list[Player]:
    """Return the invented people of the sign-in page; nobody outside a sample."""
    if not settings.SAMPLE:
        return []
    chosen = User.objects.filter(is_sample=True, is_active=True).prefetch_related("groups")
    people = list(chosen.filter(sample_place__isnull=False).order_by("sample_place", "id")[:_MOST])
    people = people or list(chosen.order_by("id")[:_MOST])
    ids = [person.pk for person in people]
    parts, secrets = parts_of(ids), totp.secrets_of(ids)
    codes = totp.next_codes(secrets, now or timezone.now())
    order = [role.value for role in Role]
    return [
        Player(
            person,
            tuple(role_word(name) for name in sorted((group.name for group in person.groups.all()), key=order.index))
            + tuple(parts[person.pk]),
            person.pk in secrets,
            codes[person.pk].code if person.pk in codes else None,
        )
        for person in people
    ]  # fmt: skip


def cast_context() -> dict[str, object]:
    """What the list of invented people shows."""
    return {"cast": cast(), "password": SAMPLE_PASSWORD}


def code_context(person: User) -> dict[str, object]:
    """What an invented person would type at a signature."""
    return {"code": totp.next_code(person, timezone.now()), "password": SAMPLE_PASSWORD}


def sample_person(person_id: str) -> User | None:
    """Return the invented person with this id, active and within a sample; else None."""
    number = whole_number(person_id)
    if not settings.SAMPLE or number is None:
        return None
    return User.objects.filter(pk=number, is_sample=True, is_active=True).first()
