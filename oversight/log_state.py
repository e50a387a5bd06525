"""The state of the log: how far events are ordered, signed, vouched for and verified, and what needs somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from audit.log import alarms, witnesses
from audit.log.waiting import Waiting, waiting
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
from audit.selectors import whole_number
from jobs.models import Job, JobState

SLOW, STUCK = timedelta(minutes=1), timedelta(minutes=10)
"""An event has its place after one or two seconds; whatever waits longer than these needs a look, or somebody."""
STALE = timedelta(days=2)  # verified and reconciled each day; once it may be late
LISTED = 50


class Level(StrEnum):
    """How the log does; the names are those of the style sheet."""

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
    """Return the figures; three queries."""
    row = _figures()
    wait = waiting(row["mark"])
    figures: dict[str, Any] = {
        "size": row["size"], "root": row["root"], "waiting": wait, "signed_size": row["signed_size"],
        "signed_at": row["signed_at"], "witnesses": _asked(), "cosigned": row["cosigned"] or 0,
        "verified_at": row["verified_at"], "verified_size": row["verified_size"], "faults": len(row["faults"] or ()),
        "reconciled_at": row["reconciled_at"], "findings": row["findings"] or 0, "alarms": row["alarms"] or 0,
    }  # fmt: skip
    return Glance(**figures, cause=_cause(figures, now))


def _figures() -> dict[str, Any]:
    """Return the newest of everything beside the tree; one query."""
    head = Checkpoint.objects.order_by("-id")
    verification = Verification.objects.order_by("-made_at", "-id")
    compared = Reconciliation.objects.exclude(finished_at=None).order_by("-made_at", "-id")
    signed = (
        Cosignature.objects.filter(checkpoint=Subquery(head.values("pk")[:1])).order_by().values("checkpoint")
    )
    opened = Alarm.objects.filter(ended_at=None).order_by().values("ended_at")
    names = {
        "signed_size": head.values("size"), "signed_at": head.values("made_at"),
        "cosigned": signed.annotate(amount=Count("pk")).values("amount"),
        "verified_at": verification.values("made_at"), "verified_size": verification.values("size"),
        "faults": verification.values("faults"), "reconciled_at": compared.values("made_at"),
        "findings": compared.values("findings"),
        "alarms": opened.annotate(amount=Count("pk")).values("amount"),
    }  # fmt: skip
    found = Tree.objects.filter(pk=1).annotate(
        **{f"of_{name}": Subquery(rows[:1]) for name, rows in names.items()}
    )
    row = found.values("size", "root", "mark", *(f"of_{name}" for name in names)).first()
    if row is None:
        return {"size": 0, "root": "", "mark": 0} | dict.fromkeys(names)
    return {name.removeprefix("of_"): value for name, value in row.items()}


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
class State:
    """Everything on the page of the log's state."""

    glance: Glance
    head: Checkpoint | None
    note: str
    keys: Sequence[LogKey]
    witnesses: Sequence[WitnessAnswer]
    reaches: Sequence[Reach]
    verification: Verification | None
    reconciliation: Reconciliation | None
    differences: Sequence[str]
    alarms: Sequence[Alarm]
    verifying: Job | None
    reconciling: Job | None


BAR = 300  # units of the picture of how far everything reaches


def state(now: datetime, *, verify: str, reconcile: str) -> State:
    """Return what the page shows; `verify` and `reconcile` are the kinds of the jobs that do it."""
    figures = glance(now)
    head = Checkpoint.objects.prefetch_related("cosignatures").order_by("-id").first()
    asked = list(WitnessAnswer.objects.all())
    verification, compared = Verification.objects.first(), keeping.latest()
    return State(
        glance=figures, head=head, note=head.cosigned if head else "", keys=list(LogKey.objects.order_by("-id")),
        witnesses=asked, reaches=_reaches(figures, head, verification), verification=verification,
        reconciliation=compared, alarms=alarms.open_alarms(),
        differences=[keeping.sentence(found) for found in compared.first[:10]] if compared else [],
        **_running(verify, reconcile),
    )  # fmt: skip


def _running(verify: str, reconcile: str) -> dict[str, Job | None]:
    jobs = Job.objects.filter(
        kind__in=[verify, reconcile], state__in=[JobState.DUE, JobState.RUNNING]
    ).order_by("id")
    found = {job.kind: job for job in jobs}
    return {"verifying": found.get(verify), "reconciling": found.get(reconcile)}


def _reaches(figures: Glance, head: Checkpoint | None, verification: Verification | None) -> list[Reach]:
    """Return the bars: recorded, ordered, signed, by each witness, verified."""
    total = figures.size + figures.waiting.count
    if not total:
        return []
    bars = [
        ("recorded", "", total, None, True),
        ("ordered", "", figures.size, None, not figures.waiting.count),
    ]
    if head:
        bars.append(("signed", head.origin, head.size, head.made_at, head.size == figures.size))
        bars += [("cosigned", name, size, at, size == head.size) for name, size, at in _cosigned(head.origin)]
    if verification:
        at = verification.made_at
        bars.append(("verified", "", min(verification.size, total), at, verification.is_whole))
    return [
        Reach(kind, name, size, at, round(BAR * size / total, 1), well) for kind, name, size, at, well in bars
    ]


def _cosigned(origin: str) -> list[tuple[str, int, datetime]]:
    """Return of each witness the largest head that it put its name under."""
    newest = Cosignature.objects.filter(witness=OuterRef("witness"), checkpoint__origin=origin).order_by(
        "-checkpoint_id"
    )
    found = WitnessAnswer.objects.annotate(
        head=Subquery(newest.values("checkpoint__size")[:1]), signed=Subquery(newest.values("made_at")[:1])
    ).exclude(head=None)
    return list(found.values_list("witness", "head", "signed"))


def last_verification() -> Verification | None:
    """Return the newest verification."""
    return Verification.objects.first()


def checkpoints(before: str = "") -> tuple[list[Checkpoint], str]:
    """Return a page of the checkpoints, the newest first, and the id to go on before, or ""."""
    key = whole_number(before)
    found = Checkpoint.objects.annotate(cosigners=Count("cosignatures")).order_by("-id")
    some = list((found.filter(pk__lt=key) if key else found)[: LISTED + 1])
    return some[:LISTED], str(some[LISTED - 1].pk) if len(some) > LISTED else ""
