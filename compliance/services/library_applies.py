"""Telling when a library that somebody imported applies: a new version of it with the same controls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Control, Library
from compliance.models.library import Origin
from compliance.permissions import why_not_import
from compliance.rules.applicability import Test
from compliance.rules.library_file import applies_and_texts_faults
from compliance.selectors.applicability_words import CODES, FACTS
from records.canonical import canonical, digest


@transaction.atomic
def tell_when_it_applies(*, actor: User, code: str, applies: Mapping[str, Any], now: datetime) -> Library:
    """Keep a new version that applies as told (in the shape of a library's file), and return it.

    What was told already changes nothing. The version keeps the digest of the file that its controls were read from.
    Raises Http404, PermissionDenied, and Refused for what ships with the product or for a rule with faults.
    """
    newest = Library.objects.select_for_update().filter(code=code).order_by("-version").first()
    if newest is None:
        raise Http404
    if reason := why_not_import(actor):
        raise PermissionDenied(reason)
    if newest.origin != Origin.IMPORTED:
        raise Refused(
            _(
                "This library ships with the product, which says when it applies. Decide for what it is about instead."
            )
        )
    if faults := applies_and_texts_faults(applies):
        raise Refused(_("This can't be kept: {faults}").format(faults="; ".join(faults)))
    _require_known_codes(applies)
    if newest.applies == dict(applies):
        return newest
    controls = list(newest.controls.order_by("position"))
    library = newest
    library.pk, library.version, library.applies, library.loaded_at = (
        None,
        newest.version + 1,
        dict(applies),
        now,
    )
    library._state.adding = True
    library.save(force_insert=True)
    for control in controls:
        control.pk, control.library = None, library
    Control.objects.bulk_create(controls)
    trail.record(
        "library.applies_told", obj=library, actor=actor, now=now,
        data={
            "code": code, "version": library.version, "scope": str(applies["to"]),
            "sha256": digest(canonical(dict(applies))),
        },
    )  # fmt: skip
    return library


def _require_known_codes(applies: Mapping[str, Any]) -> None:
    """Raise Refused for a code that a fact never has, so that a library doesn't wait for what can't come."""
    comma = pgettext("between members of a list", ", ")
    for condition in applies.get("when", []):
        known = CODES.get(condition["fact"], {})
        asked = [*condition.get(Test.HAS_ANY, []), *condition.get(Test.HAS_NONE, [])]
        if unknown := [code for code in asked if code not in known]:
            raise Refused(
                _("The {fact} is never {unknown}. Choose among: {known}.").format(
                    fact=FACTS[condition["fact"]], unknown=comma.join(unknown), known=comma.join(known)
                )
            )
