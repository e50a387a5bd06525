"""Forms of engagements."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import people_with_role
from oversight.draw import SEED
from oversight.models import SampledState
from oversight.sampling import MOST
from registry.models import Project
from reviews.models import Board

WHOLE, PARTS = "whole", "parts"


if TYPE_CHECKING:
    _Boards = forms.ModelMultipleChoiceField[Board]
else:
    _Boards = forms.ModelMultipleChoiceField


class BoardChoices(_Boards):
    """Boards by their name in the reader's language."""

    def label_from_instance(self, obj: Board) -> str:
        """Return the board's name."""
        return obj.name


class DateInput(forms.DateInput):
    """A date as browsers edit it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EngagementForm(forms.Form):
    """A new engagement; days are whole ones in the time zone of whoever makes it."""

    title = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=120, help_text=_("Such as “Annual audit 2026”.")
    )
    purpose = forms.CharField(label=_("Purpose"), widget=forms.Textarea)
    auditors: "forms.ModelMultipleChoiceField[User]" = forms.ModelMultipleChoiceField(
        label=_("Auditors"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("People with the role of an auditor."),
    )  # fmt: skip
    covers = forms.ChoiceField(
        label=_("What is audited"), widget=forms.RadioSelect,
        choices=[(WHOLE, _("The whole organisation")), (PARTS, _("Some projects and boards"))],
    )  # fmt: skip
    projects: "forms.ModelMultipleChoiceField[Project]" = forms.ModelMultipleChoiceField(
        label=_("Projects"), queryset=Project.objects.order_by("name", "id"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everything about their models and requests."),
    )  # fmt: skip
    boards = BoardChoices(
        label=_("Boards"), queryset=Board.objects.filter(formed_for=None).order_by("name_en", "id"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What they did themselves, and the requests that they reviewed."),
    )  # fmt: skip
    period_from = forms.DateField(
        label=_("What is looked at: from"), widget=DateInput(), required=False,
        help_text=_("Events, requests and records of these days. Leave both empty for all of them."),
    )  # fmt: skip
    period_until = forms.DateField(label=_("What is looked at: last day"), widget=DateInput(), required=False)
    starts_on = forms.DateField(
        label=_("Open to the auditors: first day"), widget=DateInput(),
        help_text=_("Before its first day and after its last one they see nothing."),
    )  # fmt: skip
    ends_on = forms.DateField(label=_("Open to the auditors: last day"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (Django's own arguments)
        super().__init__(*args, **kwargs)
        self.fields["auditors"].queryset = people_with_role(Role.AUDITOR)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for projects or boards where parts are audited, and for days in their order."""
        given = super().clean() or {}
        if given.get("covers") == PARTS and not (given.get("projects") or given.get("boards")):
            self.add_error("projects", ValidationError(_("Choose at least one project or board.")))
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(_("The last day lies before the first one.")))
        since, until = given.get("period_from"), given.get("period_until")
        if since and until and until < since:
            self.add_error("period_until", ValidationError(_("The last day lies before the first one.")))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what `make_engagement` wants of a valid form."""
        given = self.cleaned_data
        return {
            "title": given["title"], "purpose": given["purpose"], "auditors": list(given["auditors"]),
            "whole": given["covers"] == WHOLE, "projects": list(given["projects"]), "boards": list(given["boards"]),
            "period_from": _begin(given["period_from"]), "period_until": _end(given["period_until"]),
            "starts_at": _begin(given["starts_on"]), "ends_at": _end(given["ends_on"]),
        }  # fmt: skip


def _begin(day: date | None) -> datetime | None:
    """Return the first moment of the day in the time zone of whoever fills in the form."""
    midnight = time(tzinfo=timezone.get_current_timezone())
    return datetime.combine(day, midnight).astimezone(UTC) if day else None


def _end(day: date | None) -> datetime | None:
    """Return the first moment after the day."""
    return _begin(day + timedelta(days=1)) if day else None


class EndForm(forms.Form):
    """Ending an engagement before its time."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)


class SampleForm(forms.Form):
    """Drawing a sample of the requests in scope."""

    size = forms.IntegerField(label=_("How many requests"), min_value=1, max_value=MOST, initial=5)
    seed = forms.CharField(
        label=_("Seed"), required=False, max_length=64,
        help_text=_("Letters and digits, such as the numbers of a lottery. Left empty, a random one is made."),
    )  # fmt: skip

    def clean_seed(self) -> str:
        """Refuse what can't be typed into a shell as it is."""
        seed = str(self.cleaned_data["seed"]).strip()
        if seed and not SEED.fullmatch(seed):
            raise ValidationError(_("Use letters, digits, dots, dashes and underscores only."))
        return seed


class ItemForm(forms.Form):
    """How far the auditors are with a request of a sample."""

    state = forms.ChoiceField(label=_("State"), choices=SampledState.choices)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class BundleForm(forms.Form):
    """Asking for a bundle."""

    with_disclosures = forms.BooleanField(
        label=_("With names and other personal values in scope"), required=False
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why the personal values are needed. Without them the bundle proves just as much."),
    )  # fmt: skip
