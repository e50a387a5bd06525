"""Names of the events of webhooks, and what they vouch for."""

from django.utils.translation import gettext_lazy as _

from audit import tracking, verbs, words
from webhooks.models import Endpoint, OffBecause

_VERBS = (
    ("webhook.added", _("Endpoint added"), _("An administrator added an endpoint for webhooks.")),
    ("webhook.changed", _("Endpoint changed"), _("An administrator changed an endpoint for webhooks.")),
    ("webhook.switched_on", _("Endpoint switched on"), _("An endpoint gets messages again.")),
    ("webhook.switched_off", _("Endpoint switched off"), _("An endpoint gets no messages any more.")),
    (
        "webhook.secret_changed",
        _("Secret of an endpoint changed"),
        _("An endpoint was given another secret; for a day both sign."),
    ),
    ("webhook.removed", _("Endpoint removed"), _("An endpoint was removed with its secrets.")),
    ("webhook.tested", _("Endpoint tested"), _("An administrator sent a test message to an endpoint.")),
    ("webhook.sent_again", _("Messages sent again"), _("An administrator had messages sent again.")),
)


def register_verbs() -> None:
    """Register them; called from AppConfig.ready()."""
    for name, label, sentence in _VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("webhook.tested", "webhook.sent_again")
    words.register("because", _("because"))
    words.register("description", _("description"))
    words.register("message", _("message"))
    words.register("type", _("type"))
    words.register("types", _("types"))
    words.register_values("because", dict(OffBecause.choices))
    tracking.track(
        Endpoint,
        ["url", "description", "types", "state", "off_because", "secret", "former_secret", "former_until"],
    )
