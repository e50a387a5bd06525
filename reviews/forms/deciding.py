"""Forms after a decision: signing, refusing, releasing, suspending, conditions."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.proof import ProofForm
from reviews.forms.talking import LONGEST


class SignForm(ProofForm):
    """What one shows to sign: that the record was read, and the proof of who one is."""

    read = forms.BooleanField(label=_("I have read the record and sign it under my name."))
    record_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReleaseForm(forms.Form):
    """What was shipped, by its digest, and where to."""

    manifest_sha256 = forms.CharField(
        label=_("SHA-256 of the manifest of what is released"),
        help_text=_("Paste the digest that your pipeline computed; it has to be the approved one."),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    where = forms.CharField(label=_("Where it is released"), max_length=300)

    def clean_manifest_sha256(self) -> str:
        """Take a digest in groups as it is shown on the pages."""
        return "".join(str(self.cleaned_data["manifest_sha256"]).split()).lower()


class _Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = _Files

    def clean(self, data: object, initial: object = None) -> "list[UploadedFile[bytes]]":
        """Return a list of files."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


class ReportForm(forms.Form):
    """How a condition is met, with evidence."""

    text = forms.CharField(label=_("How the condition is met"), max_length=LONGEST, widget=forms.Textarea)
    evidence = FilesField(
        label=_("Evidence"), help_text=_("Two files of one name stay two files."), required=False
    )


class VerdictForm(forms.Form):
    """What the verifier finds; nothing is preselected."""

    accepted = forms.TypedChoiceField(
        label=_("Verdict"),
        choices=[("yes", pgettext_lazy("condition", "Met")), ("no", _("Something is missing"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    verdict = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when something is missing."),
        max_length=LONGEST,
        widget=forms.Textarea,
        required=False,
    )
