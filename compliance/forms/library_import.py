"""The form that brings a library."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.models.library import ConfidenceChoice
from compliance.rules.import_faults import LARGEST
from compliance.services.library_import import About, why_not_code

LANGUAGES = (("en", pgettext_lazy("language of a text", "English")), ("zh", _("Chinese")))


class LibraryImportForm(forms.Form):
    """A file with what the person says about it."""

    file = forms.FileField(
        label=_("File"), help_text=_("OSCAL catalog (JSON), CSV in UTF-8, or Excel (.xlsx); up to 5 MB.")
    )
    code = forms.SlugField(
        label=pgettext_lazy("of a library", "Code"), max_length=60,
        help_text=_("Short and stable, in small letters, for example iso-27001. The same code again is an update."),
    )  # fmt: skip
    name = forms.CharField(
        label=pgettext_lazy("of a library", "Name"),
        max_length=200,
        required=False,
        help_text=_("Empty: the title of the catalog."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES,
        help_text=_("Of the name and of a catalog. A table may have both; where one is missing the other is shown."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Of controls that name none.")
    )
    confidence = forms.ChoiceField(
        label=_("How sure we are"), choices=ConfidenceChoice.choices, initial="S",
        help_text=_("Of controls that say nothing about it."),
    )  # fmt: skip

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is larger than is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB. Bring it in parts."))
        return file

    def clean_code(self) -> str:
        """Refuse the code of what ships."""
        code: str = self.cleaned_data["code"]
        if code != code.lower() or "_" in code or "--" in code or code.strip("-") != code:
            raise forms.ValidationError(_("Small letters, digits and single hyphens only."))
        if reason := why_not_code(code):
            raise forms.ValidationError(reason)
        return code

    @property
    def about(self) -> About:
        """Return what was said, of a form whose fields are valid."""
        given = self.cleaned_data
        return About(
            code=given["code"], name=given["name"], language=given["language"], source=given["source"],
            confidence=given["confidence"],
        )  # fmt: skip
