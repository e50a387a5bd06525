"""Forms of findings, actions and exceptions."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.selectors import active_people
from compliance.forms.schedule import DayInput
from compliance.models.finding import SeverityChoice
from compliance.services.findings import Planned

LONGEST = 20_000


def _text(label: StrOrPromise, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "class": "doc"})
    return forms.CharField(label=label, max_length=LONGEST, widget=area, required=required)


class _OwnedForm(forms.Form):
    """A form that names who does something; everybody who can sign in may be chosen."""

    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none())

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        prefix: str | None = None,
        people: Sequence[tuple[object, StrOrPromise]] = (),
    ) -> None:
        """`people`: the choices, where a page has several such forms and reads them once."""
        super().__init__(data, initial=initial, prefix=prefix)
        self.fields["owner"].queryset = active_people()  # type: ignore[attr-defined]
        if people:
            self.fields["owner"].choices = people  # type: ignore[attr-defined]


class ActionForm(_OwnedForm):
    """What is to be done, by whom, until when."""

    action = _text(_("What is to be done"))
    due = forms.DateField(label=_("Until"), widget=DayInput, help_text=_("The last day that is in time."))
    field_order: Sequence[str] = ("action", "owner", "due")

    def planned(self) -> Planned:
        """Return what was asked for; the form is valid."""
        given = self.cleaned_data
        return Planned(given["action"], given["owner"], given["due"])


class FindingForm(ActionForm):
    """What is wrong, how severe it is, and what is done about it."""

    severity = forms.ChoiceField(
        label=_("How severe"), choices=SeverityChoice.choices, widget=forms.RadioSelect,
        help_text=_("A critical one can hold a release, where a board's policy asks for that."),
    )  # fmt: skip
    text = _text(_("What is wrong"))
    field_order = ("severity", "text", "action", "owner", "due")


class ChangeForm(_OwnedForm):
    """Another person or another day for an action, and why."""

    due = forms.DateField(label=_("Until"), widget=DayInput)
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)


class ExceptionForm(forms.Form):
    """Why a control can't be met, what is done instead, until when."""

    reason = _text(_("Why it can't be met now"))
    instead = _text(_("What is done instead"), required=False)
    until = forms.DateField(
        label=_("Until"), widget=DayInput, help_text=_("The last day on which it counts, within a year.")
    )
