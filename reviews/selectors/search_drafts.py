"""Searching in what somebody is writing: answers that no revision has yet stand in no index."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.db.models import F, Max, Q

from accounts.models import User
from reviews.models import Answer, Contributor
from reviews.permissions.drafting import EDITABLE
from reviews.rules.search_words import Word, plain, words_of
from reviews.selectors.search_text import written

MOST = 2_000
"""So many answers are looked through, the last ones written; nobody writes more at a time."""


def drafts_with(user: User, words: Sequence[Word], sections: Collection[str]) -> list[int]:
    """Return the requests of this person in whose unsubmitted answers all the words are; one query."""
    if "answers" not in sections:
        return []
    texts: dict[int, list[str]] = defaultdict(list)
    for answer in unsubmitted(user):
        texts[answer.request_id].append(written("", answer.value))
    return [key for key, found in texts.items() if _has("\n".join(found), words)]


def unsubmitted(user: User, requests: Collection[int] | None = None) -> Iterator[Answer]:
    """Yield what this person may still change and wrote, or a co-author did, since the last revision."""
    own = Q(request__requester=user) | Q(
        request__in=Contributor.objects.filter(person=user).values("request_id")
    )
    rows = Answer.objects.filter(own, request__state__in=EDITABLE)
    if requests is not None:
        rows = rows.filter(request__in=requests)
    frozen = rows.annotate(frozen=Max("request__revisions__frozen_at"))
    newer = frozen.filter(Q(frozen__isnull=True) | Q(updated_at__gt=F("frozen")))
    yield from newer.order_by("-updated_at", "-pk")[:MOST]


def _has(text: str, words: Sequence[Word]) -> bool:
    read = plain(text)
    if not all(word.text in read for word in words):
        return False
    stored = words_of(text)
    return all(_is_in(word, stored) for word in words)


def _is_in(word: Word, stored: Sequence[str]) -> bool:
    return any(one.startswith(word.text) if word.is_start else one == word.text for one in stored)
