"""The form of the public verification page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imprimatur.record.expected import LARGEST
from records import codes

_SIXTEEN = _("A code has sixteen letters and digits, as in 7KQM-3XVT-9D2H-PW4C.")


class VerifyForm(forms.Form):
    """A file, a code, or both."""

    file = forms.FileField(
        label=_("The file, as you received it"),
        help_text=_("It is compared and not kept."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    code = forms.CharField(
        label=_("The code printed on it"),
        help_text=_SIXTEEN,
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two; refuse files that can't be a record."""
        cleaned = super().clean() or {}
        upload, code = cleaned.get("file"), cleaned.get("code", "")
        if not self.errors and not upload and not code:
            raise forms.ValidationError(_("Choose a file or enter a code."))
        if upload and upload.size > LARGEST:
            self.add_error("file", _("Records are smaller than 20 MB. This file can't be one."))
        if code and not codes.read(code):
            self.add_error("code", _SIXTEEN)
        return cleaned
