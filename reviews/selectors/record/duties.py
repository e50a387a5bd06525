"""What who holds an approval has to report, and where an appeal goes, in the words of the active language."""

from django.utils.translation import gettext as _


def reporting_duties() -> list[str]:
    """Return the duties of who holds an approval (process.md, section 5)."""
    return [
        _("A serious incident with the model is reported to the leading board as soon as it is known."),
        _("A change of the weights, of the channel or of the markets needs a request of its own."),
    ]


def appeal_route() -> str:
    """Return who decides on an appeal (process.md, section 2)."""
    return _("An appeal goes to a panel that shares no voter with this decision.")
