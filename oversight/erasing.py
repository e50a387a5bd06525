"""Erasing personal data from the log: what of a person stands there, and the act itself, by an administrator."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import signing
from accounts.models import User
from accounts.services.forgetting import forget
from accounts.signing import Act, Proof
from audit import erasure
from audit.erasure import Value
from audit.leaf import readable
from audit.models import Disclosure, Event
from audit.refusal import Refused
from audit.telling import Told, tell
from oversight.permissions import require_administrator

ACCOUNT_OF = User._meta.label_lower
OF_WHOEVER_ACTED = {"actor", "reason"}
SHOWN = 50  # events that are listed because a name stands somewhere in their words


class Part(StrEnum):
    """What of a person can be erased together."""

    NAME = "name"
    WORDS = "words"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator signs when they erase: the reason, and that it is them."""

    reason: str
    proof: Proof


@dataclass(slots=True)
class Traces:
    """What the log discloses of a person: values by part, and values of others in which the name stands."""

    values: Mapping[Part, set[Value]] = field(default_factory=lambda: {part: set() for part in Part})
    doubtful: set[Value] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PartFound:
    """A part as the page offers it: how many values are still there, and in how many events."""

    part: Part
    values: int
    events: int


def preview(traces: Traces) -> list[PartFound]:
    """Return what can be erased, in the order of the page."""
    return [
        PartFound(part, len(found), len({event for _pk, event, _path in found}))
        for part, found in traces.values.items()
    ]


def people_named(name: str) -> list[User]:
    """Return the first people in whose name or address the text stands."""
    fits = Q(display_name__icontains=name) | Q(email__icontains=name)
    return list(User.objects.filter(fits).order_by("display_name", "pk")[:SHOWN])


def person_to_erase(actor: User, person_id: int) -> User:
    """Return the person, for an administrator, or raise Http404."""
    require_administrator(actor)
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def event_to_erase_from(actor: User, event_id: int) -> Event:
    """Return the event, for an administrator, or raise Http404."""
    require_administrator(actor)
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise Http404
    return event


def erasable(event: Event) -> dict[str, str]:
    """Return the personal values of the event that are still there and can be erased singly, by path.

    The tracked fields of people go with the person only: reconciling reads them.
    """
    found = event.disclosures.order_by("path").values_list("path", "value")
    return {path: value for path, value in found if path != "state" and not path.startswith("states.")}


def traces_of(person: User) -> Traces:
    """Return what the log still discloses of the person."""
    traces, pseudonym = Traces(), str(person.pseudonym)
    _own_acts(traces, pseudonym)
    _account(traces, person)
    known = _names(person, traces)
    if known:
        _words_of_others(traces, person, known)
    return traces


def doubtful_events(traces: Traces) -> list[Told]:
    """Return the newest events in whose other values the name stands, for somebody to look at."""
    numbers = sorted({event for _pk, event, _path in traces.doubtful}, reverse=True)[:SHOWN]
    return tell(Event.objects.filter(pk__in=numbers).order_by("-id"))


def erase_person(*, actor: User, person_id: int, parts: Collection[Part], asked: Asked, now: datetime) -> int:
    """Erase these parts of what the log discloses of the person; return how many values there were.

    With the account goes its own name and address too, so only a deactivated one can be erased: else the next event
    about it would say them again. Raises Http404, Refused. Opens its own transaction.
    """
    require_administrator(actor)
    with signing.asking(user=actor, proof=asked.proof, now=now) as signer:
        person, values = _of_person(actor, person_id, parts)
        reason = _reason(asked)
        confirmation = signer.confirm(_act("log.erase.person", person.pk, values))
        if Part.ACCOUNT in parts:
            forget(person)
        return erasure.erase(
            obj=person, values=values, actor=actor, reason=reason, now=now, also=[confirmation]
        )


def erase_values(*, actor: User, event_id: int, paths: Collection[str], asked: Asked, now: datetime) -> int:
    """Erase single values of an event; return how many there were. Raises Http404, Refused."""
    event = event_to_erase_from(actor, event_id)
    with signing.asking(user=actor, proof=asked.proof, now=now) as signer:
        chosen = _of_event(actor, event, paths)
        reason = _reason(asked)
        values = {(0, event.pk, path) for path in chosen}
        confirmation = signer.confirm(_act("log.erase.values", event.pk, values))
        return erasure.erase_values(
            event_id=event.pk, paths=chosen, actor=actor, reason=reason, now=now, also=[confirmation]
        )


def person_challenge(
    *, actor: User, person_id: int, parts: Collection[Part], passkey_id: int, session: str, now: datetime
) -> dict[str, Any]:
    """Return what a passkey is asked before these parts are erased; raises Http404, Refused."""
    require_administrator(actor)
    with transaction.atomic():
        person, values = _of_person(actor, person_id, parts)
        act = _act("log.erase.person", person.pk, values)
        return signing.challenge(user=actor, act=act, passkey_id=passkey_id, session=session, now=now)


def values_challenge(
    *, actor: User, event_id: int, paths: Collection[str], passkey_id: int, session: str, now: datetime
) -> dict[str, Any]:
    """Return what a passkey is asked before these values are erased; raises Http404, Refused."""
    event = event_to_erase_from(actor, event_id)
    values = {(0, event.pk, path) for path in _of_event(actor, event, paths)}
    act = _act("log.erase.values", event.pk, values)
    return signing.challenge(user=actor, act=act, passkey_id=passkey_id, session=session, now=now)


def _of_person(actor: User, person_id: int, parts: Collection[Part]) -> tuple[User, set[Value]]:
    person = User.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Http404
    if person == actor:
        raise Refused(_("Somebody else has to erase what the log says of you."))
    traces = traces_of(person)
    values = {value for part in parts for value in traces.values[part]}
    if not values:
        raise Refused(_("Nothing of what you chose is left to erase."))
    return person, values


def _of_event(actor: User, event: Event, paths: Collection[str]) -> set[str]:
    chosen = set(paths) & erasable(event).keys()
    if not chosen:
        raise Refused(_("Nothing of what you chose is left to erase."))
    if event.actor == str(actor.pseudonym) and chosen & OF_WHOEVER_ACTED:
        raise Refused(_("Somebody else has to erase what the log says of you."))
    return chosen


def _reason(asked: Asked) -> str:
    if not asked.reason.strip():
        raise Refused(_("Say why it is erased: who asked for it, and on what ground."))
    return asked.reason.strip()


def _act(what: str, subject: int, values: Collection[Value]) -> Act:
    """Return what the administrator signs: which values go. The reason stands in the event, where it can be erased."""
    named = sorted(f"{event}/{path}" for _pk, event, path in values)
    content = {
        "meaning": _("I erase these values from the log, for the reason that I give."),
        "values": len(named),
        "values_sha256": sha256("\n".join(named).encode()).hexdigest(),
    }
    return Act(what, str(subject), content)


def _own_acts(traces: Traces, pseudonym: str) -> None:
    for value in Disclosure.objects.filter(event__actor=pseudonym, path__in=["actor", "reason"]).values_list(
        "pk", "event_id", "path"
    ):
        traces.values[Part.NAME if value[2] == "actor" else Part.WORDS].add(value)


def _account(traces: Traces, person: User) -> None:
    """Add what events about the account disclose, but for who acted and their reasons."""
    about = Q(event__object_type=ACCOUNT_OF, event__object_id=str(person.pk))
    about &= ~Q(path__in=["actor", "on_behalf_of", "reason"])
    found = Disclosure.objects.filter(about | Q(path=f"states.{ACCOUNT_OF}.{person.pk}"))
    neutral = f"{person.pseudonym}@erased.invalid"
    for pk, event_id, path, value in found.values_list("pk", "event_id", "path", "value"):
        if not (path.startswith("state") and neutral in value):  # what an erasure before this one left
            traces.values[Part.ACCOUNT].add((pk, event_id, path))


def _names(person: User, traces: Traces) -> set[str]:
    """Return every name and address by which the log knows the person."""
    known = set(
        Disclosure.objects.filter(event__actor=str(person.pseudonym), path="actor")
        .order_by()
        .values_list("value", flat=True)
        .distinct()
    )
    about = Disclosure.objects.filter(
        pk__in=[pk for pk, _event, path in traces.values[Part.ACCOUNT] if path in _SAYS]
    )
    known |= {person.display_name, person.email, *about.values_list("value", flat=True)}
    return {name for name in known if name.strip() and not name.endswith("@erased.invalid")}


_SAYS = {"display_name", "email"}


def _words_of_others(traces: Traces, person: User, known: Iterable[str]) -> None:
    """Add the values that name the person: surely so where the leaf has their pseudonym, else to be looked at."""
    within = Q()
    for name in known:
        within |= Q(value__icontains=name)
    taken = {pk for found in traces.values.values() for pk, _event, _path in found}
    found = Disclosure.objects.filter(within).exclude(path="state").exclude(path__startswith="states.")
    pseudonym, names = str(person.pseudonym), set(known)
    for pk, event_id, path, value, leaf in found.values_list(
        "pk", "event_id", "path", "value", "event__leaf"
    ):
        if pk in taken or (path == "actor"):
            continue
        is_sure = value in names and _means(readable(bytes(leaf)) or {}, path, pseudonym)
        (traces.values[Part.NAME] if is_sure else traces.doubtful).add((pk, event_id, path))


def _means(leaf: Mapping[str, object], path: str, pseudonym: str) -> bool:
    """Say whether the leaf names the person under that path, or anywhere when it is about data of the event."""
    if path in {"actor", "on_behalf_of"}:
        return leaf.get(path) == pseudonym
    return pseudonym in _texts(leaf.get("data"))


def _texts(value: object) -> set[str]:
    match value:
        case str():
            return {value}
        case dict():
            return set().union(*(_texts(item) for item in value.values()))
        case list():
            return set().union(*(_texts(item) for item in value))
    return set()
