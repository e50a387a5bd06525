"""Forms of readers: the choice with its reason, and giving a reading back."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.forms.talking import LONGEST


class ReaderForm(forms.Form):
    """Who reads; other than the first only with a reason."""

    person = forms.TypedChoiceField(label=_("Who reads"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for another than the first; it is kept with the choice."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, people: Sequence[tuple[int, str]]) -> None:
        super().__init__(data, initial={"person": people[0][0] if people else None})
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(people)


class DeclineForm(forms.Form):
    """Why somebody gives a reading back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Chair and secretary read it, and find somebody else."),
    )  # fmt: skip
