"""Forms of panels and appeals: the grounds, and who is chosen for a panel and who of them chairs it."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reviews.forms.talking import LONGEST


class AppealForm(forms.Form):
    """On what grounds somebody appeals."""

    grounds = forms.CharField(
        label=_("Grounds"), max_length=LONGEST, widget=forms.Textarea,
        help_text=_("What was decided wrongly, and why. The panel begins with these words; Markdown is kept."),
    )  # fmt: skip


class PanelForm(forms.Form):
    """The people of a panel and its chair; the page draws its own fields, because it says who can't be chosen."""

    people = forms.TypedMultipleChoiceField(label=_("Panel"), coerce=int)
    chair = forms.TypedChoiceField(label=_("Chair"), coerce=int)

    def __init__(self, choosable: list[tuple[int, str]], *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # as Django's form takes them
        for name in ("people", "chair"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choosable
        self.fields["people"].error_messages["required"] = _("Choose the people of the panel.")
        self.fields["chair"].error_messages["required"] = _("Say who of them chairs the panel.")

    @property
    def chosen(self) -> set[str]:
        """Return the people ticked, as they were sent."""
        return set(self._sent("people"))

    @property
    def chairing(self) -> str:
        """Return who was named as chair, as it was sent."""
        return next(iter(self._sent("chair")), "")

    @property
    def attributes(self) -> dict[int, frozenset[str]]:
        """Return what was ticked of the people chosen: lay, external, ..."""
        people: list[int] = self.cleaned_data.get("people", [])
        return {key: frozenset(self._sent(f"is_{key}")) for key in people}

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []
