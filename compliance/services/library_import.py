"""Bringing a library as OSCAL catalog, CSV or Excel: read first, kept only as a whole and only after a look at it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from compliance.models import Control, Library
from compliance.models.library import Origin
from compliance.permissions import visible_assessments, visible_schedules, why_not_import
from compliance.rules.import_faults import LARGEST, Fault, Found, Unreadable, Why
from compliance.rules.import_oscal import read_catalog
from compliance.rules.import_sheet import rows_of
from compliance.rules.import_table import read_table
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.library_difference import ShownDifference, Touched, difference_of, touched_by
from compliance.services.libraries import Loaded, controls_of_file, keep_library

_SALT = "compliance.library_import"
SEALED_FOR = timedelta(days=1)
LONGEST_SEALED = 8_000_000
"""Characters of a preview that come back from a browser; a form may have 10 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person says of the library they bring.

    `language` is that of a catalog; `source` and `confidence` are of controls that say none.
    """

    code: str
    name: str
    language: str = "en"
    source: str = ""
    confidence: str = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file holds before it is kept: faults and nothing else, or all of it with a seal.

    `newest`: the version that stands, with the difference to it and what of ours that touches; None for a new library.
    """

    faults: Sequence[Fault] = ()
    sealed: str = ""
    name: str = ""
    controls: Sequence[Control] = ()
    skipped: int = 0
    newest: Library | None = None
    difference: ShownDifference | None = None
    touched: Touched | None = None


def preview_library(*, actor: User, content: bytes, about: About, now: datetime) -> Preview:
    """Read a file and return what keeping it would change; nothing is kept.

    Raises PermissionDenied, and Refused for the code of what ships or for more than can be imported at once.
    """
    if reason := why_not_import(actor):
        raise PermissionDenied(reason)
    if reason := why_not_code(about.code):
        raise Refused(reason)
    found = read_library(content, about)
    if found.faults:
        return Preview(faults=found.faults, skipped=found.skipped)
    data = file_of(found, about)
    controls, newest = controls_of_file(data), newest_libraries([about.code]).get(about.code)
    difference = difference_of(newest.controls.all(), controls) if newest else None
    seen = visible_schedules(actor, now), visible_assessments(actor, now)
    touched = touched_by(difference, about.code, *seen) if difference else None
    return Preview(
        sealed=seal_library(data, content, actor=actor), name=next(iter(data["name"].values())), controls=controls,
        skipped=found.skipped, newest=newest, difference=difference, touched=touched,
    )  # fmt: skip


def read_library(content: bytes, about: About) -> Found:
    """Return what the file holds with everything that is wrong in it; nothing is kept."""
    if len(content) > LARGEST:
        return Found(faults=[Fault(Why.TOO_LARGE, "", "", str(LARGEST // 1_000_000))])
    try:
        if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            return read_catalog(content, language=about.language, confidence=about.confidence)
        return read_table(rows_of(content), source=about.source or about.name, confidence=about.confidence)
    except Unreadable as unreadable:
        return Found(faults=[unreadable.fault])


def file_of(found: Found, about: About) -> dict[str, Any]:
    """Return what was read as a library's file holds it."""
    name = (about.name or found.name or about.code)[:200]
    groups = [{"number": number, "name": names} for number, names in found.groups.items()]
    order = {number: position for position, number in enumerate(found.groups, 1)}
    controls = sorted(found.controls, key=lambda control: order.get(control.get("group", ""), 0))
    return {
        "code": about.code, "name": {about.language: name}, "controls": controls,
        **({"groups": groups} if groups else {}),
    }  # fmt: skip


def seal_library(data: Mapping[str, Any], content: bytes, *, actor: User) -> str:
    """Return what the preview showed, so that it comes back unchanged and from the same person.

    Raises Refused when it is too much for a form.
    """
    told = {"who": actor.pk, "sha256": hashlib.sha256(content).hexdigest(), "data": data}
    sealed = signing.dumps(told, salt=_SALT, compress=True)
    if len(sealed) > LONGEST_SEALED:
        raise Refused(_("This library is too large to be imported at once. Bring it in parts."))
    return sealed


@transaction.atomic
def import_sealed(*, actor: User, sealed: str, now: datetime) -> Loaded:
    """Keep what a preview showed as a new version, all of it or nothing.

    Raises PermissionDenied; Refused when it is no preview of this person, or its code belongs to what ships.
    """
    if reason := why_not_import(actor):
        raise PermissionDenied(reason)
    try:
        told = signing.loads(sealed, salt=_SALT, max_age=SEALED_FOR)
    except signing.BadSignature:
        told = {}
    if told.get("who") != actor.pk:
        raise Refused(_("This preview is older than a day or not yours. Read the file again."))
    if reason := why_not_code(told["data"]["code"]):
        raise Refused(reason)
    return keep_library(told["data"], sha256=told["sha256"], origin=Origin.IMPORTED, actor=actor, now=now)


def why_not_code(code: str) -> str | None:
    """Say why nothing may be imported under this code, or None."""
    if Library.objects.filter(code=code, origin=Origin.SHIPPED).exists():
        return _("“{code}” ships with the product and is updated with it. Choose another code.").format(
            code=code
        )
    return None
