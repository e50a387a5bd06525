"""How far a record is on its way to the seal: each signature with who, when and how, and why it waits."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from audit.words import value_word
from imprimatur.record.expected import SEAL, SYSTEM
from jobs.models import Job, JobState
from records.expectations import ARCHIVED
from records.models import Record, RecordState, RecordStep
from records.rules.sealing import Place, due
from records.stamping import in_words

SOON, LATER = 3, 20  # seconds between two looks: while a worker is at it, and while people are waited for


@dataclass(frozen=True, slots=True)
class Mark:
    """One signature, or the time stamp; `state`: done, now (a worker is at it), stuck, or waits."""

    title: str
    state: str
    who: str = ""
    at: datetime | None = None
    how: str = ""
    why: str = ""

    @property
    def tone(self) -> str:
        """Its colour among the tones of the pages."""
        return {"done": "good", "now": "live", "stuck": "bad"}.get(self.state, "")

    @property
    def icon(self) -> str:
        """Its icon, so that the colour says nothing alone."""
        return {"done": "check", "now": "refresh", "stuck": "alert-triangle"}.get(self.state, "circle-dashed")


@dataclass(frozen=True, slots=True)
class Sealing:
    """The whole way; `failure` says why it doesn't go on, `again` whether it is tried again by itself.

    `every`: after how many seconds a page looks again; 0 when nothing changes any more.
    """

    record: Record
    steps: tuple[RecordStep, ...]
    marks: tuple[Mark, ...]
    failure: str
    again: bool
    every: int

    @property
    def so_far(self) -> RecordStep | None:
        """The last signature that was made, whose revision the next person signs."""
        return next((step for step in reversed(self.steps) if step.done_at is not None), None)

    @property
    def level(self) -> str:
        """The level of the seal in words; empty before there is one."""
        return in_words(self.steps[-1].level) if self.record.state == RecordState.SEALED else ""

    @property
    def is_archived(self) -> bool:
        """Whether an authority stamped the whole file."""
        return bool(self.steps) and self.steps[-1].level == ARCHIVED


def place_of(step: RecordStep, record: Record) -> Place:
    """Say of a step whether it may be made, and whether it was."""
    asked = {SYSTEM: True, SEAL: record.state == RecordState.SEALING}.get(
        step.field, step.asked_at is not None
    )
    return Place(step.field, asked, step.done_at is not None)


def sealing_of(record: Record) -> Sealing:
    """Return how far the record is; two queries, and one more while it doesn't go on."""
    steps = list(record.steps.select_related("person").order_by("place"))
    place = due([place_of(step, record) for step in steps])
    at_work = place.field if place else ""
    marks = [_mark(step, record, at_work, signed=len(steps) > 1) for step in steps]
    if steps and (settings.TSA_URL or steps[-1].level == ARCHIVED):
        marks.append(_stamp(steps[-1]))
    every = 0 if record.state == RecordState.SEALED else SOON if place and not record.failure else LATER
    return Sealing(
        record, tuple(steps), tuple(marks), record.failure, bool(record.failure) and _again(record), every
    )


def _mark(step: RecordStep, record: Record, at_work: str, *, signed: bool) -> Mark:
    title = _title(step)
    if step.done_at is not None:
        at = step.asked_at or step.done_at
        return Mark(title, "done", _who(step), at, in_words(step.level))
    if step.field == at_work:
        return Mark(title, "stuck" if record.failure else "now", _who(step), step.asked_at)
    if step.asked_at is not None:
        return Mark(title, "waits", _who(step), step.asked_at, why=_("confirmed; added after the one before"))
    if step.field == SEAL and signed:
        return Mark(title, "waits", why=_("after the last signature"))
    return Mark(title, "waits", why=_("not signed yet"))


def _stamp(seal: RecordStep) -> Mark:
    title = _("Time stamp over the whole file")
    if seal.level == ARCHIVED:
        return Mark(title, "done", at=seal.done_at, how=seal.level)
    if seal.done_at is not None:
        return Mark(title, "waits", why=_("none was asked for when it was sealed"))
    return Mark(title, "waits", why=_("together with the seal"))


def _title(step: RecordStep) -> str:
    if step.field == SYSTEM:
        return _("Decided, printed and certified")
    if step.field == SEAL:
        return _("Seal of the organisation")
    role = value_word(
        "field", step.field
    )  # in the language of the page; the step has it in that of the record
    title = step.title if role == step.field else role
    return title[:1].upper() + title[1:]


def _who(step: RecordStep) -> str:
    return step.person.display_name if step.person else ""


def _again(record: Record) -> bool:
    """Say whether a job goes on with the record by itself."""
    jobs = Job.objects.filter(key__startswith=f"record-{record.pk}-")
    return jobs.filter(state__in=[JobState.DUE, JobState.RUNNING]).exists()
