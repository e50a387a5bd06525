"""The reasons of triage as sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from imprimatur.dossier.questionnaire import Text
from reviews.rules.triage import Reason, TriageReason, scientific
from reviews.rules.triage_rules import SYSTEMIC_RISK_FLOP

SYSTEMIC = scientific(SYSTEMIC_RISK_FLOP)
ABOVE_OWN_LIMIT = "above_own_limit"

SENTENCES: dict[str, StrOrPromise] = {
    TriageReason.PERSONAL_DATA: gettext_lazy("The training data contains data about people."),
    TriageReason.SENSITIVE_DATA: gettext_lazy("The training data contains sensitive data about people."),
    TriageReason.OPEN_WEIGHTS: gettext_lazy("The weights are open: what is released can't be called back."),
    TriageReason.ABOVE_SYSTEMIC_RISK: gettext_lazy(
        "Training took {flop} FLOP, above the 10^25 from which the EU presumes systemic risk."
    ),
    ABOVE_OWN_LIMIT: gettext_lazy("Training took {flop} FLOP, more than {limit}."),
    TriageReason.MINORS_POSSIBLE: gettext_lazy("Children or teenagers may use it."),
    TriageReason.MINORS_INTENDED: gettext_lazy("It is meant for children or teenagers."),
    TriageReason.BIOMETRIC_IDENTIFY: gettext_lazy("It recognises people by traits of their bodies."),
    TriageReason.BIOMETRIC_CATEGORISE: gettext_lazy(
        "It sorts people, or reads emotions, by traits of their bodies."
    ),
    TriageReason.PUBLIC_OPINION: gettext_lazy(
        "It could mobilise public opinion: experts review it a second time."
    ),
    TriageReason.MEDICAL_INFORMATION: gettext_lazy("It informs about health or medicine."),
    TriageReason.MEDICAL_DECISIONS: gettext_lazy("It is used for diagnosis or treatment."),
    TriageReason.AUTONOMY_CONFIRMED: gettext_lazy(
        "It acts where safety or health depends on it, once a person confirms."
    ),
    TriageReason.AUTONOMY_ALONE: gettext_lazy(
        "It acts alone where safety or health depends on it: experts review it a second time."
    ),
    TriageReason.REFUSALS_WEAKER: gettext_lazy("Since tuning it refuses harmful requests less reliably."),
    TriageReason.EXTERNAL_USERS: gettext_lazy("People outside the organisation use it."),
    TriageReason.MINOR_CHANGE: gettext_lazy(
        "It is a minor change of an approved version, at medium risk at most."
    ),
    TriageReason.MINOR_AMENDMENT: gettext_lazy(
        "It is a minor change of what {reference} approved: the same files, no higher tier, no further board."
    ),
    TriageReason.AMENDS_MORE: gettext_lazy(
        "It is called a minor change of {reference}, but its files, its tier or its boards are others."
    ),
    TriageReason.INTERNAL_ONLY: gettext_lazy(
        "It is used internally only, and the rules found nothing of concern."
    ),
    TriageReason.NOTHING_FOUND: gettext_lazy(
        "The rules found nothing of concern; a release still gets a full review."
    ),
}


def in_words(reason: Reason) -> str:
    """Return the reason as a sentence in the language that is active."""
    return sentence_of(reason.code, reason.values)


def reasons_in_words(proposed: Mapping[str, Any]) -> list[str]:
    """Return the reasons of a proposal as it is kept (`Triage.proposed`) as sentences."""
    return [sentence_of(reason["code"], reason["values"]) for reason in proposed["reasons"]]


def sentence_of(code: str, values: Mapping[str, str]) -> str:
    """Return the sentence of a rule; that of an organisation's own rule is among the values."""
    if "en" in values:
        return Text(en=values["en"], zh=values["zh"]).in_language(get_language() or "en")
    if code == TriageReason.ABOVE_SYSTEMIC_RISK and values.get("limit", SYSTEMIC) != SYSTEMIC:
        code = ABOVE_OWN_LIMIT
    sentence = SENTENCES.get(code)
    return (
        str(sentence).format(**values)
        if sentence
        else _("A reason that this program doesn't know: {code}").format(code=code)
    )
