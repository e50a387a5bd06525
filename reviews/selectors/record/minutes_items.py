"""The items of a meeting as they went: who could vote, who was recused, what was voted, why, and what was disputed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from records import minutes_context as shape
from records.context import Condition, instant
from reviews.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Block,
    Comment,
    Deferral,
    Meeting,
    MinutesPart,
    Recusal,
    Revision,
)
from reviews.permissions.policies import policy_in_force
from reviews.rules.agenda import ItemState
from reviews.rules.attendance import SEATED, Span, was_there
from reviews.rules.minutes import PartKind
from reviews.rules.policy import parse
from reviews.rules.quorum import count_quorum
from reviews.rules.roster import Attendance as Presence
from reviews.rules.roster import Seated, SeatRole
from reviews.selectors.ballots import last_votes_by_seat
from reviews.selectors.meetings.sent import agenda_items
from reviews.selectors.meetings.words import title_of
from reviews.selectors.record.boards import ballot_in_record, block_in_record, minority_of
from reviews.selectors.words import PROCEDURES, RECUSAL_KINDS

Row = TypeVar("Row", Block, Comment)


class ItemsOfMeeting:
    """The items of one meeting with what belongs to them, each kind of row read once."""

    def __init__(self, meeting: Meeting, people: Sequence[Attendance], parts: Sequence[MinutesPart]) -> None:
        self.meeting, self.people, self.parts = meeting, people, parts
        self.items = list(agenda_items(meeting))
        self.numbers = {item.pk: str(number) for number, item in enumerate(self.items, 1)}

    def lines(self) -> list[shape.Item]:
        """Return the items in their order."""
        return [self._line(item) for item in self.items]

    @cached_property
    def ballots(self) -> dict[int, list[Ballot]]:
        """Return the closed ballots of the meeting, by review."""
        rows = Ballot.objects.filter(meeting=self.meeting, state="closed").select_related(
            "opened_by", "closed_by", "revision"
        )
        return _grouped(rows.prefetch_related("seats__sits_for").order_by("id"), "review_id")

    @cached_property
    def recusals(self) -> dict[int, list[Recusal]]:
        """Return the recusals from the requests of the meeting, by request."""
        requests = [item.review.request_id for item in self.items if item.review]
        rows = Recusal.objects.filter(request__in=requests, made_at__lte=self._ended).select_related("person")
        return _grouped(rows, "request_id")

    @cached_property
    def blocks(self) -> dict[int, list[Block]]:
        """Return the blocking positions that stood or were taken in the meeting, by review."""
        reviews = [item.review_id for item in self.items if item.review_id]
        rows = Block.objects.filter(review__in=reviews, raised_at__lte=self._ended)
        return _grouped(rows.select_related("holder", "revision", "ended_by_ballot"), "review_id")

    @cached_property
    def findings(self) -> dict[int, list[Comment]]:
        """Return the findings of the boards' reviews, by review, with the words that resolved them."""
        reviews = [item.review_id for item in self.items if item.review_id]
        rows = Comment.objects.filter(review__in=reviews, made_at__lte=self._ended).exclude(finding="")
        return _grouped(rows.select_related("author").order_by("pk"), "review_id")

    @cached_property
    def _ended(self) -> datetime:
        return self.meeting.closed_at or timezone.now()

    def _line(self, item: AgendaItem) -> shape.Item:
        review, ballots = item.review, self.ballots.get(item.review_id or 0, [])
        votes = {ballot.pk: last_votes_by_seat(ballot) for ballot in ballots}
        deferral = self._deferral(item)
        return {
            "number": self.numbers[item.pk],
            "title": title_of(item),
            "request": _about(item, self._revision(item)) if review else None,
            "state": self._state(item, ballots, deferral),
            "state_note": self._note(item, ballots, deferral),
            "deferred_until": deferral.until.astimezone(self.meeting.tz).date().isoformat()
            if deferral
            else None,
            "eligible": self._eligible(item, ballots),
            "recusals": self._recused(item),
            "discussion": self._text(item, PartKind.DISCUSSION),
            "votes": [
                {"ballot": ballot_in_record(ballot, votes[ballot.pk]), "positions_by_name": True}
                for ballot in ballots
            ],
            "basis": self._text(item, PartKind.BASIS) or _basis(ballots),
            "disputed": [_disputed(row) for row in self._of(item, self.findings)],
            "blocks": [block_in_record(block) for block in self._of(item, self.blocks)],
            "minority_opinions": minority_of(ballots, votes),
            "conditions": _conditions(item, ballots),
            "notes": item.note,
        }

    def _of(self, item: AgendaItem, rows: Mapping[int, list[Row]]) -> list[Row]:
        """Return what belongs to the item's review; nothing of an item that wasn't reached."""
        return rows.get(item.review_id or 0, []) if item.opened_at is not None else []

    def _revision(self, item: AgendaItem) -> Revision:
        """Return the revision that was before the board: a newer one may have come since the meeting."""
        assert item.review is not None
        rows = Revision.objects.filter(request=item.review.request_id, frozen_at__lte=self._ended)
        return rows.defer("content").order_by("-number").first() or item.review.revision

    def _text(self, item: AgendaItem, kind: PartKind) -> str:
        return next((part.text for part in self.parts if part.item_id == item.pk and part.kind == kind), "")

    def _deferral(self, item: AgendaItem) -> Deferral | None:
        """Return the deferral by which a member had the item put off in this meeting."""
        if item.review_id is None or self.meeting.started_at is None:
            return None
        rows = Deferral.objects.filter(review=item.review_id, made_at__gte=self.meeting.started_at)
        return rows.filter(made_at__lte=self._ended).select_related("person").last()

    def _state(
        self, item: AgendaItem, ballots: Sequence[Ballot], deferral: Deferral | None
    ) -> shape.ItemState:
        if item.opened_at is None:
            return "not_reached"
        if deferral is not None:
            return "deferred"
        if item.state == ItemState.TABLED:
            return "tabled"
        decided = (ballots and ballots[-1].result in ("passed", "failed")) or item.action == "approved"
        return "decided" if decided else "discussed"

    def _note(self, item: AgendaItem, ballots: Sequence[Ballot], deferral: Deferral | None) -> str:
        """Return why it ended as it did, and where nothing was voted the quorum that there was."""
        notes = [item.why] if item.why else []
        if deferral is not None:
            notes.append(
                _("{name}: {reason}").format(name=deferral.person.display_name, reason=deferral.reason)
            )
        if not ballots and item.opened_at is not None:
            notes.append(self._quorum(item, item.opened_at))
        return " ".join(note for note in notes if note)

    def _quorum(self, item: AgendaItem, moment: datetime) -> str:
        """Return the quorum of an item without a ballot, when it was taken up."""
        policy = policy_in_force(self.meeting.board)
        if policy is None:
            return ""
        quorum = count_quorum(parse(policy.content).quorum, self._roster(item, moment))
        return _("Quorum: {present} of {seats} seats were there, {needed} were needed.").format(
            present=quorum.present, seats=quorum.seats, needed=quorum.needed
        )

    def _roster(self, item: AgendaItem, moment: datetime) -> list[Seated]:
        out = self._out(item)
        return [
            Seated(
                person=row.person_id,
                role=SeatRole(row.part),
                attributes=frozenset(row.attributes),
                attendance=Presence.RECUSED
                if row.person_id in out
                else Presence.PRESENT
                if was_there(_spans(row), moment)
                else Presence.ABSENT,
                sits_for=row.sits_for_id,
            )
            for row in self.people
            if row.part in SEATED
        ]

    def _out(self, item: AgendaItem) -> set[int]:
        recusals = self.recusals.get(item.review.request_id, []) if item.review else []
        return {row.person_id for row in recusals}

    def _eligible(self, item: AgendaItem, ballots: Sequence[Ballot]) -> list[str]:
        """Return who could vote: by the roster of the last ballot, else who was there when it was taken up."""
        if ballots:
            return [seat.name for seat in ballots[-1].seats.all() if seat.is_eligible]
        if item.opened_at is None:
            return []
        there = {seat.person for seat in self._roster(item, item.opened_at) if seat.eligible}
        return [row.name for row in self.people if row.part in SEATED and row.person_id in there]

    def _recused(self, item: AgendaItem) -> list[shape.Recused]:
        """Return who took no part, of the people of the meeting, with when they left the room for it."""
        kinds = (
            {row.person_id: row.kind for row in self.recusals.get(item.review.request_id, [])}
            if item.review
            else {}
        )
        lines: list[shape.Recused] = []
        for row in self.people:
            left = [span.left_at for span in row.spans.all() if span.out_for_id == item.pk and span.left_at]
            if row.person_id in kinds or left:
                kind = kinds.get(row.person_id or 0, "")
                lines.append(
                    {
                        "name": row.name,
                        "reason": str(RECUSAL_KINDS.get(kind, kind))
                        if kind
                        else _("has a part in the request"),
                        "left_at": instant(min(left)) if left else None,
                    }
                )
        return lines


Each = TypeVar("Each", bound=Model)


def _grouped(rows: "QuerySet[Each]", key: str) -> dict[int, list[Each]]:
    found: dict[int, list[Each]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _spans(row: Attendance) -> list[Span]:
    return [Span(span.came_at, span.left_at) for span in row.spans.all()]


def _about(item: AgendaItem, revision: Revision) -> shape.AboutRequest:
    review = item.review
    assert review is not None
    request = review.request
    return {
        "reference": request.reference,
        "model": f"{request.version.model.name} {request.version.number}",
        "requester": request.requester.display_name,
        "procedure": str(PROCEDURES.get(request.procedure, request.procedure)),
        "revision": revision.number,
        "revision_sha256": revision.sha256,
        "manifest_sha256": revision.manifest_sha256,
    }


def _basis(ballots: Sequence[Ballot]) -> str:
    """Return the words of the motion that passed last: why changes are asked for, it is refused, or was passed."""
    passed = [ballot for ballot in ballots if ballot.result == "passed"]
    return passed[-1].text if passed else ""


def _disputed(row: Comment) -> shape.Disputed:
    settled = row.settled_at is not None
    turn = Comment.objects.filter(answers=row).exclude(act="").order_by("-pk").first() if settled else None
    return {
        "issue": row.text,
        "raised_by": row.author.display_name,
        "resolution": turn.text if turn else "",
        "resolved": settled,
    }


def _conditions(item: AgendaItem, ballots: Sequence[Ballot]) -> list[Condition]:
    """Return the conditions of the motion that passed last, as the ballot froze them."""
    passed = [ballot for ballot in ballots if ballot.result == "passed"]
    board = item.review.board.name if item.review else ""
    return [
        {
            "number": f"C{kept['number']}", "text": kept["text"], "board": board, "owner": kept["owner_name"],
            "due": date.fromisoformat(kept["due"]).isoformat(), "verifier": kept["verifier_name"],
            "blocks_release": kept["blocks_release"], "state": "open",
        }
        for kept in (passed[-1].conditions if passed else [])
    ]  # fmt: skip
