"""What lower apps know of versions of the questions: the events, and what they vouch for."""

from django.utils.translation import gettext_lazy as _

from audit import tracking, verbs, words
from reviews.models import QuestionnaireDraft, QuestionnaireMark, QuestionnaireVersion

VERBS = (
    ("questionnaire.drafted", _("Questions drafted"), _("A new version of the questions was begun.")),
    ("questionnaire.draft_changed", _("Draft of questions changed"), _("A draft of questions was changed.")),
    ("questionnaire.draft_discarded", _("Draft of questions discarded"), _("A draft of questions was discarded.")),
    ("questionnaire.published", _("Questions published"), _("A version of the questions was published.")),
    (
        "questionnaire.taken_for_use",
        _("Questions taken for use"),
        _("New requests are asked this version of the questions from now on."),
    ),
    (
        "questionnaire.retired",
        _("Questions retired"),
        _("This version of the questions is not for new requests any more."),
    ),
    (
        "request.questions_renewed",
        _("Questions of the request renewed"),
        _("The draft went on with a newer version of the questions; its answers were kept where they still fit."),
    ),
)  # fmt: skip
WORDS = {
    "based_on": _("made from"),
    "emptied": _("answers that no longer fit"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    for key, word in WORDS.items():
        words.register(key, word)
    tracking.track(QuestionnaireVersion, ["version", "content", "sha256", "based_on"])
    tracking.track(QuestionnaireMark, ["version", "kind"])
    tracking.track(QuestionnaireDraft, ["based_on", "changes"])
