"""What administrators say of an endpoint, and since when failed messages go again."""

from datetime import UTC, datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from webhooks import types

FAMILIES: dict[str, StrOrPromise] = {
    "appeal": _("Appeals"),
    "attestation": _("Attestations"),
    "ballot": _("Ballots"),
    "checklist": _("Checklists"),
    "condition": _("Conditions"),
    "incident": _("Incidents"),
    "record": _("Records"),
    "request": _("Requests"),
    "status_list": _("Status list"),
}


def type_choices() -> list[tuple[StrOrPromise, list[tuple[str, StrOrPromise]]]]:
    """Return the types to choose from, by family."""
    found: dict[str, list[tuple[str, StrOrPromise]]] = {}
    for kind in types.to_choose():
        found.setdefault(kind.family, []).append((kind.name, kind.label))
    return [(FAMILIES.get(family, family), kinds) for family, kinds in found.items()]


class EndpointForm(forms.Form):
    """An endpoint: where, who listens, to what."""

    url = forms.CharField(
        label=_("Address"), max_length=1000, widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("Begins with https:// and leads to a public host."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("Who listens there"), max_length=200,
        help_text=_("Such as: release pipeline, channel of the safety team."),
    )  # fmt: skip
    chosen = forms.MultipleChoiceField(
        label=_("What it is told"), choices=type_choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one type of messages.")},
    )  # fmt: skip


class SinceForm(forms.Form):
    """Since which day failed messages are sent again; the day begins in the time zone of the person."""

    since = forms.DateTimeField(
        label=_("Since"),
        validators=[
            MinValueValidator(datetime(2020, 1, 1, tzinfo=UTC)),
            MaxValueValidator(datetime(9000, 1, 1, tzinfo=UTC)),
        ],
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
