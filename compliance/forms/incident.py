"""The form of an incident: to which version or project, when, and what happened."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.models import ModelVersion, Project


class MomentInput(forms.DateTimeInput):
    """A day and time, as browsers ask for one."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class IncidentForm(forms.Form):
    """Something that went wrong."""

    about = forms.ChoiceField(label=_("About"))
    happened_at = forms.DateTimeField(
        label=_("When it happened"), widget=MomentInput, help_text=_("In your own time zone.")
    )
    text = forms.CharField(
        label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )

    def __init__(
        self, data: QueryDict | None, *, versions: Iterable[ModelVersion], projects: Iterable[Project]
    ) -> None:
        super().__init__(data)
        self.fields["about"].choices = [  # type: ignore[attr-defined]  # of a choice field
            *[(f"version:{version.pk}", str(version)) for version in versions],
            *[(f"project:{project.pk}", project.name) for project in projects],
        ]

    @property
    def place(self) -> dict[str, int]:
        """Return to what it happened, as `enter_incident` takes it; of a form whose fields are valid."""
        kind, _colon, number = self.cleaned_data["about"].partition(":")
        return {f"{kind}_id": int(number)}
