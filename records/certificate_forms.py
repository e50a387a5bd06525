"""Forms about certificates: revoking one, and bringing one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import RevocationReason
from records.seal.bringing import LARGEST


class RevokeForm(forms.Form):
    """Why a certificate is revoked: the code that stands in the list, and the administrator's own words."""

    reason = forms.ChoiceField(
        label=_("What the revocation list says"), choices=[("", _("Choose")), *RevocationReason.choices]
    )
    note = forms.CharField(
        label=_("What happened"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the log, not in the list."),
    )


class BringForm(forms.Form):
    """A PKCS#12 file and its password."""

    file = forms.FileField(
        label=_("Your key with its certificates"),
        help_text=_("A PKCS#12 file (.p12 or .pfx), as programs and authorities export it."),
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )
    password = forms.CharField(
        label=_("Password of the file"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It opens the file once and is not kept. The key is kept encrypted."),
    )

    def content(self) -> bytes:
        """Return the bytes of the file, one more than may be at most."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))
