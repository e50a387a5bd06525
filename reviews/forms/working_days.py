"""Forms of working days: a closing of the house, and where a board sits."""

from operator import itemgetter
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.timezones import time_zone_choices
from reminders.countries import COUNTRIES
from reminders.rules.working_days import name_of_subdivision, subdivisions_of
from reviews.forms.days import OF_DAYS
from reviews.models import Board


class ClosingForm(forms.Form):
    """Days on which the house is closed, or works though others rest."""

    board = forms.ModelChoiceField(
        label=_("For whom"), queryset=Board.objects.none(), required=False, empty_label=_("every board")
    )
    day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}), validators=OF_DAYS
    )
    until = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=OF_DAYS,
        required=False,
        help_text=_("Left empty, it is one day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=120,
        help_text=_("Everybody reads it beside their deadlines: House closed over the new year."),
    )
    works = forms.BooleanField(
        label=_("The house works on these days, though they are a weekend or a holiday"), required=False
    )

    def __init__(self, data: QueryDict | None = None, *, board: Board | None = None) -> None:
        super().__init__(data, initial={"board": board})
        field = self.fields["board"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Board.objects.filter(closed_at__isnull=True).order_by("name_en", "id")

    def clean(self) -> dict[str, Any]:
        """Let one day stand for both."""
        cleaned = super().clean() or {}
        cleaned["until"] = cleaned.get("until") or cleaned.get("day")
        return cleaned


def countries() -> list[tuple[str, StrOrPromise]]:
    """Return the choices of countries by name; none: weekends only."""
    return [
        ("", _("none: weekends only")),
        *sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=itemgetter(1)),
    ]


def places() -> list[tuple[str, list[tuple[str, str]] | StrOrPromise]]:
    """Return the states and provinces that have holidays of their own, by country, as "DE-BY"."""
    found: list[tuple[str, list[tuple[str, str]] | StrOrPromise]] = [("", _("the whole country"))]
    for code, name in sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=itemgetter(1)):
        parts = [(f"{code}-{part}", name_of_subdivision(code, part)) for part in subdivisions_of(code)]
        if parts:
            found.append((name, sorted(parts, key=itemgetter(1))))
    return found


class PlaceForm(forms.Form):
    """Where a board sits: whose holidays it keeps, and in which time zone it counts."""

    country = forms.ChoiceField(label=_("Country whose holidays count"), required=False)
    part = forms.ChoiceField(
        label=_("State or province"), required=False, help_text=_("Only where it has holidays of its own.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        help_text=_("Running dates stay as they are until somebody has them counted again."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, board: Board) -> None:
        part = f"{board.country}-{board.subdivision}" if board.subdivision else ""
        super().__init__(data, initial={"country": board.country, "part": part, "time_zone": board.time_zone})
        for name, choices in (
            ("country", countries()),
            ("part", places()),
            ("time_zone", time_zone_choices()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Take the state apart from its country; they have to fit."""
        cleaned = super().clean() or {}
        country, _dash, part = cleaned.get("part", "").partition("-")
        if part and country != cleaned.get("country"):
            self.add_error("part", _("This state or province belongs to another country."))
        cleaned["subdivision"] = part
        return cleaned
