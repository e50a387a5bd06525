"""What lower apps know of interests, conflicts and standing in: events, what they vouch for, which changes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.changes import on_person_changed
from audit import scope, tracking, verbs, words
from registry.events import on_authors_read, on_project_shared
from reminders import absence, waiting
from reviews import models
from reviews.selectors.waiting.absence import deputies_of_reviews
from reviews.selectors.waiting.disclosures import DISCLOSURES
from reviews.services import rescreening

VERBS = (
    (
        "disclosure.made",
        _("Interests disclosed"),
        _("Somebody disclosed all their interests, or that there are none."),
    ),
    (
        "interest.none_declared",
        _("Nothing to declare"),
        _("A member declared that nothing ties them to the request."),
    ),
    ("delegation.made", _("Delegated"), _("Somebody who will be away named who stands in for them.")),
    ("delegation.ended", _("Delegation ended"), _("A delegation was ended before its time.")),
    ("seat.alternate_named", _("Alternate named"), _("An alternate was named for a seat, or no longer.")),
)

TRACKED: dict[type[Any], tuple[str, ...]] = {
    models.Disclosure: ("person", "none", "note", "made_at"),
    models.DisclosedInterest: ("disclosure", "place", "kind", "name", "tie"),
    models.NothingToDeclare: ("request", "person", "revision", "made_at"),
    models.Delegation: (
        "kind", "giver", "deputy", "board", "since", "until", "reason", "ended_at", "ended_by",
    ),
}  # fmt: skip


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    for model, fields in TRACKED.items():
        tracking.track(model, fields, personal=model in (models.Disclosure, models.DisclosedInterest))
    scope.register("reviews.delegation", lambda row: scope.Place(board=row.board_id))
    scope.register(
        "reviews.nothingtodeclare",
        lambda row: scope.Place(
            project=row.request.project_id, root=("reviews.reviewrequest", row.request_id)
        ),
    )
    words.register("none", _("there are none"))
    words.register("interests", _("interests"))
    waiting.register(DISCLOSURES)
    absence.register(deputies_of_reviews)
    on_person_changed(rescreening.person_changed)
    on_project_shared(rescreening.project_shared)
    on_authors_read(rescreening.authors_read)
