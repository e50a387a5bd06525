"""The letters of a request as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from records.models import Record
from reviews.models import Letter, ReviewRequest


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter with its record (None: it is being written) and the translations of it."""

    letter: Letter
    record: Record | None
    translations: Sequence["ShownLetter"] = ()

    @property
    def into(self) -> str:
        """Return the language into which it can still be translated; empty: none is left."""
        taken = {self.letter.language, *(each.letter.language for each in self.translations)}
        return next((language for language in ("en", "zh-hans") if language not in taken), "")


def letters_of(request: ReviewRequest) -> list[ShownLetter]:
    """Return the letters, the newest first; one query. Reading them is the caller's permission."""
    found = Letter.objects.filter(request=request).select_related("record", "translates").order_by("-id")
    rows = list(found.defer("record__context", "record__signatures"))
    by_first: dict[int | None, list[ShownLetter]] = {}
    for row in rows:
        by_first.setdefault(row.translates_id, []).append(ShownLetter(row, row.record))
    return [
        ShownLetter(each.letter, each.record, by_first.get(each.letter.pk, []))
        for each in by_first.get(None, [])
    ]


def letter_of(request: ReviewRequest, number: int) -> Letter:
    """Return the letter of this number about the request; raises Http404. Reading it is the caller's permission."""
    found = Letter.objects.filter(request=request, number=number).first()
    if found is None:
        raise Http404
    return found
