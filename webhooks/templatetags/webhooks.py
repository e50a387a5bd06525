"""States of endpoints and deliveries, and outcomes of attempts, for templates."""

from django import template
from django.utils.translation import gettext as _

from webhooks.models import DeliveryState, Endpoint
from webhooks.words import OUTCOMES, fault_words

register = template.Library()

_TONES: dict[str, tuple[str, str]] = {
    DeliveryState.DELIVERED: ("good", "check"),
    DeliveryState.PENDING: ("live", "clock"),
    DeliveryState.FAILED: ("bad", "alert-triangle"),
    DeliveryState.DROPPED: ("", "ban"),
}


@register.inclusion_tag("webhooks/components/state.html")
def state_of_delivery(value: str) -> dict[str, object]:
    """Show where a delivery stands."""
    tone, icon = _TONES[value]
    return {"tone": tone, "icon": icon, "label": DeliveryState(value).label}


@register.inclusion_tag("webhooks/components/state.html")
def state_of_endpoint(endpoint: Endpoint, chip: bool = False) -> dict[str, object]:
    """Show how an endpoint does: on, on and failing, or off."""
    if not endpoint.is_on:
        tone, icon = ("", "ban") if endpoint.off_because == "by_hand" else ("bad", "alert-triangle")
        return {"tone": tone, "icon": icon, "label": endpoint.get_state_display(), "chip": chip}
    if endpoint.failing_since:
        return {"tone": "warn", "icon": "alert-circle", "label": _("on, but failing"), "chip": chip}
    return {"tone": "good", "icon": "check", "label": endpoint.get_state_display(), "chip": chip}


@register.filter
def outcome(value: str | None) -> str:
    """What came of an attempt, in a sentence; empty for None."""
    return str(OUTCOMES[value]) if value else ""


@register.filter
def explained(detail: str) -> str:
    """The detail of an attempt: the sentence for a refused address, else what the system said."""
    return fault_words(detail)
