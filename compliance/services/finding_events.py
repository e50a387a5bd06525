"""Names of the events of findings, actions, exceptions and comments, what they vouch for, and where they belong."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from compliance.models import Action, ControlComment, ControlException, Finding
from compliance.models.finding import SeverityChoice

VERBS = (
    ("assessment.finding_raised", _("Finding raised"), _("Somebody said what is wrong with a control.")),
    (
        "assessment.finding_resolved",
        _("Finding closed"),
        _("The last action of a finding was settled; it is closed."),
    ),
    ("assessment.finding_withdrawn", _("Finding withdrawn"), _("A finding was closed because it was none.")),
    ("action.planned", _("Action planned"), _("Somebody has to do something about a finding until a day.")),
    ("action.changed", _("Action changed"), _("An action got another owner or day, with a reason.")),
    ("action.reported", _("Action reported"), _("Whoever does an action said that it is done.")),
    ("action.verified", _("Action verified"), _("Somebody else confirmed that an action is done.")),
    ("action.returned", _("Action given back"), _("An action that was reported as done is not.")),
    ("action.dropped", _("Action dropped"), _("An action is not done, for a reason.")),
    (
        "exception.asked",
        _("Exception asked for"),
        _("Somebody asked that a control may stay unmet for a time."),
    ),
    ("exception.approved", _("Exception approved"), _("Legal staff let a control stay unmet for a time.")),
    ("exception.refused", _("Exception refused"), _("Legal staff refused that a control stays unmet.")),
    ("exception.revoked", _("Exception ended"), _("An exception was revoked or taken back before its end.")),
    ("control.commented", _("Control commented on"), _("Somebody commented on a control of a checklist.")),
)
WORDS = {"severity": _("severity")}


def register_finding_events() -> None:
    """Make names, tracked fields and places known; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    for key, word in WORDS.items():
        words.register(key, word)
    words.register_values("severity", {each.value: each.label for each in SeverityChoice})
    tracking.track(
        Finding, ["assessment", "control", "severity", "text", "closed_at", "closing", "closing_reason"]
    )
    tracking.track(
        Action,
        [
            "finding",
            "text",
            "owner",
            "due",
            "state",
            "report",
            "returned_reason",
            "settled_by",
            "drop_reason",
        ],
    )
    tracking.track(
        ControlException,
        [
            "library_code", "control_number", "scope", "board", "project", "version", "reason", "instead",
            "until", "state", "decided_by", "decision_reason", "ended_by", "end_reason",
        ],
    )  # fmt: skip
    tracking.track(ControlComment, ["assessment", "control", "text"])
    scope.register("compliance.finding", _of_part)
    scope.register("compliance.controlcomment", _of_part)
    scope.register("compliance.action", _of_action)
    scope.register(
        "compliance.controlexception", lambda row: scope.Place(project=row.project_id, board=row.board)
    )


def _of_part(row: Finding | ControlComment) -> scope.Place:
    about = row.assessment
    return scope.Place(project=about.project_id, board=about.board, root=("compliance.assessment", about.pk))


def _of_action(row: Action) -> scope.Place:
    return _of_part(row.finding)
