"""States of people, and browsers, in words."""

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import PersonState, User

register = template.Library()

_TONES = {
    PersonState.ACTIVE: ("good", "user-check"),
    PersonState.INVITED: ("live", "mail"),
    PersonState.DEACTIVATED: ("", "user-off"),
}
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.inclusion_tag("accounts/components/person_state.html")
def person_state(person: User, chip: bool = False) -> dict[str, object]:
    """Show where a person stands; for pages of other apps too."""
    tone, icon = _TONES[person.state]
    return {"tone": tone, "icon": icon, "label": person.state.label, "chip": chip}


@register.filter
def listed(words: Iterable[str]) -> str:
    """Join words as the language joins them."""
    return pgettext("between words of a list", ", ").join(words)


@register.filter
def browser(agent: str) -> str:
    """Say which browser on which system a user agent claims to be; the rest of what it says helps nobody."""
    name = next((word for sign, word in _BROWSERS if sign in agent), "")
    system = next((word for sign, word in _SYSTEMS if sign in agent), "")
    if name and system:
        return _("{browser} on {system}").format(browser=name, system=system)
    return name or system or _("unknown browser")


@register.simple_tag
def organisation_provider() -> str:
    """Return the name of the organisation's provider by which people sign in; empty: there is none."""
    return str(settings.OIDC["name"]) if settings.OIDC["issuer"] else ""
