"""Previews of evidence: what can be shown of a file, and its bytes, each look at which is an event."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import files, trail
from audit.refusal import Refused
from compliance.models import Evidence
from compliance.rules.previews import HEAD, LONGEST_TEXT, Kind, Sort, is_too_large, sort_of, text_of
from compliance.services.evidence import evidence_to_read
from records.pdf_pages import NotShown, number_of_pages, page_as_png


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be shown of a file: `sort` None for nothing, with the reason; `pages` of a PDF; `cut`: not all."""

    sort: Sort | None
    why_not: str = ""
    pages: int = 1
    cut: bool = False


def sight_of_evidence(evidence: Evidence) -> Sight:
    """Say what can be shown of the file."""
    try:
        with files.open_file(evidence.sha256) as file:
            sort = sort_of(file.read(HEAD))
            if sort is None:
                return Sight(None, _("Files of this kind are not shown here. Download it."))
            if is_too_large(sort.kind, evidence.size):
                return Sight(None, _("This file is too large to be shown here. Download it."))
            pages = number_of_pages(file) if sort.kind == Kind.PDF else 1
            return Sight(sort, "", pages, sort.kind == Kind.TEXT and evidence.size > LONGEST_TEXT)
    except NotShown:
        return Sight(None, _("The pages of this PDF can't be shown here. Download it."))
    except (files.Lost, OSError):
        return Sight(None, _("The file is not on the disk any more. Tell an administrator."))


def preview_evidence(*, actor: User, evidence_id: int, page: int, now: datetime) -> tuple[str, bytes]:
    """Return type and bytes of what is shown of a file that the person may read; each look is an event.

    `page` (from 1) of a PDF. Raises Http404 for what isn't shown, and Refused when it can't be.
    """
    evidence = evidence_to_read(actor, evidence_id, now)
    sort, content = _shown(evidence, page)
    with transaction.atomic():
        trail.record(
            "evidence.viewed", obj=evidence, actor=actor, now=now,
            data={"sha256": evidence.sha256, "page": page},
        )  # fmt: skip
    return sort.content_type, content


def _shown(evidence: Evidence, page: int) -> tuple[Sort, bytes]:
    try:
        with files.open_file(evidence.sha256) as file:
            sort = sort_of(file.read(HEAD))
            if sort is None or is_too_large(sort.kind, evidence.size):
                raise Http404
            if sort.kind == Kind.PDF:
                return sort, page_as_png(file, page)
            file.seek(0)
            if sort.kind == Kind.IMAGE:
                return sort, file.read()
            text = text_of(file.read(LONGEST_TEXT), cut=evidence.size > LONGEST_TEXT)
            if text is None:
                raise Refused(_("This file begins as a text and goes on as none. Download it."))
            return sort, text.encode()
    except NotShown:
        raise Http404 from None
    except (files.Lost, OSError):
        raise Refused(_("The file is not on the disk any more. Tell an administrator.")) from None
