"""Who holds what a person waits for: of requests that are theirs, or that their boards judge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from accounts.selectors import people_by_id
from reminders.by_hand import reminded_today
from reminders.waiting import Waiting
from reviews.models import BoardReview, Condition, Contributor, ReviewRequest
from reviews.models.condition import SETTLED
from reviews.permissions.chasing import why_not_remind
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import keep_standing
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.addresses import why_address
from reviews.selectors.waiting import waiting_in
from reviews.selectors.waiting.approvals import with_decision
from reviews.selectors.waiting.approved import with_incidents
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.words import joined

MOST = 40
"""So many requests at most are looked into, those that have stood still longest."""
NAMED = 3
SOON = timedelta(days=14)
ASKED_FOR = (
    RequestState.SUBMITTED, RequestState.TRIAGE, RequestState.IN_REVIEW, RequestState.DECIDED,
    RequestState.APPROVED, RequestState.SUSPENDED,
)  # fmt: skip
BEFORE_BOARDS = (RequestState.IN_REVIEW, RequestState.DECIDED, RequestState.SUSPENDED)
OWN_AFFAIRS = ("review.expiry", "review.closing")
"""Kinds that nobody waits for: whose approval ends knows it, and that a ballot can be closed would tell how it goes."""
FOR_ANY = ("review.question", "review.finding")
"""Kinds that several people are asked for, and one of them does."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may be reminded of what waits for them; `reminded_at`: when that was done today."""

    person: User
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that others hold. `who`: a name, an office or a board; `holders` only for who may remind them."""

    request: ReviewRequest
    who: str
    what: str
    since: datetime
    due: datetime | None
    kind: str = ""
    object_id: str = ""
    holders: tuple[Holder, ...] = ()
    why: str = ""  # path of what tells how its date came about


def held_for(person: User, now: datetime) -> list[Held]:
    """Return what others hold, by when it is due; at most nine queries."""
    reached = containers_of(person, now)
    requests = {request.pk: request for request in _requests(person, now, reached)}
    if not requests:
        return []
    reading = Reading(now, None, frozenset(requests), list(requests.values()))
    _stand(person, requests, reading, reached)
    waits = [(kind, item) for kind, item in waiting_in(reading) if kind not in OWN_AFFAIRS]
    found = [*_things(person, requests, reading, waits), *_boards(person, requests, reading, waits)]
    return sorted(
        found, key=lambda held: (held.due is None, held.due or held.since, held.request.pk, held.what)
    )


def _requests(person: User, now: datetime, reached: Containers) -> Iterable[ReviewRequest]:
    """Return the requests for whose next step the person waits; those that stand still longest first."""
    parts = Contributor.objects.filter(person=person).values("request_id")
    wanted = (Q(requester=person) | Q(pk__in=parts)) & Q(state__in=ASKED_FOR)
    wanted |= Q(pk__in=parts, state=RequestState.DRAFT)
    boards = set(reached.seats) | set(reached.keeps)
    if boards:
        judged = BoardReview.objects.filter(board__in=boards).values("request_id")
        wanted |= Q(pk__in=judged, state__in=BEFORE_BOARDS)
        late = Condition.objects.filter(
            decision__status="in_force", review__board__in=boards, due_at__lte=now + SOON
        ).exclude(state__in=SETTLED)
        wanted |= Q(pk__in=late.values("decision__request_id"))
    if has_role(person, Role.SECRETARY):
        wanted |= Q(state=RequestState.DRAFT, submitted_at__isnull=False)
    if has_role(person, Role.RELEASE_MANAGER):
        wanted |= Q(state=RequestState.APPROVED)
    rows = with_incidents(with_decision(ReviewRequest.objects.filter(wanted))).select_related(
        "version__model", "requester"
    )
    return rows.order_by("state_since", "id")[:MOST]


def _things(
    person: User,
    requests: Mapping[int, ReviewRequest],
    reading: Reading,
    waits: Iterable[tuple[str, Waiting]],
) -> list[Held]:
    """Return the things that wait for others, as far as the person may know of them."""
    groups: dict[tuple[str, str], list[Waiting]] = {}
    for kind, item in waits:
        groups.setdefault((kind, item.object_id), []).append(item)
    shown = {
        key: items
        for key, items in groups.items()
        if not _is_own(person, key[0], items)
        and _may_know(person, requests[int(items[0].root)], items[0], reading.now)
    }
    people = people_by_id({item.person_id for items in shown.values() for item in items})
    reminded = reminded_today(people.values(), reading.now)
    return [
        _held(key, items, requests[int(items[0].root)], people, reminded, person, reading.now)
        for key, items in shown.items()
        if any(item.person_id != person.pk for item in items)
    ]


def _stand(
    person: User, requests: Mapping[int, ReviewRequest], reading: Reading, reached: Containers
) -> None:
    """Let each request know what the person is to it, so that asking for permission reads nothing."""
    boards: dict[int, set[int]] = {}
    for review in reading.all_reviews:
        boards.setdefault(review.request_id, set()).add(review.board_id)
    for request in requests.values():
        parties = reading.parties_of(request)
        keep_standing(person, request, reached, parties, frozenset(boards.get(request.pk, ())))


def _is_own(person: User, kind: str, items: Sequence[Waiting]) -> bool:
    """Say whether it stands in the person's own list already: one of several who may do it, or the only one."""
    mine = any(item.person_id == person.pk for item in items)
    return mine and (kind in FOR_ANY or bool(items[0].one_of) or len(items) == 1)


def _may_know(person: User, request: ReviewRequest, item: Waiting, now: datetime) -> bool:
    return item.insiders is None or why_not_see_deliberation(person, request, now) is None


def _held(
    key: tuple[str, str], items: Sequence[Waiting], request: ReviewRequest, people: Mapping[int, User],
    reminded: Mapping[tuple[int, str, str], datetime], person: User, now: datetime,
) -> Held:  # fmt: skip
    kind, object_id = key
    others = [
        people[item.person_id] for item in items if item.person_id in people and item.person_id != person.pk
    ]
    first = items[0]
    may_remind = why_not_remind(person, request, now) is None
    return Held(
        request=request, who=first.one_of or _names(others), what=first.short, since=first.since, due=first.due,
        kind=kind, object_id=object_id, why=first.why,
        holders=tuple(Holder(other, reminded.get((other.pk, kind, object_id))) for other in others)
        if may_remind
        else (),
    )  # fmt: skip


def _names(people: Sequence[User]) -> str:
    """Return the names, of many only the first."""
    names = [person.display_name for person in people[:NAMED]]
    if len(people) > NAMED:
        return _("{names} and {count} more").format(names=joined(names), count=len(people) - NAMED)
    return joined(names)


def _boards(
    person: User,
    requests: Mapping[int, ReviewRequest],
    reading: Reading,
    waits: Iterable[tuple[str, Waiting]],
) -> Iterator[Held]:
    """Yield the boards that review a request, to who may not know what they do there, or that wait for nobody."""
    told = {item.part for _kind, item in waits}
    for review in reading.reviews:
        request = requests[review.request_id]
        if reading.said("question", review.pk):
            continue
        if str(review.pk) in told and why_not_see_deliberation(person, request, reading.now) is None:
            continue
        off = review.state == ReviewState.DEFERRED
        yield Held(
            request=request, who=review.board.name, what=_("review, put off") if off else _("review"),
            since=review.opened_at, due=review.return_on if off else review.due_at,
            why="" if off else why_address(request.reference, DateKind.REVIEW.value, review.pk),
        )  # fmt: skip
