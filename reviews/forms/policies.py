"""The form of a policy: all its settings in fields, without a line of JSON; it begins with a policy that exists."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from reviews.forms.policy_parts import (
    composition_content,
    composition_fields,
    composition_initial,
    composition_place,
    quorum_content,
    quorum_fields,
    quorum_initial,
    threshold_content,
    threshold_fields,
    threshold_initial,
)
from reviews.forms.procedures import procedure_content, procedure_fields, procedure_initial
from reviews.rules.clocks import Procedure
from reviews.rules.policy import (
    LIMITS,
    OVERDUE_LIMITS,
    BoardPolicy,
    ConflictRule,
    PolicyError,
    PolicyProblem,
    as_json,
)
from reviews.rules.policy_presets import begun_from
from reviews.selectors.policy_values import CONFLICTS, LABELS

COMPOSITIONS = 3
"""So many rules on who is present can be written in the form, more where a policy has more."""

NUMBER_LABELS = {
    "seats_minimum": _("Least number of seats; 0: not asked for"),
    "ballot_days": _("Working days for which a ballot is open"),
    "validity_months": _("Months for which an approval holds"),
    "appeal_days": _("Days within which one may appeal"),
    "declaration_months": _("Months for which a declaration of interests counts; 0: none is asked for"),
    "continuing_months": _("Months between continuing reviews; 0: none"),
    "continuing_ahead_days": _("Days before it in which the requester is asked to report"),
    "ratification_days": _("Working days within which the board ratifies a suspension"),
    "question_days": _("Working days within which a question is answered"),
    "completeness_days": _("Working days within which a submission is checked"),
}
FLAGS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "open_findings_block": (
        _("No ballot to approve opens while findings of what must be fixed are open"),
        _(
            "Left out, who opens the ballot is told of them. A member who wants to stop an approval takes a blocking"
            " position: it has rules of its own, and a ballot can override it."
        ),
    ),
    "positions_hidden": (_("Hide positions until the ballot closes"), ""),
    "circulation": (
        _("Ballots may be held outside meetings"),
        _("Left out, a ballot opens in a meeting only."),
    ),
    "declaration_required": (_("Who has no declaration of interests in force doesn't vote"), ""),
}
GATES_HELP = _(
    "Codes of the library, one a line, for example release-readiness; release-readiness:30 when it has to be"
    " accepted within the last 30 days, release-readiness:no-critical when an open critical finding holds it."
)


class PolicyForm(forms.Form):
    """A policy, filled with `policy`: the board's last one, a preset, or the defaults.

    `cleaned_data["content"]` is the whole policy as JSON. A setting that differs from the policy it began with has no
    source any more: the organisation set it itself.
    """

    preset = forms.CharField(required=False, widget=forms.HiddenInput)
    gates = forms.CharField(
        label=_("Checklists that must be accepted first"),
        help_text=GATES_HELP,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "code"}),
    )
    conflicts = forms.MultipleChoiceField(
        label=_("Facts that recuse a member, without a word of theirs"),
        choices=[(code.value, CONFLICTS[code]) for code in ConflictRule],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    expiry_notices = forms.CharField(
        label=_("Days before the end of an approval on which notices go out"),
        help_text=_("Numbers with commas, for example 90, 60, 30, 7. Empty: none."),
        max_length=80,
        required=False,
    )
    escalate_days = forms.IntegerField(
        label=_("Days after which a late condition is told to the chair; 0: never"),
        min_value=OVERDUE_LIMITS[0],
        max_value=OVERDUE_LIMITS[1],
    )
    suspend_days = forms.IntegerField(
        label=_("Days after which a late condition suspends the approval; 0: never"),
        min_value=OVERDUE_LIMITS[0],
        max_value=OVERDUE_LIMITS[1],
    )

    def __init__(self, data: QueryDict | None = None, *, policy: BoardPolicy, preset: str = "") -> None:
        self.policy = policy
        self.places = max(COMPOSITIONS, len(policy.composition))
        super().__init__(data, initial=_initial(policy) | {"preset": preset})
        self.fields |= quorum_fields()
        self.fields |= composition_fields(self.places)
        self.fields |= threshold_fields("threshold", _("A motion needs"))
        self.fields |= threshold_fields("override", _("An override needs"))
        for key, (low, high) in LIMITS.items():
            label = NUMBER_LABELS.get(key, LABELS[key])
            self.fields[key] = forms.IntegerField(label=label, min_value=low, max_value=high)
        for key, (label, hint) in FLAGS.items():
            self.fields[key] = forms.BooleanField(label=label, help_text=hint, required=False)
        for code in Procedure:
            self.fields |= procedure_fields(code)

    def clean_expiry_notices(self) -> list[int]:
        """Return the days; raises ValidationError for anything but numbers with commas between them."""
        words = self.cleaned_data["expiry_notices"].replace("，", ",").replace("、", ",").split(",")
        try:
            return [int(word) for word in words if word.strip()]
        except ValueError:
            raise forms.ValidationError(gettext("Write whole numbers with commas between them.")) from None

    def clean(self) -> dict[str, Any]:
        """Ask the rules: what they can't read is no policy."""
        data: dict[str, Any] = self.cleaned_data
        if self.errors:
            return data
        try:
            data["content"] = begun_from(as_json(self.policy), self._content(data))
        except PolicyError as error:
            said = dict(data)
            for problem in error.problems:
                self.add_error(field_at(problem, self.fields, said), _sentence(problem.path))
        return data

    def _content(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the policy as its rules read it."""
        return {
            "quorum": quorum_content(data),
            "composition": composition_content(data, self.places),
            "threshold": threshold_content(data, "threshold"),
            "override": threshold_content(data, "override"),
            "gates": data["gates"].split(),
            "conflicts": data["conflicts"],
            "expiry_notices": data["expiry_notices"],
            "overdue_conditions": {
                "escalate_days": data["escalate_days"], "suspend_days": data["suspend_days"],
            },
            **{key: data[key] for key in (*LIMITS, *FLAGS)},
            "procedures": {
                code.value: as_json(self.policy)["procedures"][code.value] | procedure_content(code, data)
                for code in Procedure
            },
        }  # fmt: skip


def field_at(problem: PolicyProblem, fields: dict[str, forms.Field], data: dict[str, Any]) -> str | None:
    """Return the field that a fault is about, or None when there is no such field."""
    parts = problem.path.split(".")
    prefix = ""
    if parts[0] == "procedures" and len(parts) > 2:
        prefix, parts = f"{parts[1]}_", parts[2:]
    names = {
        "quorum": "quorum_kind",
        "threshold": "threshold_numerator",
        "override": "override_numerator",
        "panel_threshold": "panel_numerator",
        "term": "term_count",
    }
    if parts[0] == "composition" and len(parts) > 1:
        name = composition_place(data, int(parts[1]), prefix)
    else:
        name = f"{prefix}{names.get(parts[0], parts[0])}"
    return name if name in fields else None


def _sentence(path: str) -> str:
    """Return a sentence for a fault of the policy."""
    key = path.split(".")[2] if path.startswith("procedures.") else path.split(".", maxsplit=1)[0]
    if key == "quorum":
        return gettext("Quorum: give the number of people, or both parts of a fraction that is at most 1.")
    if key == "composition":
        return gettext("Who is present: a rule needs a number and at least one kind of member.")
    if key in ("threshold", "override", "panel_threshold"):
        return gettext(
            "Threshold: by this rule half could pass, or nobody. A tie fails, so more than half is needed."
        )
    if key == "term":
        return gettext("At most 8760 hours, 730 days or 500 working days.")
    if key == "expiry_notices":
        return gettext("At most 12 notices, each 1 to 730 days before.")
    return gettext("This can't be used: {path}.").format(path=path)


def _initial(policy: BoardPolicy) -> dict[str, Any]:
    """Return the fields of a policy that exists."""
    fields: dict[str, Any] = {
        **quorum_initial(policy.quorum),
        **composition_initial(policy.composition),
        **threshold_initial(policy.threshold, "threshold"),
        **threshold_initial(policy.override, "override"),
        "gates": "\n".join(policy.gates),
        "conflicts": [code.value for code in policy.conflicts],
        "expiry_notices": ", ".join(map(str, policy.expiry_notices)),
        "escalate_days": policy.overdue_conditions.escalate_days,
        "suspend_days": policy.overdue_conditions.suspend_days,
        **{key: getattr(policy, key) for key in (*LIMITS, *FLAGS)},
    }
    for code in Procedure:
        fields |= procedure_initial(code, policy.procedures[code])
    return fields
