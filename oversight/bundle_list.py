"""Bundles as pages show them: with how far the job is that makes them, in one query."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Job, JobState
from oversight.bundle_permissions import bundles_in_sight
from oversight.models import Bundle, BundleState, Engagement
from reviews.models import ReviewRequest

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A bundle. `standing`: making, failed, ready or gone; `percent` and `step` while it is being made.

    `failure`: why the last attempt came to nothing, also while another one is under way.
    """

    bundle: Bundle
    standing: str
    percent: int
    step: str
    failure: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest bundles; `is_moving` while one of them is being made, so that the page looks again."""

    lines: list[Line]

    @property
    def is_moving(self) -> bool:
        """Say whether the page has to look again."""
        return any(line.standing == "making" for line in self.lines)


def bundles_of_engagement(engagement: Engagement, user: User, now: datetime) -> Listed:
    """Return the bundles that were asked for under the engagement, the newest first; one query."""
    return _listed(bundles_in_sight(user, now).filter(engagement=engagement), now)


def bundles_of_request(request: ReviewRequest, user: User, now: datetime) -> Listed:
    """Return the bundles of the request that the person may fetch, the newest first; one query."""
    return _listed(bundles_in_sight(user, now).filter(request=request), now)


def _listed(found: QuerySet[Bundle], now: datetime) -> Listed:
    key = Concat(Value("bundle-"), Cast(OuterRef("pk"), CharField()))
    job = Job.objects.filter(key=key).values
    rows = found.select_related("asked_by", "request", "engagement").annotate(
        job_state=Subquery(job("state")[:1]),
        percent=Subquery(job("progress")[:1]),
        step=Subquery(job("progress_text")[:1]),
    )
    return Listed([_line(row, now) for row in rows.order_by(F("asked_at").desc(), F("id").desc())[:MOST]])


def _line(row: Bundle, now: datetime) -> Line:
    job_state, percent = getattr(row, "job_state", None), getattr(row, "percent", None) or 0
    step = _step(getattr(row, "step", None) or "")
    if row.state == BundleState.ASKED and now < row.expires_at:
        failed = job_state in {JobState.FAILED, JobState.DONE, None}
        return Line(row, "failed" if failed else "making", percent, step, row.failure)
    return Line(row, "ready" if row.may_be_fetched(now) else "gone", 0, "", "")


def _step(text: str) -> str:
    """Return in words what the job reported, such as `events 1200/5000`."""
    part, _space, rest = text.partition(" ")
    done, _slash, total = rest.partition("/")
    words = {
        "reading": _("The log is being read: {done} of {total} events"),
        "checkpoints": _("Checkpoints are being written"),
        "events": _("The log is being written: {done} of {total} events"),
        "files": _("Files are being written: {done} so far"),
        "hashing": _("The digest is being computed"),
    }
    return words.get(part, _("It waits for a worker")).format(done=done, total=total)
