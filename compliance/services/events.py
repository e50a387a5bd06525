"""Names of the events of compliance, what they vouch for, and where they belong in the log."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from compliance.models import (
    Answer,
    ApplicabilityOverride,
    Assessment,
    Evidence,
    Library,
    Occurrence,
    Schedule,
)
from compliance.models.assessment import AnswerChoice
from compliance.models.schedule import Scope
from compliance.rules.applicability import Level
from compliance.services.finding_events import register_finding_events

VERBS = (
    ("library.loaded", _("Library loaded"), _("A version of a library of controls was loaded.")),
    ("library.imported", _("Library imported"), _("A version of a library was read from somebody's file.")),
    ("library.applies_told", _("Told when it applies"), _("A person said when an imported library applies.")),
    ("schedule.created", _("Schedule made"), _("A check was put on a schedule.")),
    ("schedule.changed", _("Schedule changed"), _("A schedule was changed; what had begun stayed.")),
    ("schedule.paused", _("Schedule paused"), _("A schedule makes no dates until it is resumed.")),
    ("schedule.resumed", _("Schedule resumed"), _("A schedule makes dates again.")),
    ("schedule.ended", _("Schedule ended"), _("A schedule makes no dates any more.")),
    ("schedule.planned", _("Dates made"), _("The clock made the next dates of its schedules.")),
    ("assessment.opened", _("Checklist opened"), _("A checklist waits to be filled in.")),
    ("assessment.assigned", _("Checklist assigned"), _("Owner or reviewer of a checklist were named.")),
    (
        "assessment.due_moved",
        _("Due date moved"),
        _("The day on which a checklist is due was moved, with a reason."),
    ),
    ("assessment.answered", _("Control answered"), _("A control of a checklist was answered.")),
    ("assessment.submitted", _("Checklist submitted"), _("A complete checklist was given to its reviewer.")),
    ("assessment.returned", _("Checklist returned"), _("The reviewer gave a checklist back.")),
    ("assessment.accepted", _("Checklist accepted"), _("The reviewer accepted a checklist; it is frozen.")),
    (
        "applicability.decided",
        _("Applicability decided"),
        _("A person decided whether a library applies, with a reason."),
    ),
    (
        "applicability.taken_back",
        _("Decision taken back"),
        _("A decision whether a library applies no longer counts."),
    ),
    ("evidence.added", _("Evidence added"), _("A file was added as evidence.")),
    (
        "evidence.replaced",
        _("Evidence replaced"),
        _("A newer version took the place of a file of evidence, which is kept."),
    ),
    (
        "evidence.reused",
        _("Evidence used again"),
        _("A file that was handed in before was attached as evidence again."),
    ),
    ("evidence.withdrawn", _("Evidence withdrawn"), _("A file no longer counts as evidence; it is kept.")),
    ("evidence.viewed", _("Evidence looked at"), _("A file of evidence was shown in a preview.")),
    ("evidence.downloaded", _("Evidence downloaded"), _("A file of evidence was downloaded.")),
    (
        "assessment.downloaded",
        _("Checklist downloaded"),
        _("The frozen content of a checklist was downloaded."),
    ),
)
WORDS = {
    "answers": _("answers"),
    "applies": _("applies"),
    "control": _("control"),
    "controls": _("controls"),
    "country": _("country"),
    "days": _("days to complete"),
    "edition": _("version of the file"),
    "ends": _("ends"),
    "from_check": _("from the check"),
    "library": _("library"),
    "met": _("met"),
    "not_applicable": _("not applicable"),
    "not_met": _("not met"),
    "open": _("without an answer"),
    "owner": _("owner"),
    "page": _("page"),
    "partly": _("partly met"),
    "replaced": _("SHA-256 of the version before"),
    "reviewer": _("reviewer"),
    "rule": _("rule"),
    "schedule": _("schedule"),
    "scheduled_for": _("scheduled for"),
    "scope": _("about"),
    "shift": _("on a day off"),
    "starts": _("starts"),
    "withdrawn": _("dates withdrawn"),
    "zone": _("time zone"),
}
ABOUT = [
    "title_en",
    "title_zh",
    "control_numbers",
    "scope",
    "board",
    "project",
    "version",
    "owner",
    "reviewer",
    "state",
]


def register_events() -> None:
    """Make names, tracked fields and places known; called from AppConfig.ready()."""
    register_finding_events()
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("evidence.viewed", "evidence.downloaded", "assessment.downloaded")
    for key, word in WORDS.items():
        words.register(key, word)
    words.register_values("scope", {Level.MODEL: _("a model")} | {each.value: each.label for each in Scope})
    words.register_values("state", {each.value: each.label for each in AnswerChoice})
    tracking.track(Library, ["code", "version", "sha256", "applies"])
    tracking.track(
        ApplicabilityOverride,
        ["library_code", "level", "project", "model", "version", "applies", "reason", "until", "ended_at"],
    )
    tracking.track(
        Schedule, [*ABOUT, "library_code", "rule", "starts", "zone", "ends_at", "shift", "country", "days"]
    )
    tracking.track(Occurrence, ["schedule", "scheduled_for", "due"])
    tracking.track(Assessment, [*ABOUT, "library", "occurrence", "due", "content", "sha256"])
    tracking.track(Answer, ["assessment", "control", "state", "comment"])
    tracking.track(
        Evidence,
        [
            "assessment",
            "control",
            "name",
            "sha256",
            "effective_on",
            "expires_on",
            "withdrawn_at",
            "replaces",
        ],
    )
    scope.register("compliance.schedule", lambda row: scope.Place(project=row.project_id, board=row.board))
    scope.register("compliance.assessment", lambda row: scope.Place(project=row.project_id, board=row.board))
    scope.register("compliance.applicabilityoverride", lambda row: scope.Place(project=row.project_id))
    for model in ("compliance.answer", "compliance.evidence"):
        scope.register(model, _of_assessment)


def _of_assessment(row: Answer | Evidence) -> scope.Place:
    about = row.assessment
    return scope.Place(project=about.project_id, board=about.board, root=("compliance.assessment", about.pk))
