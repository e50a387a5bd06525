"""The search beside a bare view: who sees much, only the oldest, nothing; rare words, common ones, Chinese."""

import random
from collections.abc import Iterator, Sequence

from django.db import connection, connections

from bench.crowd import OLD, Crowd, a_crowd
from bench.ground import clone
from bench.lists import BARE, getting
from bench.measure import Case, interleaved, rows
from reviews.models import ReviewRequest, SearchEntry
from reviews.rules.search_words import plain, words_of

QUERIES = {
    "one of a hundred thousand": "q=needle77", "one of a thousand": "q=word0900", "one of twenty": "q=word0010",
    "nearly all": "q=word0000", "two words": "q=word0001+word0020", "two Chinese characters": "q=词汇",
    "one Chinese character": "q=词", "four Chinese characters": "q=词汇罕见", "the oldest only": "q=antique",
    "many, all of them old": "q=bygone", "a part of a title": "q=ld+model", "a beginning": "q=wor",
    "decisions": "q=word0003&kind=decisions", "nothing": "q=absent",
}  # fmt: skip
WORDS, VOCABULARY, STEP = 120, 5_000, 2_000
"""So many words an entry has, of how many; the first are the most frequent, as in any language."""
BYGONE = 4_000
"""The hard case: so many requests have a word that none has since, too many to be looked up first."""


def run(*, rounds: int, sizes: Sequence[int]) -> None:
    """Measure and print, for each size, the page with each query as each person gets it."""
    empty, databases = connections["default"], [clone(f"search_{size}") for size in sizes]
    for size, database in zip(sizes, databases, strict=True):
        connections["default"] = database
        crowd = a_crowd(size)
        fill()
        print(f"\n### {size:,} requests\n\n{_table(crowd, rounds)}\n", flush=True)
        database.close()
    connections["default"] = empty


def fill() -> None:
    """Write an entry for each request, with invented words."""
    ids = list(ReviewRequest.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), STEP):
        SearchEntry.objects.bulk_create(_entries(ids[first : first + STEP], random.Random(first)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reviews_searchentry")


def _entries(ids: Sequence[int], chance: random.Random) -> Iterator[SearchEntry]:
    requests = ReviewRequest.objects.filter(pk__in=ids).select_related("version__model").order_by("pk")
    for request in requests:
        title = f"{request.reference} {request.version} {request.purpose}"
        text = _text(request, chance)
        yield SearchEntry(
            request=request, title=plain(title), about=" ".join(words_of(title)), answers=" ".join(words_of(text)),
            decisions=" ".join(words_of(_words(chance, 20))) if request.state == "approved" else "",
            passages=[{"of": "answers", "number": 1, "key": "need", "text": text}],
        )  # fmt: skip


def _text(request: ReviewRequest, chance: random.Random) -> str:
    number = int(request.reference.rpartition("-")[2])
    rare = f" needle{number}" if number % 7 == 0 else ""
    old = " antique bygone" if number <= OLD else " bygone" if number <= BYGONE else ""
    chinese = "".join(
        chance.choice(("词汇", "模型", "发布", "罕见" if chance.random() < 0.01 else "港口"))
        for _ in range(20)
    )
    return f"{_words(chance, WORDS)}{rare}{old} {chinese if chance.random() < 0.3 else ''}"


def _words(chance: random.Random, count: int) -> str:
    """Return words whose frequency falls with their number: the n-th stands in about one of n texts."""
    return " ".join(f"word{int(VOCABULARY ** chance.random()) - 1:04}" for _ in range(count))


def _table(crowd: Crowd, rounds: int) -> str:
    anybody = next(iter(crowd.viewers.values()))
    cases: dict[str, Case] = {BARE: getting(anybody, "/bare/")}
    for who, user in crowd.viewers.items():
        cases |= {f"{who} {what}": getting(user, f"/search/?{query}") for what, query in QUERIES.items()}
    found = interleaved(cases, rounds, warm=1)
    bare = found[BARE]
    lines = []
    for who in crowd.viewers:
        results = [found[f"{who} {what}"] for what in QUERIES]
        cells = [f"{result.milliseconds:.0f} ({result.ratios(bare)[1]:.0f})" for result in results]
        lines.append([who, *cells, str(max(result.queries for result in results))])
    head = f"({BARE}: {bare.milliseconds:.1f} ms, {bare.queries} queries)\n\n"
    return head + rows(("who looks, ms (ratio to the bare view)", *QUERIES, "most queries"), lines)
