"""What lower apps know of panels, appeals and full reviews: the events, what they vouch for, and where they belong."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from reviews.models import Appeal
from reviews.rules.appeals import AppealOutcome
from reviews.selectors import panel_words

REQUEST = "reviews.reviewrequest"

VERBS = (
    ("panel.formed", _("Panel formed"), _("A panel for this request was formed, with its seats and policy.")),
    ("panel.closed", _("Panel ended"), _("The expert panel of an earlier round has no part in the new one.")),
    ("appeal.filed", _("Appeal filed"), _("The requester appealed, with grounds.")),
    ("appeal.heard", _("Appeal heard"), _("The panel of the appeal was formed and began.")),
    ("appeal.decided", _("Appeal decided"), _("The panel decided the appeal.")),
    (
        "appeal.reopened",
        _("Appeal open again"),
        _("What the panel decided wasn't signed, so it deliberates again."),
    ),
    ("appeal.ended", _("Appeal ended"), _("Nothing was left for the appeal to decide.")),
    (
        "request.full_review_made",
        _("Full review begun"),
        _("The full review of a provisional approval was given to the same boards."),
    ),
    (
        "request.full_review_scheduled",
        _("Full review scheduled"),
        _("The approval is provisional; its full review scheduled itself."),
    ),
    (
        "decision.overturned",
        _("Approval overturned"),
        _("The full review rejected what was approved provisionally, so that ended at once."),
    ),
    (
        "request.overturned",
        _("Approval overturned"),
        _("The full review rejected what was approved provisionally, so that ended at once."),
    ),
)

WORDS = {
    "amends": _("continues"),
    "child": _("full review"),
    "ground": _("ground"),
    "people": _("people"),
    "provisional": _("provisional"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("panel.formed", "panel.closed", "request.full_review_scheduled")
    for key, word in WORDS.items():
        words.register(key, word)
    words.register_values("purpose", panel_words.PURPOSES)
    words.register_values(
        "outcome",
        {code: panel_words.APPEAL_OUTCOMES[code] for code in (AppealOutcome.LIFTED, AppealOutcome.UPHELD)},
    )
    words.register_values("ground", panel_words.GROUNDS)
    tracking.track(
        Appeal,
        [
            "request",
            "number",
            "decision",
            "suspension",
            "grounds",
            "filed_by",
            "state",
            "panel",
            "outcome",
            "led_to",
            "ending_reason",
        ],
    )
    scope.register(
        "reviews.appeal",
        lambda appeal: scope.Place(project=appeal.request.project_id, root=(REQUEST, appeal.request_id)),
    )
