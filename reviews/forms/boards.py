"""Forms of boards: the board itself, its policy in fields instead of JSON, its seats, who keeps it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.rules.policy import BoardPolicy, PolicyError, as_json, parse
from reviews.rules.quorum import QuorumKind
from reviews.rules.threshold import ThresholdOf
from reviews.selectors.words import BOARD_KINDS, SEAT_ATTRIBUTES, SEAT_ROLES

COMPOSITIONS = 3
"""So many rules on who is present can be written in the form."""


class BoardForm(forms.Form):
    """A new board with its names in both languages."""

    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"), help_text=_("In addresses: letters, digits and hyphens."), max_length=60
    )
    kind = forms.ChoiceField(
        label=_("What it judges"), choices=list(BOARD_KINDS.items()), widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language of its records"),
        choices=[("", _("that of each request")), *settings.LANGUAGES],
        required=False,
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("In which its deadlines are computed, for example Europe/Berlin."),
        max_length=64,
        initial="UTC",
    )


class PolicyForm(forms.Form):
    """A policy: quorum, who must be present, thresholds, days, gates."""

    quorum_kind = forms.ChoiceField(
        label=_("Quorum"),
        choices=[
            (QuorumKind.MAJORITY.value, _("more than half of the seats")),
            (QuorumKind.COUNT.value, _("a number of people")),
            (QuorumKind.FRACTION.value, _("a fraction of the seats")),
        ],
        widget=forms.RadioSelect,
    )
    quorum_count = forms.IntegerField(label=_("How many people"), min_value=1, max_value=1000, required=False)
    quorum_numerator = forms.IntegerField(
        label=_("Fraction: of"), min_value=1, max_value=1000, required=False
    )
    quorum_denominator = forms.IntegerField(
        label=_("Fraction: in"), min_value=1, max_value=1000, required=False
    )
    threshold_numerator = forms.IntegerField(label=_("A motion needs"), min_value=1, max_value=1000)
    threshold_denominator = forms.IntegerField(label=_("out of"), min_value=1, max_value=1000)
    threshold_strict = forms.BooleanField(label=_("More than that, not just as many"), required=False)
    threshold_of = forms.ChoiceField(
        label=_("of whom"),
        choices=[
            (ThresholdOf.PRESENT_AND_ELIGIBLE.value, _("those who are present and may vote")),
            (ThresholdOf.SEATED_MINUS_RECUSED.value, _("all seats but the recused ones")),
        ],
        widget=forms.RadioSelect,
    )
    override_numerator = forms.IntegerField(label=_("An override needs"), min_value=1, max_value=1000)
    override_denominator = forms.IntegerField(label=_("out of"), min_value=1, max_value=1000)
    override_strict = forms.BooleanField(label=_("More than that, not just as many"), required=False)
    ballot_days = forms.IntegerField(
        label=_("Working days for which a ballot is open"), min_value=1, max_value=60
    )
    gates = forms.CharField(
        label=_("Checklists that must be accepted first"),
        help_text=_(
            "Codes of the library, one a line, for example release-readiness; release-readiness:30 when it has to be"
            " accepted within the last 30 days, release-readiness:no-critical when an open critical finding holds it."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "code"}),
    )
    open_findings_block = forms.BooleanField(
        label=_("No ballot to approve opens while findings of what must be fixed are open"),
        help_text=_(
            "Left out, who opens the ballot is told of them. A member who wants to stop an approval takes a blocking"
            " position: it has rules of its own, and a ballot can override it."
        ),
        required=False,
    )
    positions_hidden = forms.BooleanField(label=_("Hide positions until the ballot closes"), required=False)
    validity_months = forms.IntegerField(
        label=_("Months for which an approval holds"), min_value=1, max_value=60
    )
    appeal_days = forms.IntegerField(label=_("Days within which one may appeal"), min_value=1, max_value=365)

    def __init__(self, data: QueryDict | None = None, *, policy: BoardPolicy) -> None:
        super().__init__(data, initial=_initial(policy))
        for place in range(1, COMPOSITIONS + 1):
            self.fields[f"present_{place}"] = forms.IntegerField(
                label=gettext("Present rule {number}: at least").format(number=place), min_value=1, max_value=100,
                required=False,
            )  # fmt: skip
            self.fields[f"kinds_{place}"] = forms.MultipleChoiceField(
                label=gettext("Rule {number}: members who are one of").format(number=place),
                choices=list(SEAT_ATTRIBUTES.items()), widget=forms.CheckboxSelectMultiple, required=False,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask the rules: what they can't read is no policy."""
        data: dict[str, Any] = self.cleaned_data
        if not self.errors:
            try:
                data["content"] = as_json(parse(self._content(data)))
            except PolicyError as error:
                for problem in error.problems:
                    self.add_error(None, _fault(problem.path))
        return data

    def _content(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the policy as its rules read it."""
        quorum: dict[str, Any] = {"kind": data["quorum_kind"]}
        if quorum["kind"] == QuorumKind.COUNT:
            quorum["count"] = data["quorum_count"]
        elif quorum["kind"] == QuorumKind.FRACTION:
            quorum |= {"numerator": data["quorum_numerator"], "denominator": data["quorum_denominator"]}
        composition = [
            {"at_least": data[f"present_{place}"], "any_of": data[f"kinds_{place}"]}
            for place in range(1, COMPOSITIONS + 1)
            if data[f"present_{place}"] or data[f"kinds_{place}"]
        ]
        return {
            "quorum": quorum,
            "composition": composition,
            "threshold": self._threshold(data, "threshold"),
            "override": self._threshold(data, "override"),
            "ballot_days": data["ballot_days"],
            "gates": data["gates"].split(),
            "open_findings_block": data["open_findings_block"],
            "positions_hidden": data["positions_hidden"],
            "validity_months": data["validity_months"],
            "appeal_days": data["appeal_days"],
        }

    @staticmethod
    def _threshold(data: dict[str, Any], name: str) -> dict[str, Any]:
        return {
            "numerator": data[f"{name}_numerator"],
            "denominator": data[f"{name}_denominator"],
            "strict": data[f"{name}_strict"],
            "of": data["threshold_of"],
        }


def _fault(path: str) -> str:
    """Return a sentence for a fault of the policy."""
    if path.startswith("quorum"):
        return gettext("Quorum: give the number of people, or both parts of a fraction that is at most 1.")
    if path.startswith("composition"):
        return gettext("Who is present: a rule needs a number and at least one kind of member.")
    if path.startswith(("threshold", "override")):
        return gettext(
            "Threshold: by this rule half could pass, or nobody. A tie fails, so more than half is needed."
        )
    return gettext("This can't be used: {path}.").format(path=path)


def _initial(policy: BoardPolicy) -> dict[str, Any]:
    """Return the fields of a policy that exists; a new version begins with the last one."""
    fields: dict[str, Any] = {
        "quorum_kind": policy.quorum.kind.value,
        "quorum_count": policy.quorum.count or None,
        "quorum_numerator": policy.quorum.numerator or None,
        "quorum_denominator": policy.quorum.denominator if policy.quorum.numerator else None,
        "threshold_numerator": policy.threshold.numerator,
        "threshold_denominator": policy.threshold.denominator,
        "threshold_strict": policy.threshold.strict,
        "threshold_of": policy.threshold.of.value,
        "override_numerator": policy.override.numerator,
        "override_denominator": policy.override.denominator,
        "override_strict": policy.override.strict,
        "ballot_days": policy.ballot_days,
        "gates": "\n".join(policy.gates),
        "open_findings_block": policy.open_findings_block,
        "positions_hidden": policy.positions_hidden,
        "validity_months": policy.validity_months,
        "appeal_days": policy.appeal_days,
    }
    for place, rule in enumerate(policy.composition[:COMPOSITIONS], start=1):
        fields[f"present_{place}"], fields[f"kinds_{place}"] = rule.at_least, list(rule.any_of)
    return fields


class WhyForm(forms.Form):
    """Why a policy changes; kept with its version."""

    reason = forms.CharField(label=_("Why the policy changes"), max_length=2000, widget=forms.Textarea)


def people() -> list[tuple[int | str, str]]:
    """Return the active people by name, as choices."""
    rows = (
        User.objects.filter(is_active=True).order_by("display_name", "pk").values_list("pk", "display_name")
    )
    return [("", "—"), *rows]


class SeatForm(forms.Form):
    """A seat for a person."""

    person = forms.TypedChoiceField(label=_("Person"), choices=people, coerce=int)
    role = forms.ChoiceField(label=_("Role"), choices=list(SEAT_ROLES.items()))
    attributes = forms.MultipleChoiceField(
        label=_("What the member is"),
        choices=list(SEAT_ATTRIBUTES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class KeeperForm(forms.Form):
    """Who keeps the board as secretary, or reads what it reviews."""

    person = forms.TypedChoiceField(label=_("Person"), choices=people, coerce=int)
    permission = forms.ChoiceField(
        label=_("What they may do"),
        choices=[("keep_board", _("keep it as its secretary")), ("read_board", _("read what it reviews"))],
    )
