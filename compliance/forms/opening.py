"""The form that opens a checklist by hand: about what, by whom, in how many days."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import active_people
from compliance.forms.schedule import NOBODY, checked_about, subjects
from compliance.models import Library
from compliance.services.about import Checked
from registry.models import ModelVersion, Project


class OpenForm(forms.Form):
    """A checklist that no schedule opens."""

    about = forms.ChoiceField(label=_("About"))
    owner = forms.ModelChoiceField(
        label=_("Fills it in"), queryset=User.objects.none(), required=False, empty_label=NOBODY
    )
    reviewer = forms.ModelChoiceField(
        label=_("Reviews it"), queryset=User.objects.none(), required=False, empty_label=NOBODY
    )
    days = forms.IntegerField(label=_("Days to complete"), min_value=0, max_value=366)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        library: Library,
        projects: Iterable[Project],
        versions: Iterable[ModelVersion],
        about: str = "",
    ) -> None:
        super().__init__(data, initial={"days": library.days, "about": about})
        self.library = library
        of_versions = [(f"version:{version.pk}", str(version)) for version in versions]
        self.fields["about"].choices = [*of_versions, *subjects(projects)]  # type: ignore[attr-defined]  # of a choice field
        people = active_people()
        self.fields["owner"].queryset = self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that somebody else reviews it."""
        cleaned = super().clean() or {}
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("reviewer"):
            self.add_error(
                "reviewer", _("Owner and reviewer are different people. Choose somebody else here.")
            )
        return cleaned

    @property
    def checked(self) -> Checked:
        """Return what is checked, of a form whose fields are valid."""
        return checked_about(Checked(library_code=self.library.code), self.cleaned_data["about"])
