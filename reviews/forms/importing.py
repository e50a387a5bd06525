"""Form for reading answers from files that others wrote."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reviews.forms.deciding import FilesField

MOST_FILES = 10


class ImportForm(forms.Form):
    """Files to read, or a text that is pasted."""

    sources = FilesField(
        label=_("Files"), required=False, allow_empty_file=True,
        help_text=_(
            "Model cards (.md), Croissant metadata (.json), safetensors files or their index "
            "(model.safetensors.index.json); ten at most. Of a safetensors file only the header is sent."
        ),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or paste one of them"), required=False, strip=False, max_length=1_000_000,
        widget=forms.Textarea(attrs={"class": "code", "spellcheck": "false", "rows": 6}),
        help_text=_("A model card with its header, or Croissant metadata."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for something to read."""
        given: dict[str, Any] = super().clean() or {}
        files = given.get("sources") or []
        if len(files) > MOST_FILES:
            self.add_error(
                "sources", ngettext_lazy("Choose %d file at most.", "Choose %d files at most.") % MOST_FILES
            )
        elif not files and not (given.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste a text."))
        return given
