"""The events of certificates, and the words for what stands in them."""

from django.utils.translation import gettext_lazy as _

from audit import verbs, words
from records.models import Origin, Purpose, RevocationReason


def register() -> None:
    """Make them known; called from AppConfig.ready()."""
    verbs.register(
        "certificate.issued",
        _("Certificate issued"),
        _("A certificate was issued or brought along; one that it replaces isn't used any more."),
    )
    verbs.register(
        "certificate.revoked",
        _("Certificate revoked"),
        _("A certificate was revoked; the next revocation list names it."),
    )
    verbs.register(
        "certificate.rotated",
        _("Certificate rotated"),
        _("A new key and certificate took the place of the old ones, which stay verifiable."),
    )
    words.register("provenance", _("where from"))
    words.register("revocation", _("reason of the revocation"))
    words.register("certificates", _("certificates"))
    words.register_values("purpose", {one.value: one.label for one in Purpose})
    words.register_values("provenance", {one.value: one.label for one in Origin})
    words.register_values("revocation", {one.value: one.label for one in RevocationReason})
