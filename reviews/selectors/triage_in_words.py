"""The reasons of a triage as sentences, for its page and for records."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reviews.rules.triage import TriageReason


def reasons_in_words(proposed: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each reason of a kept proposal (`Triage.proposed`), in its order."""
    return [reason_in_words(reason["code"], reason["values"]) for reason in proposed.get("reasons", [])]


def reason_in_words(code: str, values: Mapping[str, str]) -> str:
    """Return the sentence of one reason; `values` fill its places."""
    sentences = {
        TriageReason.PERSONAL_DATA: _("The training data contain personal data."),
        TriageReason.SENSITIVE_DATA: _("The training data contain sensitive personal data."),
        TriageReason.OPEN_WEIGHTS: _("Open weights can't be recalled once they are out."),
        TriageReason.ABOVE_SYSTEMIC_RISK: _(
            "Training took {flop} FLOP, above the 1e25 from which systemic risk is presumed."
        ),
        TriageReason.MINORS_POSSIBLE: _("Minors may use the model."),
        TriageReason.MINORS_INTENDED: _("The model is meant for minors."),
        TriageReason.BIOMETRIC_IDENTIFY: _("The model can identify people by biometric data."),
        TriageReason.BIOMETRIC_CATEGORISE: _("The model sorts people by biometric data."),
        TriageReason.PUBLIC_OPINION: _("The model could be used to sway public opinion."),
        TriageReason.MEDICAL_INFORMATION: _("The model gives medical information."),
        TriageReason.MEDICAL_DECISIONS: _("Medical decisions may rest on the model."),
        TriageReason.AUTONOMY_CONFIRMED: _("The model acts by itself, each act confirmed by a person."),
        TriageReason.AUTONOMY_ALONE: _("The model acts by itself without confirmation."),
        TriageReason.REFUSALS_WEAKER: _("The model refuses less than its base model."),
        TriageReason.EXTERNAL_USERS: _("People outside the organisation use the model."),
        TriageReason.MINOR_CHANGE: _("It is a minor change of something approved."),
        TriageReason.INTERNAL_ONLY: _("It is used internally only, without change of weights or use."),
        TriageReason.NOTHING_FOUND: _("Nothing was found that asks for more."),
    }
    return sentences[TriageReason(code)].format(**values)
