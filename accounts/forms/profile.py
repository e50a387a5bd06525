"""A person's own account."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import active_people
from accounts.timezones import time_zone_choices

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[User]
else:
    _ModelForm = forms.ModelForm


class ProfileForm(_ModelForm):
    """Name, language, time zone, deputy, reminders; saved by the service, not by the form."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = User
        fields = ["display_name", "language", "time_zone", "deputy", "reminder_mode", "weekly_mail"]
        labels = {
            "display_name": _("Name"),
            "language": _("Language"),
            "deputy": _("Deputy"),
            "reminder_mode": _("Reminders"),
            "weekly_mail": _("What your week brings"),
        }
        help_texts = {
            "display_name": _("As it stands in records, for example 陈嘉霖 Chen Jialin."),
            "deputy": _("Reminded too when something of yours is late."),
            "weekly_mail": _(
                "One mail in the morning: what comes due, what is late, what to review, what expires."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        deputy = self.fields["deputy"]
        deputy.queryset = active_people().exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        deputy.empty_label = _("nobody")  # type: ignore[attr-defined]
