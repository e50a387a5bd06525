"""The form of a report: which days, and about what."""

from collections.abc import Mapping, Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.schedule import DayInput
from compliance.rules.reporting import Period, fault_of
from compliance.selectors.report_words import FAULTS
from registry.models import Project


class ReportForm(forms.Form):
    """Both days included. Without a project it is about the organisation, where the person sees that."""

    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until"), widget=DayInput)
    project = forms.ChoiceField(label=_("About"))

    def __init__(
        self, data: Mapping[str, object], *, projects: Sequence[Project], whole: bool, today: date
    ) -> None:
        super().__init__(data)
        self.today, self.projects = today, {str(each.pk): each for each in projects}
        field = self.fields["project"]
        assert isinstance(field, forms.ChoiceField)
        field.required = not whole
        organisation = [("", _("The whole organisation"))] if whole else []
        field.choices = [*organisation, *((key, each.name) for key, each in self.projects.items())]

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

    @property
    def about(self) -> Project | None:
        """Return the project of a valid form, None for the organisation."""
        return self.projects.get(self.cleaned_data["project"])
