"""Decisions that wait: for signatures, the release, the board's word on a suspension; and approvals that end."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Role
from reminders.waiting import Waiting
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.recusal import conflicts_of
from reviews.rules.terms import SIGN_WITHIN
from reviews.selectors.addresses import request_address, signing_address
from reviews.selectors.waiting.approvals import Approval
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of
from reviews.selectors.waiting.wording import chair_or_secretary, later, title_of


def signatures_due(reading: Reading) -> Iterator[Waiting]:
    """Yield who may sign next: legal staff first, then the chair of the leading board."""
    for found in reading.approvals:
        if found.status != "to_sign":
            continue
        parties = reading.parties_of(found.request)
        chair = reading.office.signing_chair_of(found.board.pk, parties)
        legal = sorted(reading.office.with_role(Role.LEGAL) - {chair})
        for person in [chair] if found.signed_by else legal:
            if person is None or person == found.signed_by or conflicts_of(person, parties):
                continue
            if reading.asks(person):
                yield _signature(reading, found, person, "" if found.signed_by else _("Legal staff"))


def _signature(reading: Reading, found: Approval, person_id: int, one_of: str) -> Waiting:
    since = later(found.decided_at, found.signed_at)
    return Waiting(
        person_id=person_id,
        object_type="reviews.decision",
        object_id=str(found.decision_id),
        since=since,
        due=found.sign_by or SIGN_WITHIN.due(since, reading.calendars.of(found.board)),
        title=title_of(found.request),
        needs=_("The approval waits for your signature."),
        act=_("Read and sign"),
        url=signing_address(found.request.reference),
        holds_up=_("The approval is in force when all have signed."),
        root=str(found.request.pk),
        short=_("signature"),
        **why_of(DateKind.SIGNATURE, found.request, found.decision_id, reading.now),
        one_of=one_of,
    )


def releases(reading: Reading) -> Iterator[Waiting]:
    """Yield the release managers where an approval in force has no blocking condition left and isn't released."""
    managers = sorted(reading.office.with_role(Role.RELEASE_MANAGER))
    for found in reading.approvals:
        if found.request.state != RequestState.APPROVED or found.status != "in_force" or found.blocked:
            continue
        if found.expires_at is not None and found.expires_at <= reading.now:
            continue
        for person in managers:
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.decision",
                    object_id=str(found.decision_id),
                    since=found.approved_at or found.decided_at,
                    due=found.expires_at,
                    title=title_of(found.request),
                    needs=_("It is approved and may be released until the approval ends."),
                    act=_("Record the release"),
                    url=reverse("reviews:release", args=[found.request.reference]),
                    root=str(found.request.pk),
                    short=_("release"),
                    **why_of(DateKind.EXPIRY, found.request, found.decision_id, reading.now),
                    one_of=_("Release manager"),
                )


def ratifications(reading: Reading) -> Iterator[Waiting]:
    """Yield chair and secretaries of a leading board that has not ratified a suspension yet: they hold the ballot."""
    for found in reading.to_ratify:
        for person in reading.office.leaders_of(found.board.pk, reading.parties_of(found.request)):
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.suspension",
                    object_id=str(found.id),
                    since=found.since,
                    due=found.by,
                    title=title_of(found.request),
                    needs=_("Let {board} vote whether it ratifies the suspension.").format(
                        board=found.board.name
                    ),
                    act=_("See the suspension"),
                    url=reverse("reviews:suspension", args=[found.request.reference]),
                    holds_up=_("Without that it lapses."),
                    root=str(found.request.pk),
                    short=_("word of {board} on the suspension").format(board=found.board.name),
                    **why_of(DateKind.RATIFICATION, found.request, found.id, reading.now),
                    one_of=chair_or_secretary(),
                )


def expiries(reading: Reading) -> Iterator[Waiting]:
    """Yield the requesters whose approval ends within the longest notice of the policy by which it was decided.

    One whose renewal is under way isn't told, and one whose full review goes on has a source of its own.
    """
    for found in reading.approvals:
        ends, request = found.expires_at, found.request
        if getattr(request, "decision_provisional", False) and getattr(request, "full_review", None):
            continue
        notice = timedelta(days=max(found.notices, default=0))
        if found.status != "in_force" or found.renewed or ends is None:
            continue
        if not reading.now < ends <= reading.now + notice:
            continue
        if reading.asks(request.requester_id):
            yield Waiting(
                person_id=request.requester_id,
                object_type="reviews.decision",
                object_id=str(found.decision_id),
                since=ends - notice,
                due=ends,
                days_before=found.notices,
                title=title_of(request),
                needs=_("The approval is about to expire. One click drafts its renewal."),
                act=_("Renew the approval"),
                url=request_address(request.reference),
                root=str(request.pk),
                short=_("renewal before the approval ends"),
                **why_of(DateKind.EXPIRY, request, found.decision_id, reading.now),
            )
