"""The log as a whole: its state, its signed heads, and checks of it that somebody asks for."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query

from accounts.api.fields import Id, Out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.log import reading, verifying
from audit.models import Checkpoint, Outcome
from audit.reconciling import keeping
from jobs.models import Job
from oversight import heads, log_state, permissions
from oversight.log_state import Cause, Compared, Level, Verified

room = Room("Log")
TEXT = "text/plain"


class AlarmOut(Out):
    """Something about the log that a person has to look at."""

    title: str = Field(examples=["A witness has seen another past of this log."])
    text: str = Field(examples=["witness.example.net: 9001 leaves"])
    raised_at: datetime


class LogKeyOut(Out):
    """A public key that signs heads, or did until the log had so many leaves."""

    vkey: str = Field(examples=["imprimatur.example.org/log+1a2b3c4d+AQIDBA=="])
    made_at: datetime
    until_size: int | None = Field(examples=[None])


class WitnessOut(Out):
    """How a witness took the newest head."""

    name: str = Field(examples=["witness.example.net"])
    outcome: Outcome
    text: str = Field(examples=[""])
    asked_at: datetime
    cosigned_at: datetime | None
    size: int | None = Field(description="Leaves that it has seen, as far as it said.", examples=[9001])


class VerifiedOut(Out):
    """The newest verification of the whole log."""

    finished_at: datetime
    size: int = Field(examples=[9001])
    heads: int = Field(examples=[120])
    values: int = Field(
        description="Personal values that were compared with their commitments.", examples=[30412]
    )
    faults: list[str] = Field(examples=[[]])


class ComparedOut(Out):
    """The newest comparison of the database with the log; `differences` are the first ones."""

    finished_at: datetime
    rows: int = Field(examples=[18000])
    erased: int = Field(examples=[0])
    findings: int = Field(examples=[0])
    differences: list[str] = Field(examples=[[]])


class TaskOut(Out):
    """A check that waits or runs."""

    state: str = Field(examples=["running"])
    percent: int = Field(examples=[41])


class LogOut(Out):
    """How far events are ordered, signed, vouched for and verified, and what needs somebody."""

    level: Level
    cause: Cause = Field(description="What decides the level.")
    size: int = Field(description="Events in their order.", examples=[9001])
    root: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    waiting: int = Field(description="Events without a place yet.", examples=[0])
    waiting_since: datetime | None
    origin: str = Field(examples=["imprimatur.example.org/log"])
    signed_size: int | None = Field(examples=[9001])
    signed_at: datetime | None
    cosigned: int = Field(description="Witnesses under the newest head.", examples=[2])
    alarms: list[AlarmOut]
    keys: list[LogKeyOut]
    witnesses: list[WitnessOut]
    verified: VerifiedOut | None
    compared: ComparedOut | None
    verifying: TaskOut | None
    reconciling: TaskOut | None


class CheckpointOut(Out):
    """A signed head of the log."""

    id: int = Field(examples=[120])
    origin: str = Field(examples=["imprimatur.example.org/log"])
    size: int = Field(examples=[9001])
    root: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    made_at: datetime
    witnesses: int = Field(description="How many have put their names under it.", examples=[2])


@room.get("/log", LogOut, Scope.AUDIT_READ)
def read_log(request: HttpRequest) -> LogOut:
    """Read how the log does: ordered, signed, vouched for, verified, compared with the database."""
    user, now = who(request)
    permissions.sight_of(user, now)
    return _state(now)


@room.post("/log/verification", LogOut, Scope.AUDIT_WRITE, takes=None)
def verify_log(request: HttpRequest) -> LogOut:
    """Have the log verified; a worker does it, and what it finds stands in the state of the log."""
    user, now = who(request)
    permissions.sight_of(user, now)
    verifying.ask(actor=user, now=now)
    return _state(now)


@room.post("/log/reconciliation", LogOut, Scope.AUDIT_WRITE, takes=None)
def reconcile_log(request: HttpRequest) -> LogOut:
    """Have the rows of the database compared with the log; a worker does it."""
    user, now = who(request)
    permissions.sight_of(user, now)
    keeping.ask(actor=user, now=now)
    return _state(now)


@room.get("/log/checkpoint", bytes, Scope.AUDIT_READ, gives=TEXT)
def read_newest_checkpoint(request: HttpRequest) -> HttpResponse:
    """Download the newest signed head with the lines of its witnesses (C2SP, tlog-checkpoint); keep it elsewhere."""
    user, now = who(request)
    permissions.sight_of(user, now)
    return _note(reading.newest_checkpoint())


@room.get("/log/checkpoints", PageOut[CheckpointOut], Scope.AUDIT_READ)
def list_checkpoints(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the signed heads, newest first."""
    user, now = who(request)
    permissions.sight_of(user, now)
    return list_page(request, heads.heads(), asked, _head)


@room.get("/log/checkpoints/{checkpoint_id}", bytes, Scope.AUDIT_READ, gives=TEXT)
def read_checkpoint(request: HttpRequest, checkpoint_id: Id) -> HttpResponse:
    """Download an earlier signed head."""
    user, now = who(request)
    permissions.sight_of(user, now)
    return _note(Checkpoint.objects.filter(pk=checkpoint_id).first())


def _state(now: datetime) -> LogOut:
    state = log_state.state(now, verify=verifying.JOB, reconcile=keeping.JOB)
    glance = state.glance
    return LogOut(
        level=glance.level, cause=glance.cause, size=glance.size, root=glance.root, waiting=glance.waiting.count,
        waiting_since=glance.waiting.since, origin=state.head.origin if state.head else "",
        signed_size=glance.signed_size, signed_at=glance.signed_at, cosigned=glance.cosigned,
        alarms=[AlarmOut(title=one.title, text=one.text, raised_at=one.raised_at) for one in state.alarms],
        keys=[LogKeyOut(vkey=one.vkey, made_at=one.made_at, until_size=one.until_size) for one in state.keys],
        witnesses=[
            WitnessOut(
                name=one.witness, outcome=Outcome(one.outcome), text=one.text, asked_at=one.asked_at,
                cosigned_at=one.cosigned_at, size=one.size,
            )
            for one in state.witnesses
        ],
        verified=_verified(state.verified), compared=_compared(state.compared),
        verifying=_task(state.verifying), reconciling=_task(state.reconciling),
    )  # fmt: skip


def _verified(one: Verified | None) -> VerifiedOut | None:
    if one is None:
        return None
    return VerifiedOut(
        finished_at=one.finished_at,
        size=one.size,
        heads=one.heads,
        values=one.values,
        faults=list(one.faults),
    )


def _compared(one: Compared | None) -> ComparedOut | None:
    if one is None:
        return None
    return ComparedOut(
        finished_at=one.finished_at, rows=one.rows, erased=one.erased, findings=one.findings,
        differences=list(one.differences),
    )  # fmt: skip


def _task(job: Job | None) -> TaskOut | None:
    return TaskOut(state=job.state, percent=job.progress) if job else None


def _head(row: Any) -> CheckpointOut:  # noqa: ANN401  (a checkpoint with how many signed it)
    return CheckpointOut(
        id=row.pk,
        origin=row.origin,
        size=row.size,
        root=row.root,
        made_at=row.made_at,
        witnesses=row.cosigners,
    )


def _note(found: Checkpoint | None) -> HttpResponse:
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{found.size}.txt"'}
    return HttpResponse(found.cosigned, content_type=f"{TEXT}; charset=utf-8", headers=headers)
