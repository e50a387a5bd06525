"""What a result of the search shows: the request, and the passages of it in which the words are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language

from accounts.models import User
from reviews.models import Contributor, ReviewRequest, SearchEntry
from reviews.permissions.drafting import EDITABLE
from reviews.rules.search_snippets import Piece, Snippet, snippet
from reviews.rules.search_words import Word
from reviews.selectors.addresses import dossier_address, request_address
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.search_drafts import unsubmitted
from reviews.selectors.search_match import Sought
from reviews.selectors.search_text import ANSWERS, DECISIONS, Passage, written
from reviews.selectors.words import REQUEST_STATES, Badge

MOST_PASSAGES = 3
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Said:
    """A passage: `of` is "decision", "answers" or "draft", `number` that of the decision or revision."""

    of: str
    number: int
    title: str
    snippet: Snippet
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """A request that was found; its title and purpose in pieces, and at most MOST_PASSAGES passages."""

    request: ReviewRequest
    badge: Badge
    title: tuple[Piece, ...]
    purpose: tuple[Piece, ...]
    said: tuple[Said, ...]


def results_of(
    user: User, keys: Sequence[int], sought: Sought, sections: Collection[str],
    kept_from: "QuerySet[ReviewRequest, int] | None",
) -> list[Result]:  # fmt: skip
    """Return the results in the order of the keys; two queries, a third for somebody's own drafts."""
    if not keys:
        return []
    shows = {DECISIONS: "decisions" in sections, ANSWERS: "answers" in sections}
    passages: defaultdict[int, list[Passage]] = defaultdict(list)  # empty for what isn't indexed yet
    for entry in SearchEntry.objects.filter(pk__in=keys):
        passages[entry.request_id] = [passage for passage in entry.passages if shows[passage["of"]]]
    requests = _requests(user, keys, kept_from)
    for request in requests.values():
        if getattr(request, "is_kept", False):
            passages[request.pk] = [p for p in passages[request.pk] if p["of"] != DECISIONS]
    written_on = [key for key in keys if requests[key].state in EDITABLE] if shows[ANSWERS] else []
    drafted = [key for key in written_on if getattr(requests[key], "is_part", False)]
    for answer in unsubmitted(user, drafted) if drafted else ():
        text = written("", answer.value)
        passages[answer.request_id].append({"of": DRAFT, "number": 0, "key": answer.question, "text": text})
    return [_result(requests[key], passages[key], sought.words) for key in keys]


def _requests(
    user: User, keys: Sequence[int], kept_from: "QuerySet[ReviewRequest, int] | None"
) -> dict[int, ReviewRequest]:
    """Return the requests, with whether the person has a part in it and whether its decisions are kept from them."""
    parts = Contributor.objects.filter(request=OuterRef("pk"), person=user)
    rows = ReviewRequest.objects.filter(pk__in=keys).select_related("version__model", "requester")
    rows = rows.annotate(is_contributed=Exists(parts))
    if kept_from is not None:
        rows = rows.annotate(is_kept=Exists(kept_from.filter(pk=OuterRef("pk"))))
    found: dict[int, ReviewRequest] = {request.pk: request for request in rows}
    for request in found.values():
        request.is_part = request.requester_id == user.pk or request.is_contributed  # type: ignore[attr-defined]
    return found


def _result(request: ReviewRequest, passages: Sequence[Passage], words: Sequence[Word]) -> Result:
    version = request.version
    return Result(
        request=request,
        badge=REQUEST_STATES[request.state],
        title=snippet(f"{version.model.name} {version.number}", words).pieces,
        purpose=snippet(request.purpose, words, length=300).pieces,
        said=tuple(_said(request, passages, words)),
    )


def _said(request: ReviewRequest, passages: Sequence[Passage], words: Sequence[Word]) -> Iterator[Said]:
    """Yield the passages that have most of the words; among equals decisions, then newer revisions, come first."""
    read = [(passage, snippet(passage["text"], words)) for passage in passages]
    hits = sorted((pair for pair in read if pair[1].found), key=lambda pair: -len(pair[1].found))
    for passage, found in hits[:MOST_PASSAGES]:
        title, url = _place(request, passage)
        yield Said(passage["of"], passage["number"], title, found, url)


def _place(request: ReviewRequest, passage: Passage) -> tuple[str, str]:
    """Return the words of the question, or "", and the address where the passage is read."""
    question = questionnaire(request.questionnaire).question(passage["key"]) if passage["key"] else None
    title = f"{question.number} {question.text.in_language(get_language() or 'en')}" if question else ""
    if passage["of"] == DRAFT:
        return title, dossier_address(request.reference)
    anchor = f"a{question.number}" if question and passage["of"] == ANSWERS else ""
    return title, request_address(request.reference, anchor)
