"""Forms of disclosing one's interests, and of naming an alternate."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.models import DisclosedInterest, Seat
from reviews.selectors.words import INTEREST_KINDS


class InterestLineForm(forms.Form):
    """One interest: one that nothing was written into is left out, any other has to be whole."""

    kind = forms.ChoiceField(label=_("What it is"), choices=[("", "—"), *INTEREST_KINDS.items()])
    name = forms.CharField(label=_("Name"), max_length=200)
    tie = forms.CharField(label=_("What ties you to it"), max_length=500)


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The lines of a disclosure."""

    def add_fields(self, form: InterestLineForm, index: int | None) -> None:
        """Say what it means to take a line out."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this one out now")


InterestLines = forms.formset_factory(InterestLineForm, formset=_Lines, extra=2, max_num=100, can_delete=True)


class DisclosureForm(forms.Form):
    """What stands beside the lines."""

    none = forms.BooleanField(label=_("I have no interests to disclose"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def lines_of(interests: Iterable[DisclosedInterest]) -> list[dict[str, Any]]:
    """Return the lines of the last disclosure as the form takes them."""
    return [{"kind": row.kind, "name": row.name, "tie": row.tie} for row in interests]


class AlternateForm(forms.Form):
    """Which alternate is named for a seat."""

    alternate = forms.TypedChoiceField(label=_("Alternate"), coerce=int, empty_value=None, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, alternates: Sequence[Seat], seat: Seat | None = None
    ) -> None:
        initial = {"alternate": seat.alternate_id} if seat else None
        super().__init__(data, initial=initial, auto_id=f"alternate{seat.pk if seat else ''}_%s")
        field = self.fields["alternate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("in order")), *((other.person_id, other.person.display_name) for other in alternates)
        ]  # fmt: skip
