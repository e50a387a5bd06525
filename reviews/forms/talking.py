"""Forms of reading: comments, questions, answers, positions, interests, deferrals, reasons."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.models.review import INTERESTS
from reviews.selectors.words import RECUSAL_KINDS

LONGEST = 20_000

POSITION_CHOICES = [
    ("for", _("I support this revision")),
    ("against", _("I have a concern about this revision")),
    ("abstain", _("I take no side")),
]


class TextForm(forms.Form):
    """One text, for answers and comments."""

    text = forms.CharField(
        label=pgettext_lazy("what one writes", "Text"), max_length=LONGEST, widget=forms.Textarea
    )


class ReasonForm(forms.Form):
    """One reason, kept with the act."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea)

    def __init__(
        self, data: QueryDict | None = None, *, label: StrOrPromise = "", hint: StrOrPromise = ""
    ) -> None:
        super().__init__(data)
        self.fields["reason"].label = label or _("Reason")
        self.fields["reason"].help_text = hint


class PositionForm(forms.Form):
    """Where a member stands before any ballot; nothing is preselected."""

    position = forms.ChoiceField(
        label=_("Where you stand"), choices=POSITION_CHOICES, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The board sees it."), max_length=LONGEST, widget=forms.Textarea
    )


class InterestForm(forms.Form):
    """An interest to declare, or the ground of a recusal."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(code, RECUSAL_KINDS[code]) for code in INTERESTS], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=pgettext_lazy("an interest", "What it is"),
        help_text=_("Others see the kind only. The chair and the secretary read this."),
        max_length=LONGEST,
        widget=forms.Textarea,
    )


class FindingForm(forms.Form):
    """What the chair or the secretary finds about a declared interest; nothing is preselected."""

    is_conflict = forms.TypedChoiceField(
        label=_("Finding"),
        choices=[
            ("yes", _("A conflict: the member is recused")),
            ("no", _("No conflict: the member may vote")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea)


class DeferForm(forms.Form):
    """A deferral with its date of return."""

    until = forms.DateField(label=_("Go on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("What you need the time for"), max_length=LONGEST, widget=forms.Textarea)
