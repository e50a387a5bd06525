"""Making a token of the API."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import User
from accounts.permissions import is_administrator
from accounts.rules.scopes import FOR_ADMINISTRATORS, MOST_DAYS, Scope
from accounts.words import scope_in_words

DAYS = (7, 30, 90, 180, MOST_DAYS)


class TokenForm(forms.Form):
    """What the token is for, and how long it works."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=100,
        help_text=_("By which you know later what uses it, for example “Release pipeline”."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"), widget=forms.CheckboxSelectMultiple,
        help_text=_("It never does more than you may, and never signs. Choose as little as will do."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("It ends after"), coerce=int, initial=90)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:  # noqa: ANN401  (Django's shape)
        super().__init__(*args, **kwargs)
        allowed = [scope for scope in Scope if scope not in FOR_ADMINISTRATORS or is_administrator(person)]
        self._choose("scopes", [(scope.value, scope_in_words(scope)) for scope in allowed])
        self._choose(
            "days",
            [(days, ngettext("{count} day", "{count} days", days).format(count=days)) for days in DAYS],
        )

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def ends(self, now: datetime) -> datetime:
        """Return when the token ends."""
        return now + timedelta(days=self.cleaned_data["days"])
