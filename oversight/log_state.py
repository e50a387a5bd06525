"""The state of the log: how far events are ordered, signed, vouched for and verified, and what needs somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from audit.log import alarms, witnesses
from audit.log.waiting import Waiting, of_row, of_tree
from audit.models import (
    Alarm,
    Checkpoint,
    Cosignature,
    LogKey,
    Reconciliation,
    Tree,
    Verification,
    WitnessAnswer,
)
from audit.reconciling import keeping
from jobs.models import Job, JobState

SLOW, STUCK = timedelta(minutes=1), timedelta(minutes=10)
"""An event has its place after one or two seconds; whatever waits longer than these needs a look, or somebody."""
STALE = timedelta(days=2)  # verified and reconciled each day; once it may be late
LINES = 10  # of what a comparison found


class Level(StrEnum):
    """How the log, or another part of the product, does; the names are those of the style sheet."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class Cause(StrEnum):
    """What decides the level, the worst first."""

    ALARM = "alarm"
    FAULTS = "faults"
    DIFFERENT = "different"
    STUCK = "stuck"
    SLOW = "slow"
    UNSIGNED = "unsigned"
    UNVERIFIED = "unverified"
    WELL = "well"


LEVELS = {
    Cause.ALARM: Level.BAD, Cause.FAULTS: Level.BAD, Cause.DIFFERENT: Level.BAD, Cause.STUCK: Level.BAD,
    Cause.SLOW: Level.WARN, Cause.UNSIGNED: Level.WARN, Cause.UNVERIFIED: Level.WARN, Cause.WELL: Level.GOOD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glance:
    """The figures on top of the log. Sizes count leaves; None where there is nothing of the kind yet."""

    size: int
    root: str
    waiting: Waiting
    signed_size: int | None
    signed_at: datetime | None
    witnesses: int
    cosigned: int
    verified_at: datetime | None
    verified_size: int | None
    faults: int
    reconciled_at: datetime | None
    findings: int
    alarms: int
    cause: Cause

    @property
    def level(self) -> Level:
        """Return how the log does."""
        return LEVELS[self.cause]


def glance(now: datetime) -> Glance:
    """Return the figures; one query."""
    return _glance(_figures(_NEWEST), now)


def _glance(row: dict[str, Any], now: datetime) -> Glance:
    figures: dict[str, Any] = {
        "size": row["size"], "root": row["root"], "waiting": row["waiting"], "signed_size": row["signed_size"],
        "signed_at": row["signed_at"], "witnesses": _asked(), "cosigned": row["cosigned"] or 0,
        "verified_at": row["verified_at"], "verified_size": row["verified_size"], "faults": len(row["faults"] or ()),
        "reconciled_at": row["compared_at"], "findings": row["findings"] or 0, "alarms": row["alarms"] or 0,
    }  # fmt: skip
    return Glance(**figures, cause=_cause(figures, now))


_NEWEST = {
    "verified_at": "made_at", "verified_size": "size", "faults": "faults",
    "compared_at": "finished_at", "findings": "findings",
}  # fmt: skip
_MORE = {
    "verified_until": "finished_at", "heads": "checkpoints", "values": "disclosures",
    "rows": "rows", "erased": "erased", "first": "first",
}  # fmt: skip
_OF_VERIFICATION = {"verified_at", "verified_size", "faults", "verified_until", "heads", "values"}


def _figures(newest: dict[str, str]) -> dict[str, Any]:
    """Return the tree and beside it, by name, columns of the newest verification and comparison; one query."""
    head = Checkpoint.objects.order_by("-id")
    verification = Verification.objects.order_by("-made_at", "-id")
    compared = Reconciliation.objects.exclude(finished_at=None).order_by("-made_at", "-id")
    signed = (
        Cosignature.objects.filter(checkpoint=Subquery(head.values("pk")[:1])).order_by().values("checkpoint")
    )
    opened = Alarm.objects.filter(ended_at=None).order_by().values("ended_at")
    rows = {
        "signed_size": head.values("size"), "signed_at": head.values("made_at"),
        "cosigned": signed.annotate(amount=Count("pk")).values("amount"),
        "alarms": opened.annotate(amount=Count("pk")).values("amount"),
        **{name: (verification if name in _OF_VERIFICATION else compared).values(of) for name, of in newest.items()},
    }  # fmt: skip
    beside = {f"of_{name}": Subquery(found[:1]) for name, found in rows.items()}
    tree = Tree.objects.filter(pk=1).annotate(**beside, **of_tree())
    row = tree.values("size", "root", "waiting_count", "waiting_since", *beside).first()
    found = {name.removeprefix("of_"): value for name, value in (row or {"size": 0, "root": ""}).items()}
    return dict.fromkeys(rows) | found | {"waiting": of_row(row)}


def _asked() -> int:
    """Return how many witnesses are asked; where the setting is wrong, which a check says, how many ever were."""
    try:
        return len(witnesses.configured())
    except witnesses.WrongWitnesses:
        return WitnessAnswer.objects.count()


def _cause(of: dict[str, Any], now: datetime) -> Cause:
    wait, since = of["waiting"], of["waiting"].since
    checks = (
        (Cause.ALARM, of["alarms"]), (Cause.FAULTS, of["faults"]), (Cause.DIFFERENT, of["findings"]),
        (Cause.STUCK, wait.count and since and now - since > STUCK),
        (Cause.SLOW, wait.count and since and now - since > SLOW),
        (Cause.UNSIGNED, of["signed_size"] is None),
        (Cause.UNVERIFIED, of["verified_at"] is None or now - of["verified_at"] > STALE),
    )  # fmt: skip
    return next((cause for cause, holds in checks if holds), Cause.WELL)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many leaves somebody or something vouches for, as a bar of the picture; `width` in its units."""

    kind: str
    name: str
    size: int
    at: datetime | None
    width: float
    well: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """The newest verification."""

    finished_at: datetime
    size: int
    heads: int
    values: int
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """The newest comparison of the database with the log; `differences` are sentences, the first ones only."""

    finished_at: datetime
    rows: int
    erased: int
    findings: int
    differences: Sequence[str]


@dataclass(frozen=True, slots=True)
class State:
    """Everything on the page of the log's state."""

    glance: Glance
    head: Checkpoint | None
    note: str
    keys: Sequence[LogKey]
    witnesses: Sequence[WitnessAnswer]
    reaches: Sequence[Reach]
    verified: Verified | None
    compared: Compared | None
    alarms: Sequence[Alarm]
    verifying: Job | None
    reconciling: Job | None


BAR = 300  # units of the picture of how far everything reaches


def state(now: datetime, *, verify: str, reconcile: str) -> State:
    """Return what the page shows; `verify` and `reconcile` are the kinds of the jobs that do it."""
    row = _figures(_NEWEST | _MORE)
    figures = _glance(row, now)
    head = Checkpoint.objects.prefetch_related("cosignatures").order_by("-id").first()
    asked = list(_witnesses(head.origin if head else ""))
    return State(
        glance=figures, head=head, note=head.cosigned if head else "", keys=list(LogKey.objects.order_by("-id")),
        witnesses=asked, reaches=_reaches(figures, head, asked), verified=_verified(row), compared=_compared(row),
        alarms=alarms.open_alarms() if figures.alarms else [], **_running(verify, reconcile),
    )  # fmt: skip


def _verified(row: dict[str, Any]) -> Verified | None:
    if row["verified_until"] is None:
        return None
    return Verified(row["verified_until"], row["verified_size"], row["heads"], row["values"], row["faults"])


def _compared(row: dict[str, Any]) -> Compared | None:
    if row["compared_at"] is None:
        return None
    told = [keeping.sentence(found) for found in row["first"][:LINES]]
    return Compared(row["compared_at"], row["rows"], row["erased"], row["findings"], told)


def _witnesses(origin: str) -> QuerySet[WitnessAnswer]:
    """Return the witnesses, each with the largest head that it put its name under (`head`, `signed`)."""
    newest = Cosignature.objects.filter(witness=OuterRef("witness"), checkpoint__origin=origin).order_by(
        "-checkpoint_id"
    )
    return WitnessAnswer.objects.annotate(
        head=Subquery(newest.values("checkpoint__size")[:1]), signed=Subquery(newest.values("made_at")[:1])
    )


def _running(verify: str, reconcile: str) -> dict[str, Job | None]:
    jobs = Job.objects.filter(
        kind__in=[verify, reconcile], state__in=[JobState.DUE, JobState.RUNNING]
    ).order_by("id")
    found = {job.kind: job for job in jobs}
    return {"verifying": found.get(verify), "reconciling": found.get(reconcile)}


def _reaches(figures: Glance, head: Checkpoint | None, asked: Sequence[Any]) -> list[Reach]:
    """Return the bars: recorded, ordered, signed, by each witness, verified."""
    total = figures.size + figures.waiting.count
    if not total:
        return []
    on_time = figures.cause not in {Cause.STUCK, Cause.SLOW}
    stands = figures.cause in {Cause.WELL, Cause.UNVERIFIED}
    bars: list[tuple[str, str, int, datetime | None, bool]] = [
        ("recorded", "", total, None, True),
        ("ordered", "", figures.size, None, on_time),
    ]
    if head:
        bars.append(("signed", head.origin, head.size, head.made_at, stands or head.size == figures.size))
        bars += [
            ("cosigned", one.witness, one.head, one.signed, one.head == head.size)
            for one in asked
            if one.head
        ]
    if figures.verified_size is not None:
        bars.append(
            ("verified", "", min(figures.verified_size, total), figures.verified_at, not figures.faults)
        )
    return [
        Reach(kind, name, size, at, round(BAR * size / total, 1), well) for kind, name, size, at, well in bars
    ]


def last_verification() -> Verification | None:
    """Return the newest verification."""
    return Verification.objects.first()
