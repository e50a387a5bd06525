"""Forms of incidents: raising one, telling more, its class, what went to an authority, closing."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.models import ModelVersion, Project
from reviews.forms.days import OF_MOMENTS
from reviews.forms.deciding import FilesField
from reviews.forms.talking import LONGEST
from reviews.selectors.incident_words import FILINGS, KIND_LABELS, KIND_SENTENCES

SHORT = forms.Textarea(attrs={"rows": 4})


class MomentInput(forms.DateTimeInput):
    """A day and time, as browsers ask for one."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TellForm(forms.Form):
    """What is known: what happened, whom it harmed, what was done."""

    text = forms.CharField(label=_("What happened"), max_length=LONGEST, widget=SHORT, required=False)
    harm = forms.CharField(
        label=_("Whom or what it harmed"), max_length=LONGEST, widget=SHORT, required=False,
        help_text=_("People, their health and rights, property, the environment; or that nobody was harmed."),
    )  # fmt: skip
    measures = forms.CharField(
        label=_("What was done about it"), max_length=LONGEST, widget=SHORT, required=False
    )
    evidence = FilesField(
        label=_("Evidence"), help_text=_("Two files of one name stay two files."), required=False
    )


class RaiseForm(TellForm):
    """Something that went wrong, to what, when, and since when it is known."""

    about = forms.ChoiceField(label=_("About"))
    happened_at = forms.DateTimeField(
        label=_("When it happened"),
        widget=MomentInput,
        validators=OF_MOMENTS,
        help_text=_("In your own time zone."),
    )
    aware_at = forms.DateTimeField(
        label=_("When we became aware of it"), widget=MomentInput, validators=OF_MOMENTS,
        help_text=_("The clock runs from this moment. It can be corrected, and the correction stays visible."),
    )  # fmt: skip
    field_order = ("about", "happened_at", "aware_at", "text", "harm", "measures", "evidence")

    def __init__(
        self, data: QueryDict | None, files: object = None, *, versions: Iterable[ModelVersion],
        projects: Iterable[Project], initial: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial=initial)  # type: ignore[arg-type]  # as Django's form takes them
        self.fields["text"].required = True
        self.fields["about"].choices = [  # type: ignore[attr-defined]  # of a choice field
            *[(f"version:{version.pk}", str(version)) for version in versions],
            *[(f"project:{project.pk}", project.name) for project in projects],
        ]

    @property
    def place(self) -> dict[str, int]:
        """Return to what it happened, as `raise_incident` takes it; of a form whose fields are valid."""
        kind, _colon, number = self.cleaned_data["about"].partition(":")
        return {f"{kind}_id": int(number)}


class ClassForm(forms.Form):
    """A class with its reason; nothing is preselected."""

    kind = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stays with the clock that follows from the class."),
        max_length=LONGEST, widget=SHORT,
    )  # fmt: skip
    aware_at = forms.DateTimeField(
        label=_("Awareness, corrected"), widget=MomentInput, required=False, validators=OF_MOMENTS,
        help_text=_("Left out, the moment that was given stays."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="class_%s")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # of a choice field
            (str(code), _("{name} ({part})").format(name=KIND_LABELS[code], part=sentence))
            for code, sentence in KIND_SENTENCES.items()
        ]


class FilingForm(forms.Form):
    """What went to an authority."""

    kind = forms.ChoiceField(
        label=_("What it was"), choices=list(FILINGS.items()), widget=forms.RadioSelect,
        help_text=_("A first report may be incomplete, so that it is in time; a complete one follows."),
    )  # fmt: skip
    authority = forms.CharField(label=_("To whom"), max_length=200)
    filed_at = forms.DateTimeField(
        label=_("When it went out"), widget=MomentInput, validators=OF_MOMENTS,
        help_text=_("In your own time zone."),
    )  # fmt: skip
    reference = forms.CharField(label=_("Their number"), max_length=100, required=False)
    text = forms.CharField(label=_("What was reported"), max_length=LONGEST, widget=SHORT)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="filing_%s")
