"""Forms after an approval: reports of continuing reviews, amendments, who takes over a condition."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.forms.talking import LONGEST

SHORT = forms.Textarea(attrs={"rows": 4})


class ContinuingForm(forms.Form):
    """The requester's report; nothing is also an answer, and is written."""

    changes = forms.CharField(
        label=_("What changed"),
        help_text=_("About the model, its use, its users or the law, since the approval or the last review."),
        max_length=LONGEST,
        widget=SHORT,
    )
    incidents = forms.CharField(
        label=_("What went wrong"),
        help_text=_("Incidents, complaints, near misses; also those that are reported here already."),
        max_length=LONGEST,
        widget=SHORT,
    )
    monitoring = forms.CharField(
        label=_("What monitoring showed"), max_length=LONGEST, widget=SHORT,
        help_text=_("Figures, and what you make of them."),
    )  # fmt: skip
    conditions = forms.CharField(
        label=_("How the conditions stand"), max_length=LONGEST, widget=SHORT, required=False
    )


class AmendmentForm(forms.Form):
    """What shall change about what was approved."""

    purpose = forms.CharField(
        label=_("What shall change"), max_length=300,
        help_text=_("The dossier begins as it was approved; change the answers that it concerns."),
    )  # fmt: skip


class ReassignForm(forms.Form):
    """Who takes over a condition from somebody who can't any more."""

    part = forms.ChoiceField(label=_("Whose part"), widget=forms.RadioSelect)
    person = forms.TypedChoiceField(label=_("Who takes it over"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=SHORT)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        parts: Sequence[tuple[str, str]],
        people: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        part, person = self.fields["part"], self.fields["person"]
        assert isinstance(part, forms.ChoiceField)
        assert isinstance(person, forms.ChoiceField)
        part.choices = list(parts)
        person.choices = [("", "—"), *people]
