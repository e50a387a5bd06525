"""Names of the events of planning and of incidents, what they vouch for, and where they belong in the log."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from compliance.models import Incident
from compliance.selectors.happening_words import HAPPENED


def register_schedules() -> None:
    """Make names, tracked fields and places known; called from AppConfig.ready()."""
    verbs.register(
        "incident.entered", _("Incident entered"), _("Somebody entered that something had gone wrong.")
    )
    for key, word in {
        "happened_at": _("happened"), "happening": _("what happened"), "happenings": _("when something happens"),
        "occasion": _("occasion"), "schedules": _("schedules"), "data_sets": _("data sets"),
    }.items():  # fmt: skip
        words.register(key, word)
    words.register_values("happening", {str(key): word for key, word in HAPPENED.items()})
    tracking.track(Incident, ["project", "version", "happened_at", "text"])
    scope.register("compliance.incident", lambda row: scope.Place(project=row.project_id))
    scope.register("compliance.planning", lambda _row: scope.Place())
