"""What lower apps know of dossiers and triage: the events, what they vouch for, and where they belong."""

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from reviews.models import Answer, AnswerFile, BoardReview, Contributor, Proposal, ReviewRequest, Revision

REQUEST = "reviews.reviewrequest"

VERBS = (
    ("request.drafted", _("Request drafted"), _("A request to release a model version was drafted.")),
    ("request.purpose_stated", _("Purpose stated"), _("What is asked was said anew.")),
    ("answer.saved", _("Answer saved"), _("An answer of the dossier was saved.")),
    (
        "proposals.made",
        _("Answers proposed"),
        _("A file was read, and what it states was proposed as answers."),
    ),
    ("proposal.taken", _("Proposal taken"), _("A proposed answer was taken into the dossier.")),
    ("proposal.dismissed", _("Proposal dismissed"), _("A proposed answer was put away without being taken.")),
    ("dossier_file.added", _("File added"), _("A file was given with an answer.")),
    (
        "dossier_file.removed",
        _("File taken out"),
        _("A file was taken out of the dossier; revisions keep it."),
    ),
    ("dossier_file.downloaded", _("File downloaded"), _("An auditor downloaded a file of the dossier.")),
    ("contributor.added", _("Contributor added"), _("Somebody was let in to work on the dossier.")),
    ("contributor.removed", _("Contributor removed"), _("Somebody's part in the dossier was ended.")),
    ("request.submitted", _("Request submitted"), _("The dossier was frozen as a revision and handed in.")),
    (
        "revision.submitted",
        _("New revision"),
        _("The dossier was frozen as a new revision while boards review it."),
    ),
    (
        "request.sent_back",
        _("Request returned"),
        _("The secretary returned the request with all gaps in one notice."),
    ),
    ("request.accepted", _("Request accepted"), _("The secretary found the dossier complete.")),
    (
        "request.routed",
        _("Request routed"),
        _("Tier, procedure and boards were settled, and the review began."),
    ),
    ("request.withdrawn", _("Request withdrawn"), _("The requester took the request back.")),
)


WORDS = {
    "leading": _("leading board"),
    "proposed": _("proposed by the rules"),
    "questionnaire": _("version of the questions"),
    "proposal": _("proposal"),
    "proposals": _("proposed answers"),
    "questions": _("questions"),
    "source": _("source"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("dossier_file.downloaded", "contributor.added", "contributor.removed", "proposals.made")
    for key, word in WORDS.items():
        words.register(key, word)
    tracking.track(
        ReviewRequest,
        [
            "reference",
            "project",
            "version",
            "requester",
            "state",
            "language",
            "purpose",
            "amends",
            "renews",
            "is_full_review",
            "questionnaire",
            "tier",
            "procedure",
            "submitted_at",
        ],
    )
    tracking.track(Answer, ["request", "question", "value", "version"])
    tracking.track(AnswerFile, ["request", "question", "sha256", "size", "removed_at"])
    tracking.track(Contributor, ["request", "person"])
    tracking.track(
        Revision, ["request", "number", "content", "sha256", "manifest_sha256", "questionnaire", "frozen_by"]
    )
    tracking.track(
        Proposal, ["request", "question", "value", "source", "source_name", "place", "quote", "state"]
    )
    scope.register(REQUEST, lambda request: scope.Place(project=request.project_id))
    scope.register("reviews.answer", _place_in_dossier)
    scope.register("reviews.answerfile", _place_in_dossier)
    scope.register("reviews.proposal", _place_in_dossier)
    scope.share(REQUEST, lambda boards: BoardReview.objects.filter(board__in=boards).values("request_id"))


def _place_in_dossier(row: Answer | AnswerFile | Proposal) -> scope.Place:
    return scope.Place(project=row.request.project_id, root=(REQUEST, row.request_id))
