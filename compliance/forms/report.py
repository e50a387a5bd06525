"""The form of a report: which days, and about what."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.forms.schedule import DayInput
from compliance.rules.reporting import Period, fault_of
from compliance.selectors.report_words import FAULTS
from registry.models import Project


class ReportForm(forms.Form):
    """Both days included. Without a project it is about the organisation, where the person sees that."""

    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until"), widget=DayInput)
    project = forms.ModelChoiceField(
        label=_("About"), queryset=Project.objects.none(), required=False,
        empty_label=_("The whole organisation"),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, object], *, projects: QuerySet[Project], whole: bool, today: date
    ) -> None:
        super().__init__(data)
        self.today = today
        field = self.fields["project"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.required = projects, not whole
        if not whole:
            field.empty_label = None

    def clean(self) -> dict[str, object] | None:
        """Refuse days that can't be reported on."""
        given = super().clean()
        if not self.errors and (fault := fault_of(self.period, self.today)):
            raise forms.ValidationError(FAULTS[fault])
        return given

    @property
    def period(self) -> Period:
        """Return the days of a valid form."""
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
