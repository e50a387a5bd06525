"""Changing the texts by which letters are written: each change is a version, and what was sent keeps its own."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records.canonical import digest
from records.context import Language
from records.press.glyphs import missing, named
from reviews.models import LetterTemplate
from reviews.permissions.letters import why_not_manage_texts
from reviews.permissions.reasons import require
from reviews.rules.letter_kinds import LetterKind
from reviews.rules.letter_text import faults_of, tidied
from reviews.selectors.letters.texts import in_force, shipped
from reviews.selectors.letters.words import fault_in_words


def why_not_this_text(content: str, kind: LetterKind) -> list[str]:
    """Return everything that speaks against a text, each as a sentence that says what to do; none: it can be used."""
    found = [fault_in_words(fault, kind) for fault in faults_of(tidied(content), kind)]
    if letters := missing(content):
        found.append(
            _("Letters can't be printed with these characters: {characters}. Write them in another way.").format(
                characters=named(letters)
            )
        )  # fmt: skip
    return found


@transaction.atomic
def change_text(
    *, actor: User, kind: LetterKind, language: Language, content: str, base: int, reason: str, now: datetime
) -> LetterTemplate:
    """Write a new version of the text; letters from then on are written by it.

    `base`: the version that the change began with; raises Refused when somebody wrote another one meanwhile, for an
    unchanged text, a missing reason, and with every fault of the text.
    """
    require(why_not_manage_texts(actor))
    newest = in_force(kind, language)
    kept = tidied(content)
    if faults := why_not_this_text(kept, kind):
        raise Refused(" ".join(faults))
    if not reason.strip():
        raise Refused(_("Say why the text is changed: whoever reads a letter later can look it up."))
    if newest.version != base:
        raise Refused(
            _("Somebody wrote version {version} meanwhile. Compare it with yours, and write yours again.").format(
                version=newest.version
            )
        )  # fmt: skip
    if newest.content == kept:
        raise Refused(_("The text is the one that is in use. There is nothing to write."))
    return _write(actor, kind, language, kept, base + 1, reason.strip(), now)


def restore_shipped(
    *, actor: User, kind: LetterKind, language: Language, base: int, reason: str, now: datetime
) -> LetterTemplate:
    """Go back to the shipped text: a new version with its words. Raises Refused as `change_text` does."""
    return change_text(
        actor=actor, kind=kind, language=language, content=shipped(kind, language).content, base=base,
        reason=reason, now=now,
    )  # fmt: skip


def _write(
    actor: User, kind: LetterKind, language: Language, content: str, version: int, reason: str, now: datetime
) -> LetterTemplate:
    sha256 = digest(content.encode())
    try:
        with transaction.atomic():  # of two writers at one moment, the constraint lets one through
            row = LetterTemplate.objects.create(
                kind=kind.value, language=language, version=version, content=content, sha256=sha256,
                reason=reason, made_by=actor, made_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("Somebody wrote this version at the same moment. Load the page again.")) from None
    trail.record(
        "letter_text.changed", obj=row, actor=actor, now=now, reason=reason,
        data={"kind": kind.value, "language": language, "version": version, "text_sha256": sha256},
    )  # fmt: skip
    return row
