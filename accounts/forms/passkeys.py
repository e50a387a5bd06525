"""Forms of passkeys: allauth's, with names that people give and counters that only go up."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import passkeys

_LONGEST = 100


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=_LONGEST,
        help_text=_("So that you know it again: the device on which it lies, or the colour of the key."),
    )


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey under a name."""

    passwordless = None  # each passkey is one by which one signs in alone

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        initial = self.fields["name"].initial
        self.fields["name"] = _name()
        self.fields["name"].initial = initial
        self.fields["name"].required = False  # the device has the passkey by then: it gets a name of ours

    def clean(self) -> dict[str, Any]:
        """Return what was given when the passkey is one with which people can sign."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("credential") and not self.errors:
            why_not = passkeys.why_not_register(cleaned["credential"])
            if why_not:
                raise ValidationError(why_not)
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name."""

    name = _name()


class CountedMixin(forms.Form):
    """A passkey whose counter went back opens nothing: there may be a copy of it."""

    def clean_credential(self) -> Authenticator:
        """Return the authenticator that answered."""
        response = self.cleaned_data["credential"]
        if not isinstance(response, dict):
            raise get_adapter().validation_error("incorrect_code")
        found: Authenticator = super().clean_credential()  # type: ignore[misc]  # allauth's form has it
        try:
            passkeys.count_sign_in(found, json.loads(json.dumps(response)))
        except passkeys.Copied as copied:
            raise ValidationError(str(copied)) from copied
        return found


class PasskeySignInForm(CountedMixin, LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Signing in with a passkey alone."""


class PasskeyStepForm(CountedMixin, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The second step of signing in, by a passkey."""


class PasskeyAgainForm(CountedMixin, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The passkey, asked again."""
