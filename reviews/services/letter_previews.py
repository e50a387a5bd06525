"""A text as the pages of a letter before it is used, kept for a quarter of an hour for the person who asked."""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.refusal import Refused
from records.canonical import canonical, digest
from records.context import Language
from records.kinds import kind_of
from records.pdf_pages import NotShown, number_of_pages, page_as_png
from records.press.apart import press_apart
from records.press.glyphs import Unprintable
from records.press.page import page
from reviews.models import Letter, ReviewRequest
from reviews.permissions.letters import why_not_manage_texts
from reviews.permissions.reasons import require
from reviews.permissions.sight import may_read_record
from reviews.rules.letter_kinds import DECISIONS, LetterKind
from reviews.rules.letter_text import tidied
from reviews.selectors.letters.context import context_of
from reviews.selectors.letters.minutes_sample import sample_minutes
from reviews.selectors.letters.sample import sample_of
from reviews.selectors.letters.telling import told_of
from reviews.selectors.letters.texts import LetterText, in_force
from reviews.selectors.letters.told import Told
from reviews.services.letter_texts import why_not_this_text

MINUTES_KEPT = 15
_CODE = "0" * 16  # of no record: a preview can't be verified


@dataclass(frozen=True, slots=True)
class Preview:
    """What was printed: `token` leads to its pages."""

    token: str
    pages: int


def preview_text(
    *, actor: User, kind: LetterKind, language: Language, content: str, reference: str = "", now: datetime
) -> Preview:
    """Print the text with the data of a request, or of an invented case when none is named.

    Raises Refused when it can't be printed, with the reason: a fault of the text, a request that the person doesn't
    see or that has no letter of this kind.
    """
    require(why_not_manage_texts(actor))
    kept = tidied(content)
    if faults := why_not_this_text(kept, kind):
        raise Refused(" ".join(faults))
    number = in_force(kind, language).version
    text = LetterText(kind, language, number, kept, digest(kept.encode()))
    with override(language):
        html, created = _page(actor, text, reference, now)
    try:
        pdf = press_apart(html, created=created, fields={})
        pages = number_of_pages(io.BytesIO(pdf))
    except (Unprintable, NotShown) as fault:
        raise Refused(_("The preview can't be made: {fault}").format(fault=fault)) from None
    token = secrets.token_hex(16)
    cache.set(_key(actor, token), pdf, MINUTES_KEPT * 60)
    return Preview(token, pages)


def preview_page(*, actor: User, token: str, number: int) -> bytes:
    """Return a page (from 1) of a preview as PNG; raises NotShown when it is gone, or another person's."""
    pdf = cache.get(_key(actor, token))
    if pdf is None:
        raise NotShown("the preview is gone")
    return page_as_png(io.BytesIO(pdf), number)


def _key(actor: User, token: str) -> str:
    return f"letter-preview-{actor.pk}-{token}"


def _page(actor: User, text: LetterText, reference: str, now: datetime) -> tuple[str, datetime]:
    name = "minutes" if text.kind == LetterKind.MINUTES else "letter"
    context: dict[str, object]
    if text.kind == LetterKind.MINUTES:
        context = dict(sample_minutes(text, text.language))
    else:
        told = _told(actor, text, reference, now) if reference else sample_of(text.kind)
        context = dict(context_of(told, text, language=text.language))
    sha256 = digest(canonical(context))
    html = page(
        {**context, "log": None}, code=_CODE, address=f"{settings.BASE_URL.rstrip('/')}/verify/",
        context_sha256=sha256, kind=name,
    )  # fmt: skip
    return html, datetime.fromisoformat(kind_of(name).moment(context))


def _told(actor: User, text: LetterText, reference: str, now: datetime) -> Told:
    """Return what a letter of this kind tells, or told, of the request."""
    request = ReviewRequest.objects.select_related(
        "requester", "project", "version__model"
    ).filter(reference=reference.strip()).first()  # fmt: skip
    if request is None or not may_read_record(actor, str(request.pk), now):
        raise Refused(_("You don't see a request with this number. Leave it empty for an invented case."))
    letter = Letter.objects.filter(request=request, kind=text.kind, translates=None).order_by("-id").first()
    if letter is None and text.kind in DECISIONS:
        letter = _of_decision(request, text)
    if letter is None:
        raise Refused(
            _("There is no letter of this kind about this request. Leave the number empty for an invented case.")
        )  # fmt: skip
    letter.language, letter.request = text.language, request
    return told_of(letter)


def _of_decision(request: ReviewRequest, text: LetterText) -> Letter | None:
    found = request.decisions.select_related("record", "revision", "request")
    decision = found.filter(outcome=text.kind, record__isnull=False).order_by("-number").first()
    if decision is None:
        return None
    return Letter(
        request=request, number=1, kind=text.kind.value, about_type="reviews.decision", about_id=str(decision.pk),
        decision=decision, written_at=decision.decided_at,
    )  # fmt: skip
