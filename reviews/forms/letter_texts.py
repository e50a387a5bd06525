"""The forms of the texts of letters: writing a version, and going back to the shipped text."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.rules.letter_kinds import LetterKind
from reviews.services.letter_texts import why_not_this_text


class TextForm(forms.Form):
    """A version of a text. `base`: the version that the change began with, against overwriting a newer one."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    content = forms.CharField(
        label=_("Text"), strip=False,
        help_text=_("Markdown. Begin a section with ## and its title; take placeholders from the list."),
        widget=forms.Textarea(attrs={"rows": 28, "class": "mono", "spellcheck": "true"}),
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Preview with the data of request"), required=False, max_length=20,
        help_text=_("Its number, as in IMP-2026-0001. Empty: an invented case."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why it changes"), required=False, max_length=500,
        help_text=_("Needed to use the text; a preview does without."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, kind: LetterKind, initial: Mapping[str, object]) -> None:
        super().__init__(data, initial=dict(initial))
        self.kind = kind
        if kind == LetterKind.MINUTES:
            del self.fields["reference"]

    def clean_content(self) -> str:
        """Refuse a text with faults, each as a sentence that says what to do; the text itself stays in the field."""
        content = str(self.cleaned_data["content"])
        if faults := why_not_this_text(content, self.kind):
            raise forms.ValidationError(list(faults))
        return content


class BackForm(forms.Form):
    """Going back to the shipped text."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(label=_("Why"), max_length=500)
