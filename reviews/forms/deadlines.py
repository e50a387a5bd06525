"""The form that moves a date."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.talking import LONGEST


class MoveDateForm(forms.Form):
    """The new day, the hour where the board sits, and the reason, which everybody concerned reads."""

    day = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(
        label=_("Until"),
        required=False,
        help_text=_("In the time zone of the board; left out, its day of work ends it, at 17:00."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whom the date concerns reads it, and it stays in the history with the old date."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: object, of_a_day: bool, **kwargs: object) -> None:
        """Make the form; `of_a_day`: the date is a whole day, as that of a condition."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if of_a_day:
            del self.fields["at"]
