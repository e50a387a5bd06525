"""What lower apps know of the papers of meetings: their events, where they belong, and the job that builds them."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs
from jobs import registry
from reviews.models import Papers
from reviews.services.papers import BUILD, build_papers

VERBS = (
    ("papers.asked", _("Papers asked for"), _("Somebody had the papers of a meeting put together.")),
    ("papers.made", _("Papers made"), _("The papers of a meeting were put together as one file.")),
    ("papers.failed", _("Papers failed"), _("The papers of a meeting couldn't be put together.")),
    ("papers.taken", _("Papers downloaded"), _("Somebody downloaded the papers of a meeting.")),
)


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("papers.taken")
    tracking.track(
        Papers, ["meeting", "agenda_sha256", "kept_from", "language", "state", "sha256", "size", "pages"]
    )
    scope.register("reviews.papers", lambda papers: scope.Place(board=papers.meeting.board_id))
    registry.register(BUILD, build_papers, label=_("Put papers together"), lease=timedelta(minutes=10))
