"""Looking people up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet, Value

from accounts.api_tokens import ApiToken
from accounts.models import Invitation, PersonState, User
from accounts.parts import parts_of
from accounts.permissions import people_visible_to
from accounts.proofs import Passkey, SigningLock
from accounts.roles import Role, roles_of
from accounts.second_factor import needs_second_factor
from accounts.words import ROLES
from audit.selectors import timeline, whole_number
from audit.telling import Told

_ON_A_PAGE = 50


def active_people() -> QuerySet[User]:
    """Return everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("display_name", "id")


def people_with_role(*roles: Role) -> QuerySet[User]:
    """Return the active people who have at least one of the roles, by name."""
    return active_people().filter(groups__name__in=[role.value for role in roles]).distinct()


def person_by_email(email: str) -> User | None:
    """Return the person with this address, in whatever state, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def people_by_id(ids: Iterable[int]) -> dict[int, User]:
    """Return the people with these ids."""
    return User.objects.in_bulk(list(ids))


MOST_TOKENS = 200


def tokens_of(person: User, now: datetime) -> list[ApiToken]:
    """Return the person's tokens, those that work first; each knows whether it does (`is_working`)."""
    found = list(ApiToken.objects.filter(person=person).order_by("-id")[:MOST_TOKENS])
    return sorted((_told(token, now) for token in found), key=lambda token: not token.is_working)


def tokens_that_work(now: datetime) -> list[ApiToken]:
    """Return the tokens of everybody that work, newest first, at most two hundred."""
    found = ApiToken.objects.filter(revoked_at__isnull=True, expires_at__gt=now, person__is_active=True)
    return [_told(token, now) for token in found.select_related("person").order_by("-id")[:MOST_TOKENS]]


def _told(token: ApiToken, now: datetime) -> ApiToken:
    token.is_working = token.works(now)
    return token


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of a list, with roles and seats in words."""

    person: User
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people by name; `first` and `last` are the ids from which the pages beside it start."""

    people: tuple[Listed, ...]
    has_before: bool
    has_after: bool

    @property
    def first(self) -> int | None:
        """Id of the first person."""
        return self.people[0].person.pk if self.people else None

    @property
    def last(self) -> int | None:
        """Id of the last person."""
        return self.people[-1].person.pk if self.people else None


def people_page(
    actor: User, *, text: str = "", role: str = "", state: str = "", after: str = "", before: str = ""
) -> PeoplePage:
    """Return people by name, those who fit; `after` and `before` are ids of people at the edge of another page."""
    found = people_who_fit(actor, text=text, role=role, state=state).prefetch_related("groups")
    edge = (
        User.objects.filter(pk=whole_number(after or before) or 0).values_list("display_name", "pk").first()
    )
    backwards = bool(before and not after)
    if edge:
        found = found.filter(_beyond(*edge, backwards=backwards))
    order = ("-display_name", "-id") if backwards else ("display_name", "id")
    rows = list(found.order_by(*order)[: _ON_A_PAGE + 1])
    more, rows = len(rows) > _ON_A_PAGE, rows[:_ON_A_PAGE]
    rows = rows[::-1] if backwards else rows
    came_from = edge is not None
    return PeoplePage(_listed(rows), more if backwards else came_from, came_from if backwards else more)


def people_who_fit(actor: User, *, text: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Return the people whom the person may administer and who fit; `text`: words of name or e-mail address."""
    return people_visible_to(actor).filter(_fits(text, role, state))


def _fits(text: str, role: str, state: str) -> Q:
    fits = Q()
    for word in text.split():
        fits &= Q(display_name__icontains=word) | Q(email__icontains=word)
    if role:
        fits &= Q(groups__name=role)
    if state == PersonState.ACTIVE:
        fits &= Q(is_active=True)
    elif state == PersonState.INVITED:
        fits &= Q(is_active=False, deactivated_at__isnull=True)
    elif state == PersonState.DEACTIVATED:
        fits &= Q(deactivated_at__isnull=False)
    return fits


def _beyond(name: str, key: int, *, backwards: bool) -> Q:
    if backwards:
        return Q(display_name__lt=name) | Q(display_name=name, pk__lt=key)
    return Q(display_name__gt=name) | Q(display_name=name, pk__gt=key)


def _listed(people: list[User]) -> tuple[Listed, ...]:
    parts = parts_of([person.pk for person in people])
    return tuple(
        Listed(person, (*_role_words(group.name for group in person.groups.all()), *parts[person.pk]))
        for person in people
    )


def _role_words(names: Iterable[str]) -> list[str]:
    held = set(names)
    return [str(ROLES[role]) for role in Role if role.value in held]


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role, in words, and whether the person has it."""

    name: str
    label: str
    held: bool


@dataclass(frozen=True, slots=True)
class PersonFile:
    """What the page of a person shows besides the person."""

    roles: tuple[RoleHeld, ...]
    parts: tuple[str, ...]
    invitation: Invitation | None
    sessions: int
    has_codes: bool
    needs_codes: bool
    can_be_invited_again: bool
    passkeys: int
    lock: SigningLock | None
    story: tuple[Told, ...]


def person_file(person: User, now: datetime) -> PersonFile:
    """Return what an administrator sees of the person."""
    held = roles_of(person)
    sessions, passkeys, codes = _held(person)
    return PersonFile(
        roles=tuple(RoleHeld(role.value, str(ROLES[role]), role.value in held) for role in Role),
        parts=tuple(parts_of([person.pk])[person.pk]),
        invitation=Invitation.objects.filter(person=person).select_related("made_by").first(),
        sessions=sessions,
        has_codes=codes > 0,
        needs_codes=needs_second_factor(person, now),
        can_be_invited_again=not person.is_active and not person.has_usable_password(),
        passkeys=passkeys,
        lock=SigningLock.objects.filter(person=person, unlocked_at__isnull=True).first(),
        story=tuple(timeline(person, limit=50)),
    )


def _held(person: User) -> tuple[int, int, int]:
    """Return how many sessions, passkeys and generators of one-time codes the person has; one query."""
    sessions = UserSession.objects.filter(user_id=person.pk)
    passkeys = Passkey.objects.filter(person=person, removed_at__isnull=True)
    codes = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP)
    rows = [
        kind.order_by().annotate(place=Value(place)).values_list("place")
        for place, kind in enumerate((sessions, passkeys, codes))
    ]
    found = Counter(place for (place,) in rows[0].union(*rows[1:], all=True))
    return found[0], found[1], found[2]
