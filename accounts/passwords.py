"""How long a password has to be, said in the languages of the product."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Refuses short passwords in a sentence of ours: Django's own has no Chinese."""

    def get_error_message(self) -> str:
        """Return what is wrong and what would be right."""
        return _("This password has fewer than {count} characters. Take some more words.").format(
            count=self.min_length
        )

    def get_help_text(self) -> str:
        """Return what a password needs."""
        return _("At least {count} characters.").format(count=self.min_length)
