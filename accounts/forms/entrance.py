"""Forms of signing in: allauth's, with our words and with codes that are accepted once."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as MfaAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import totp

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "otp", "autofocus": True}


def _word(form: forms.Form, name: str, label: Any, hint: Any = "") -> None:  # noqa: ANN401  (lazy strings)
    """Give the field our label and hint; placeholders go, because they vanish when one types."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)


def _word_new_password(form: forms.Form) -> None:
    _word(
        form,
        "password1",
        _("New password"),
        _("At least twelve characters. A few words are better than one with signs."),
    )
    _word(form, "password2", _("New password again"))


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail address and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "login", _("E-mail address"))
        _word(self, "password", _("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password, asked again."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "password", _("Password"))


class OnceMixin(forms.Form):
    """A one-time code is accepted once, also with tolerance for clocks; a recovery code as allauth has it."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _word(
            self,
            "code",
            _("Code"),
            _("Six digits from your authenticator app, or one of your recovery codes."),
        )
        self.fields["code"].widget.attrs |= _CODE

    def clean_code(self) -> str:
        """Return the code when it proves the person."""
        clear = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        kinds = {each.type: each for each in Authenticator.objects.filter(user=self.user)}
        one_time, recovery = kinds.get(Authenticator.Type.TOTP), kinds.get(Authenticator.Type.RECOVERY_CODES)
        finding = totp.check(self.user, code, timezone.now()) if one_time else totp.Finding.WRONG
        if finding is totp.Finding.ACCEPTED:
            self.authenticator = one_time
        elif finding is totp.Finding.WRONG and recovery and recovery.wrap().validate_code(code):
            self.authenticator = recovery
        else:
            raise self._refuse(finding, one_time or recovery)
        self.authenticator.user = self.user
        clear()
        return code

    def _refuse(self, finding: totp.Finding, authenticator: Authenticator | None) -> ValidationError:
        if authenticator is not None:
            self._emit_authentication_failed(authenticator)  # type: ignore[attr-defined]  # allauth's form has it
        name = "used_code" if finding is totp.Finding.USED else "incorrect_code"
        return get_adapter().validation_error(name)  # type: ignore[no-any-return]


class CodeForm(OnceMixin, MfaAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of signing in."""


class CodeAgainForm(OnceMixin, MfaReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code, asked again."""


class SetUpCodesForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a new authenticator; it is used up with that."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "code", _("Code that the app shows now"))
        self.fields["code"].widget.attrs |= _CODE

    def clean_code(self) -> str:
        """Return the code when the app shows what we expect."""
        code: str = super().clean_code()
        totp.use(self.user.pk, self.secret, code, timezone.now())
        return code


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """A new password, by somebody who knows the old one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "oldpassword", _("Current password"))
        _word_new_password(self)


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Asks for a link by mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "email", _("E-mail address"))


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password, by the link from the mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _word_new_password(self)
