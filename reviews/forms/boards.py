"""Forms of boards: the board itself, its seats, who keeps it, and why its policy changes."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.selectors.words import BOARD_KINDS, SEAT_ATTRIBUTES, SEAT_ROLES


class BoardForm(forms.Form):
    """A new board with its names in both languages."""

    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"), help_text=_("In addresses: letters, digits and hyphens."), max_length=60
    )
    kind = forms.ChoiceField(
        label=_("What it judges"), choices=list(BOARD_KINDS.items()), widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language of its records"),
        choices=[("", _("that of each request")), *settings.LANGUAGES],
        required=False,
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("In which its deadlines are computed, for example Europe/Berlin."),
        max_length=64,
        initial="UTC",
    )


class WhyForm(forms.Form):
    """Why a policy changes; kept with its version."""

    reason = forms.CharField(label=_("Why the policy changes"), max_length=2000, widget=forms.Textarea)


def people() -> list[tuple[int | str, str]]:
    """Return the active people by name, as choices."""
    rows = (
        User.objects.filter(is_active=True).order_by("display_name", "pk").values_list("pk", "display_name")
    )
    return [("", "—"), *rows]


class PersonForm(forms.Form):
    """A form that names somebody; `everybody` are the choices, where a page has read them for several forms."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        everybody: list[tuple[int | str, str]] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, auto_id=auto_id)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people() if everybody is None else everybody


class SeatForm(PersonForm):
    """A seat for a person."""

    role = forms.ChoiceField(label=_("Role"), choices=list(SEAT_ROLES.items()))
    attributes = forms.MultipleChoiceField(
        label=_("What the member is"),
        choices=list(SEAT_ATTRIBUTES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class KeeperForm(PersonForm):
    """Who keeps the board as secretary, or reads what it reviews."""

    permission = forms.ChoiceField(
        label=_("What they may do"),
        choices=[("keep_board", _("keep it as its secretary")), ("read_board", _("read what it reviews"))],
    )
