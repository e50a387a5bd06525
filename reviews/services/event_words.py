"""Words for what stands in the data of the reviews' events: leaves hold codes, people read their language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from audit import words
from records.issue import Signatory
from reviews.rules.threshold import ThresholdOf
from reviews.selectors import words as said
from reviews.selectors.triage_words import SENTENCES

KEYS: dict[str, StrOrPromise] = {
    "any_of": _("any of"),
    "attributes": _("attributes"),
    "audience": _("who may read it"),
    "ballot": _("ballot"),
    "base": _("base"),
    "because": _("because"),
    "blocks_release": _("blocks release"),
    "board": _("board"),
    "by": pgettext_lazy("what ended it", "by"),
    "closing": _("at closing"),
    "composition": _("who is present"),
    "context_sha256": _("SHA-256 of the data"),
    "decision": _("decision"),
    "denominator": _("denominator"),
    "eligible": _("eligible"),
    "finding": _("finding"),
    "found": _("found"),
    "needed": _("needed"),
    "numerator": _("numerator"),
    "of": _("of whom"),
    "opening": _("at opening"),
    "passed": pgettext_lazy("motion", "Passed"),
    "policy_sha256": _("SHA-256 of the policy"),
    "present": _("present"),
    "quorum": pgettext_lazy("of a ballot", "quorum"),
    "readers": _("who may read it"),
    "reasons": _("reasons"),
    "record_sha256": _("SHA-256 of the record"),
    "recused": _("recused"),
    "result": pgettext_lazy("of a ballot", "result"),
    "revision_sha256": _("SHA-256 of the dossier"),
    "round": _("round"),
    "seats": _("seats"),
    "signatures": pgettext_lazy("how many", "signatures"),
    "signatures_sha256": _("SHA-256 of the signatures"),
    "standing_blocks": _("standing blocking positions"),
    "statement_sha256": _("SHA-256 of the statement"),
    "strict": _("more than the share"),
    "thread": _("discussion"),
    "threshold": pgettext_lazy("of a ballot", "threshold"),
    "values": _("values"),
    "votes_abstaining": _("abstaining"),
    "votes_against": _("votes against"),
    "votes_for": _("votes for"),
    "where": pgettext_lazy("of a release", "where"),
}
AUDIENCES: dict[str, StrOrPromise] = {
    "board": _("the boards alone"),
    "everyone": _("everybody in the request"),
}

READERS: dict[str, StrOrPromise] = {
    "private": _("its author alone"),
    "privileged": _("legal staff alone"),
}


def _labels(badges: dict[str, said.Badge]) -> dict[str, StrOrPromise]:
    return {code: badge.label for code, badge in badges.items()}


def register() -> None:
    """Make the words known; called from AppConfig.ready()."""
    for key, word in KEYS.items():
        words.register(key, word)
    for key in ("any_of", "attributes"):
        words.register_values(key, said.SEAT_ATTRIBUTES)
    words.register_values("audience", AUDIENCES)
    words.register_values("finding", {code: badge.label for code, badge in said.FINDINGS.items()})
    words.register_values("readers", READERS)
    words.register_values("because", said.CLOSED_BECAUSE)
    words.register_values("by", {"date": _("the date")})
    words.register_values("code", {code: text for code, text in SENTENCES.items() if "{" not in text})
    words.register_values("kind", {**said.RECUSAL_KINDS, **said.BOARD_KINDS, **said.MOTION_KINDS})
    words.register_values("kind", {"review": _("review of a release")})
    words.register_values(
        "of",
        {
            ThresholdOf.PRESENT_AND_ELIGIBLE: _("those who are present and may vote"),
            ThresholdOf.SEATED_MINUS_RECUSED: _("all seats but the recused ones"),
            ThresholdOf.ALL_SEATED: _("all seats, absent or recused ones too"),
        },
    )
    words.register_values("outcome", _labels(said.OUTCOMES))
    words.register_values("position", _labels(said.POSITIONS))
    words.register_values("procedure", said.PROCEDURES)
    words.register_values("result", _labels(said.RESULTS))
    words.register_values(
        "field", {Signatory(role, "").field: label for role, label in said.SIGNING_ROLES.items()}
    )
    words.register_values("role", {**said.SIGNING_ROLES, **said.SEAT_ROLES})
    words.register_values("state", _labels(said.REQUEST_STATES))
