"""The form by which somebody says that they will be away, and who stands in for them."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviews.forms.days import OF_DAYS
from reviews.selectors.away_page import LEGAL, Delegable

DAY = forms.DateInput(attrs={"type": "date"})


class AwayForm(forms.Form):
    """Who stands in, from which day to which, and why; days are those of the person's own time zone."""

    deputy = forms.ChoiceField(label=_("Who stands in for you, and for what"))
    first_day = forms.DateField(label=_("First day"), widget=DAY, validators=OF_DAYS)
    last_day = forms.DateField(label=_("Last day"), widget=DAY, validators=OF_DAYS)
    reason = forms.CharField(
        label=_("Why you are away"), max_length=500,
        help_text=_("It is kept with both names: “on leave” is enough."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, offers: Sequence[Delegable]) -> None:
        super().__init__(data)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ChoiceField)
        groups = [
            (offer.label, [(f"{offer.key}:{person.pk}", person.display_name) for person in offer.people])
            for offer in offers
            if offer.people
        ]
        field.choices = [("", "—"), *groups]

    def clean(self) -> dict[str, Any]:
        """Bring it into the shape of the service: `board_id`, `deputy_id`, moments."""
        data: dict[str, Any] = self.cleaned_data
        key, _sign, person = (data.get("deputy") or "").partition(":")
        if not person or not data.get("first_day") or not data.get("last_day"):
            return data
        return {
            "board_id": None if key == LEGAL else int(key),
            "deputy_id": int(person),
            "since": timezone.make_aware(datetime.combine(data["first_day"], time.min)),
            "until": timezone.make_aware(datetime.combine(data["last_day"], time(23, 59, 59))),
            "reason": data.get("reason", ""),
        }
