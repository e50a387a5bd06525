"""Forms of passkeys: allauth's, with names that people give and counters that only go up."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
from audit.refusal import Refused

_LONGEST = 100


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Say of a passkey that it didn't fit, where allauth says it of a code."""
    try:
        yield
    except ValidationError as error:
        if getattr(error, "code", "") != "incorrect_code":
            raise
        raise ValidationError(
            _("The passkey's answer doesn't fit to this page. Load the page again, and try once more.")
        ) from error


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
        with _in_our_words():
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
            raise ValidationError(
                _("This is no answer of a passkey. Load the page again, and try once more.")
            )
        with _in_our_words():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]  # allauth's form has it
        try:
            passkeys.count_sign_in(found, json.loads(json.dumps(response)))
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return found


class PasskeySignInForm(CountedMixin, LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Signing in with a passkey alone."""


class PasskeyStepForm(CountedMixin, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The second step of signing in, by a passkey."""


class PasskeyAgainForm(CountedMixin, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The passkey, asked again."""
