"""Coming in: name, password, language, time zone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.timezones import time_zone_choices


class WelcomeForm(forms.Form):
    """What an invited person chooses."""

    display_name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As it stands in records, for example 陈嘉霖 Chen Jialin."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters. A few words are better than one with signs."),
    )  # fmt: skip
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    def __init__(self, *args: object, person: User | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Compare the passwords, and judge the one against what is known of the person."""
        data = super().clean() or {}
        password = data.get("password")
        if password and data.get("password_again") not in (None, password):
            self.add_error("password_again", _("The two passwords differ."))
        if password:
            email = self.person.email if self.person else str(data.get("email", ""))
            try:
                validate_password(password, User(email=email, display_name=data.get("display_name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def chosen(self) -> dict[str, str]:
        """Return what the services take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password_again"}


class FirstForm(WelcomeForm):
    """What the first administrator chooses: the address too."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ["email", "display_name", "password", "password_again", "language", "time_zone"]
