"""What lower apps know of letters and of the texts by which they are written."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from jobs import registry
from reviews.models import Letter, LetterTemplate
from reviews.services.letters import ISSUE, issue_letter

LETTER = "reviews.letter"
VERBS = (
    ("letter.written", _("Letter written"), _("A letter to the requester was written; it is sealed next.")),
    ("letter.issued", _("Letter issued"), _("What the letter says was frozen and given to the seal.")),
    ("letter_text.changed", _("Text of letters changed"), _("A new version of the text of a letter is in use.")),
)  # fmt: skip
WORDS = {
    "text_version": _("version of the text"),
    "text_sha256": _("SHA-256 of the text"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    for key, word in WORDS.items():
        words.register(key, word)
    # Records of letters are about the request, so that whoever may read its records finds them there.
    tracking.track(
        Letter,
        [
            "request",
            "number",
            "kind",
            "language",
            "about_type",
            "about_id",
            "decision",
            "translates",
            "record",
        ],
    )
    tracking.track(LetterTemplate, ["kind", "language", "version", "content", "sha256"])
    scope.register(LETTER, _place)
    scope.register("reviews.lettertemplate", lambda _text: scope.Place())
    registry.register(ISSUE, issue_letter, label=_("Write a letter"), lease=timedelta(minutes=2))


def _place(letter: Letter) -> scope.Place:
    request = letter.request
    return scope.Place(project=request.project_id, root=("reviews.reviewrequest", request.pk))
