"""Inviting people, finding them, and changing what is known about them."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import PersonState, User
from accounts.roles import Role
from accounts.rules.invitation_list import LARGEST
from accounts.selectors import active_people, person_by_email
from accounts.services.invitation import Guest
from accounts.timezones import time_zone_choices
from accounts.words import ROLES, role_choices, unreadable_sentence

if TYPE_CHECKING:
    _PersonChoice = forms.ModelChoiceField[User]
else:
    _PersonChoice = forms.ModelChoiceField


class InviteForm(forms.Form):
    """One person to invite."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    display_name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("They may write it differently when they come in."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Members of boards need none: a seat is given on the board's page."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, initial="UTC")
    line_manager = _PersonChoice(
        label=_("Line manager"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["line_manager"].queryset = active_people()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """Return the address when it is free."""
        email: str = self.cleaned_data["email"].lower()
        if person_by_email(email):
            raise forms.ValidationError(_("This address belongs to somebody already."))
        return email

    def guest(self) -> Guest:
        """Return whom to invite."""
        data = self.cleaned_data
        return Guest(
            email=data["email"], display_name=data["display_name"], language=data["language"],
            roles=tuple(Role(name) for name in data["roles"]), time_zone=data["time_zone"],
            line_manager=data["line_manager"],
        )  # fmt: skip


class ListForm(forms.Form):
    """A CSV file of people to invite."""

    file = forms.FileField(
        label=_("CSV file"),
        validators=[
            FileExtensionValidator(["csv", "txt", "tsv"], _("Choose a file that ends in .csv, .tsv or .txt."))
        ],
        help_text=_("UTF-8, UTF-16 or GB18030; separated by comma, semicolon or tab; at most 1,000 people."),
        error_messages={"empty": _("There is nobody in this list.")},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Return the file when it is not too large to be read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(unreadable_sentence("too_large"))
        return file


class PeopleFilter(forms.Form):
    """Which people to show; the address is the filter."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=lambda: [("", _("any")), *((role.value, ROLES[role]) for role in Role)],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("any")), *PersonState.choices]
    )


class PersonForm(forms.Form):
    """What an administrator knows about a person."""

    display_name = forms.CharField(label=_("Name"), max_length=200)
    line_manager = _PersonChoice(
        label=_("Line manager"), queryset=User.objects.none(), required=False, empty_label=_("nobody"),
        help_text=_("Told when something of this person is three days late."),
    )  # fmt: skip
    deputy = _PersonChoice(
        label=_("Deputy"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    team = forms.CharField(
        label=_("Team"), max_length=120, required=False,
        help_text=_("Members of a board keep out of requests of their own team, if the board's policy says so."),
    )  # fmt: skip

    def __init__(self, *args: object, person: User, **kwargs: object) -> None:
        initial = {
            "display_name": person.display_name,
            "line_manager": person.line_manager_id,
            "deputy": person.deputy_id,
            "team": person.team,
        }
        super().__init__(*args, initial=initial, **kwargs)  # type: ignore[arg-type,misc]
        others = active_people().exclude(pk=person.pk)
        for name in ("line_manager", "deputy"):
            self.fields[name].queryset = others  # type: ignore[attr-defined]


class RolesForm(forms.Form):
    """A person's roles."""

    role = forms.ChoiceField(choices=[(role.value, role.value) for role in Role])


class ReasonForm(forms.Form):
    """Why something is done to a person."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class OptionalReasonForm(forms.Form):
    """Why something is done to a person, if one wants to say."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
