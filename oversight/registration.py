"""What oversight tells the apps below it when the product starts."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from audit.models import Event
from oversight.models import Engagement
from oversight.permissions import may_oversee
from oversight.waiting import SOURCE
from records import permissions
from records.models import Record
from reminders import waiting

RECORD = Record._meta.label_lower


def register() -> None:
    """Register verbs, words, tracked fields and places; let auditors read records that an engagement covers."""
    verbs.register("engagement.made", _("Engagement made"), _("Auditors were asked to look at something."))
    verbs.register("engagement.ended", _("Engagement ended"), _("An engagement was ended before its time."))
    verbs.register("log.exported", _("Log taken away"), _("Events of the log were downloaded as a file."))
    for key, word in {
        "auditors": _("auditors"), "whole": _("whole organisation"), "projects": _("projects"),
        "starts_at": _("begins"), "ends_at": _("ends"), "last": _("number of the last event"),
        "engagements": _("engagements"), "filter object": _("filter: object"), "filter person": _("filter: person"),
        "filter event": _("filter: event"), "filter from": _("filter: from"), "filter until": _("filter: until"),
    }.items():  # fmt: skip
        words.register(key, word)
    tracking.track(Engagement, ["title", "whole", "starts_at", "ends_at", "ended_at"])
    permissions.register_overseer(may_oversee)
    scope.register(RECORD, place_of_record)
    waiting.register(SOURCE)


def place_of_record(record: Record) -> scope.Place:
    """Return where a record belongs: to the thing it is about, in the project of that thing's events."""
    root = (record.object_type, record.object_id)
    project = Event.objects.filter(root_type=root[0], root_id=root[1]).exclude(project="").order_by("-id")
    return scope.Place(project=project.values_list("project", flat=True).first(), root=root)
