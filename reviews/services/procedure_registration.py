"""What lower apps know of procedures: the events of determinations and doubts, and what they vouch for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from audit import tracking, verbs, words
from reviews import models
from reviews.selectors.procedure_words import CAPACITIES, GROUNDS, PROCEDURE_NAMES

VERBS: tuple[tuple[str, StrOrPromise, StrOrPromise], ...] = (
    (
        "request.exempted",
        _("Request found exempt"),
        _("A member of the leading board determined that the request is exempt; no ballot was held."),
    ),
    (
        "request.escalated",
        _("Sent to another procedure"),
        _("Somebody had a doubt, and the request goes on under a stricter procedure."),
    ),
)


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    tracking.track(
        models.Determination,
        [
            "decision", "review", "revision_sha256", "policy", "policy_sha256", "person", "capacity", "grounds",
            "reason",
        ],
    )  # fmt: skip
    tracking.track(
        models.ProcedureChange,
        ["request", "review", "round", "before", "after", "person", "capacity", "reason"],
    )
    words.register("capacity", _("acting as"))
    words.register_values("capacity", CAPACITIES)
    words.register("grounds", pgettext_lazy("of an exemption", "grounds"))
    words.register_values("grounds", GROUNDS)
    for key, word in (
        ("procedure_before", _("procedure before")),
        ("procedure_after", _("procedure from now on")),
    ):
        words.register(key, word)
        words.register_values(key, PROCEDURE_NAMES)
