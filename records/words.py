"""The words and marks that a printed record uses for the codes of its context."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

WORDS: dict[str, dict[str, StrOrPromise]] = {
    "outcome": {
        "approved": _("Approved"),
        "approved_with_conditions": _("Approved with conditions"),
        "returned": _("Returned for revision"),
        "rejected": _("Rejected"),
        "refused": _("Signature refused"),
    },
    "motion": {
        "approve": _("approve"),
        "approve_with_conditions": _("approve with conditions"),
        "return": _("return for revision"),
        "reject": pgettext_lazy("motion", "reject"),
        "override": _("override a blocking position"),
    },
    "result": {
        "passed": _("passed"),
        "failed": pgettext_lazy("ballot", "failed"),
        "held": _("held by a blocking position"),
        "tabled": _("tabled, quorum lost"),
        "stopped": _("stopped"),
    },
    "because": {
        "all_voted": _("everybody who may vote had voted"),
        "deadline": _("the deadline had passed"),
        "result_certain": _("the result could not change any more"),
        "stopped": _("another board had decided"),
    },
    "role": {"chair": _("Chair"), "member": pgettext_lazy("seat", "Member"), "alternate": _("Alternate")},
    "attendance": {"present": _("eligible"), "recused": _("recused"), "absent": _("absent")},
    "position": {
        "for": pgettext_lazy("position", "for"),
        "against": _("against"),
        "abstain": _("abstaining"),
    },
    "block": {
        "standing": _("standing"),
        "cleared": _("cleared by its holder"),
        "overridden": _("overridden"),
    },
    "finding": {
        "must_fix": _("must be fixed"),
        "should_fix": _("should be fixed"),
        "note": _("to note"),
    },
    "turn": {"settled": _("resolved"), "reopened": _("taken up again")},
    "condition": {
        "open": pgettext_lazy("condition", "open"),
        "partly": _("in progress"),
        "met": pgettext_lazy("condition", "met"),
    },
}

MARKS = {
    "for": "●",
    "against": "⊗",
    "abstain": "◐",
    "recused": "⊖",
    "absent": "○",
    "present": "✓",
    "met": "■",
    "passed": "■",
    "approved": "■",
    "cleared": "■",
    "overridden": "■",
    "partly": "◧",
    "held": "◧",
    "approved_with_conditions": "◧",
    "open": "□",
    "returned": "□",
    "tabled": "□",
    "stopped": "⊟",
    "standing": "⊠",
    "failed": "⊠",
    "rejected": "⊠",
    "refused": "⊠",
    "blocks": "◆",
    "later": "◇",
    "changed": "▲",
}
