"""The form of a decision whether a library applies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.schedule import DayInput


class DecisionForm(forms.Form):
    """Whether it applies, why, and until when."""

    applies = forms.TypedChoiceField(
        label=_("It"), choices=[("yes", _("applies")), ("no", _("doesn't apply"))], widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput,
        help_text=_("The last day on which this counts; empty: no end."),
    )
