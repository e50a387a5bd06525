"""Keeping what is found by searching: an entry is made anew in the transaction of what changed, or all at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction

from reviews.models import Decision, ReviewRequest, Revision, SearchEntry
from reviews.selectors.search_text import entry_of

FIELDS = ["title", "about", "decisions", "answers", "passages"]
STEP = 200


def index_request(request_id: int) -> None:
    """Make the request's entry anew; whoever changes what it is found by calls this, under the request's lock."""
    _write([request_id])


def rebuild() -> int:
    """Make every entry anew and return how many there are; each step is a transaction of its own.

    Searching goes on meanwhile. It can be stopped and begun again; what a service changes at the same moment is locked.
    """
    count = 0
    for ids in _steps():
        with transaction.atomic():
            locked = ReviewRequest.objects.select_for_update().filter(pk__in=ids).order_by("pk")
            _write(list(locked.values_list("pk", flat=True)))
        count += len(ids)
    return count


def index_missing() -> int:
    """Make the entries that are missing, as after an upgrade, and return how many there were."""
    count = 0
    while ids := list(_missing()):
        with transaction.atomic():
            _write(ids)
        count += len(ids)
    return count


def _missing() -> Sequence[int]:
    rows = ReviewRequest.objects.filter(search_entry__isnull=True).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:STEP])


def _steps() -> Iterator[list[int]]:
    last = 0
    while ids := list(
        ReviewRequest.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:STEP]
    ):
        yield ids
        last = ids[-1]


def _write(ids: Sequence[int]) -> None:
    """Write the entries of these requests; four queries besides those of conditions."""
    revisions: dict[int, list[Revision]] = defaultdict(list)
    for revision in Revision.objects.filter(request__in=ids).order_by("request", "number"):
        revisions[revision.request_id].append(revision)
    decisions: dict[int, list[Decision]] = defaultdict(list)
    decided = Decision.objects.filter(request__in=ids).select_related("refusal").order_by("request", "number")
    for decision in decided.prefetch_related("conditions"):
        decisions[decision.request_id].append(decision)
    requests = ReviewRequest.objects.filter(pk__in=ids).select_related("version__model").order_by("pk")
    SearchEntry.objects.bulk_create(
        [entry_of(request, revisions[request.pk], decisions[request.pk]) for request in requests],
        update_conflicts=True, unique_fields=["request"], update_fields=FIELDS,
    )  # fmt: skip
