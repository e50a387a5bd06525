"""Forms around a dossier: a new request, its purpose, who works on it, submitting and withdrawing."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import AIModel


class NewRequestForm(forms.Form):
    """What a new request asks for; the version is chosen among those that the person may draft for."""

    version = forms.TypedChoiceField(label=_("Model version"), coerce=int)
    purpose = forms.CharField(
        label=_("What is asked"), max_length=300,
        help_text=_("A release for whom, and what for. For example: Open weights for registered research users."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the dossier"), choices=settings.LANGUAGES,
        help_text=_("Boards read the dossier as it is written; the record is in this language too."),
    )  # fmt: skip

    def __init__(self, models: Iterable[AIModel], *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # as Django's form takes them
        choices = [
            (
                f"{model.project.name}: {model.name}",
                [(v.pk, f"{model.name} {v.number}") for v in model.versions.all()],
            )
            for model in models
        ]
        self.fields["version"].choices = [group for group in choices if group[1]]  # type: ignore[attr-defined]


class PurposeForm(forms.Form):
    """What is asked, said anew."""

    purpose = forms.CharField(label=_("What is asked"), max_length=300)


class ContributorForm(forms.Form):
    """Letting somebody work on the dossier."""

    email = forms.EmailField(label=_("E-mail address of the person"))


class SubmitForm(forms.Form):
    """Submitting; from the second revision on with the reason."""

    why = forms.CharField(
        label=_("Why there is a new revision"), widget=forms.Textarea, max_length=5000,
        help_text=_("What changed, and on whose request. Boards read it above the difference."),
    )  # fmt: skip

    def __init__(self, *given: object, asks_why: bool, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # as Django's form takes them
        if not asks_why:
            del self.fields["why"]


class WithdrawForm(forms.Form):
    """Taking a request back."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, required=False, max_length=2000)
    sure = forms.BooleanField(label=_("I withdraw this request. It can't be opened again."))

    def clean_sure(self) -> bool:
        """Ask for the tick in words."""
        sure: bool = self.cleaned_data["sure"]
        if not sure:
            raise forms.ValidationError(gettext("Tick the box to withdraw the request."))
        return sure
