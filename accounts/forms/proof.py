"""What a page asks of somebody who signs: password and code, or the answer of a passkey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.signing import Proof


class ProofForm(forms.Form):
    """Part of a form that is signed; which fields have to be filled is judged by `accounts.signing`."""

    password = forms.CharField(
        label=_("Password"), strip=False, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Six-digit code"), max_length=10, required=False,
        widget=forms.TextInput(attrs={"class": "otp", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip
    assertion = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (Django's shape)
        super().__init__(*args, **kwargs)
        for name in ("password", "code"):  # neither is optional: what is lacking is judged where people sign
            self.fields[name].is_judged_later = True  # type: ignore[attr-defined]

    def proof(self, session: str | None) -> Proof:
        """Return what the person gave, in this session."""
        given = self.cleaned_data
        return Proof(
            session=session or "", password=given["password"], code=given["code"], assertion=given["assertion"]
        )  # fmt: skip
