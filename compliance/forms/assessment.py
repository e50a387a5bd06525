"""Forms of a checklist: an answer, a file, a reason, who does it."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import active_people
from compliance.forms.schedule import NOBODY, DayInput


class EvidenceForm(forms.Form):
    """A file for a control; `upload` instead of it when it came in parts before."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, required=False)
    upload = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    effective_on = forms.DateField(label=_("The day it is about"), required=False, widget=DayInput)
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DayInput)

    def clean(self) -> dict[str, object] | None:
        """Ask for one of the two."""
        given = super().clean()
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("upload"):
            raise forms.ValidationError(gettext("Choose a file."))
        return given


class ReuseForm(forms.Form):
    """A file that was handed in before, for this control with days of its own."""

    source_id = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = forms.DateField(label=_("The day it is about"), required=False, widget=DayInput)
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DayInput)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)


class DueForm(forms.Form):
    """Another day on which a checklist is due, and why."""

    day = forms.DateField(label=_("Due on"), widget=DayInput)
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)


class AssignForm(forms.Form):
    """Who fills a checklist in, and who reviews it."""

    owner = forms.ModelChoiceField(
        label=_("Fills it in"), queryset=User.objects.none(), required=False, empty_label=NOBODY
    )
    reviewer = forms.ModelChoiceField(
        label=_("Reviews it"), queryset=User.objects.none(), required=False, empty_label=NOBODY
    )

    def __init__(
        self, data: QueryDict | None = None, *, initial: dict[str, int | None] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        people = active_people()
        owner, reviewer = self.fields["owner"], self.fields["reviewer"]
        owner.queryset = reviewer.queryset = people  # type: ignore[attr-defined]
        owner.choices = reviewer.choices = list(iter(owner.choices))  # type: ignore[attr-defined]  # read once for both
