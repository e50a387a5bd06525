"""Forms of erasures: what is erased, why, and who signs it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.proof import ProofForm
from oversight.erasing import Asked, Part

PARTS = (
    (Part.NAME, _("The name")),
    (Part.WORDS, _("Their own words")),
    (Part.ACCOUNT, _("The account")),
)


class _Signed(ProofForm):
    """A reason, and the proof of who gives it."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        help_text=_("Who asked for it and on what ground, without names. It stands in the event of the erasure."),
    )  # fmt: skip

    def asked(self, session: str | None) -> Asked:
        """Return what the administrator signs, in this session."""
        return Asked(self.cleaned_data["reason"], self.proof(session))


class ErasePersonForm(_Signed):
    """What the log discloses of a person."""

    parts = forms.MultipleChoiceField(
        label=_("What is erased"), choices=PARTS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what is erased.")},
    )  # fmt: skip
    field_order = ["parts", "reason", "password", "code"]

    def chosen(self) -> list[Part]:
        """Return the parts."""
        return [Part(part) for part in self.cleaned_data["parts"]]


class EraseValuesForm(_Signed):
    """Single values of an event."""

    paths = forms.MultipleChoiceField(
        label=_("What is erased"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what is erased.")},
    )  # fmt: skip
    field_order = ["paths", "reason", "password", "code"]

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (Django's)
        super().__init__(*args, **kwargs)
        self.fields["paths"].choices = choices  # type: ignore[attr-defined]
