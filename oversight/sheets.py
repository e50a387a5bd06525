"""Sheets of the workbooks that auditors take away: events of the log, requests in scope, a sample with its draw."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import verbs
from audit.leaf import decode, leaf_hash
from audit.models import Event
from audit.workbooks import Sheet
from oversight.draw import population_text
from oversight.models import Sample
from reviews.models import ReviewRequest
from reviews.selectors.words import REQUEST_STATES

AT_ONCE = 2000


def of_events(found: QuerySet[Event]) -> Sheet:
    """Return the events, the oldest first, without names of people: who acted stands as a pseudonym."""
    columns = (
        _("Number"), _("Leaf"), _("Time, UTC"), _("Event"), _("What it means"), _("Who, as a pseudonym"),
        _("Kind of thing"), _("Thing"), _("Project"), _("Board"), _("Data"), _("Hash of the leaf"),
    )  # fmt: skip
    return Sheet(_("Events"), columns, _event_rows(found), (10, 10, 20, 24, 34, 38, 24, 10, 9, 9, 60, 60))


def of_requests(requests: Iterable[ReviewRequest]) -> Sheet:
    """Return the requests as they stand."""
    columns = (
        _("Request"), _("Model and version"), _("Project"), _("Purpose"), _("State"), _("Risk tier"), _("Procedure"),
        _("Submitted, UTC"), _("In this state since, UTC"),
    )  # fmt: skip
    rows = (
        (
            request.reference, str(request.version), request.version.model.project.name, request.purpose,
            REQUEST_STATES[request.state].label, request.tier or "", request.procedure, request.submitted_at,
            request.state_since,
        )
        for request in requests
    )  # fmt: skip
    return Sheet(_("Requests"), columns, rows, (16, 28, 24, 50, 14, 10, 14, 20, 20))


def of_sample(sample: Sample) -> list[Sheet]:
    """Return three sheets: what was drawn and how far it is, how it was drawn, and what it was drawn from."""
    items = sample.items.select_related("request__version__model").order_by("place")
    drawn = (
        (
            item.place, item.request.reference, str(item.request.version), item.get_state_display(), item.note,
            item.changed_at, _rank(sample.seed, item.request.reference),
        )
        for item in items
    )  # fmt: skip
    columns = (
        _("Place"), _("Request"), _("Model and version"), pgettext("of a request", "State"), _("Note"), _("Noted, UTC"),
        _("SHA-256 of seed and request"),
    )  # fmt: skip
    facts = (
        (_("Seed"), sample.seed), (_("Drawn"), sample.size), (_("Requests in scope"), len(sample.population)),
        (_("SHA-256 of the list"), sample.population_sha256), (_("Drawn at, UTC"), sample.drawn_at),
        (_("Method"), _("SHA-256 of “seed:request” for each; sorted by it, the first ones are the sample.")),
    )  # fmt: skip
    ranked = sorted((_rank(sample.seed, reference), reference) for reference in sample.population)
    return [
        Sheet(_("Sample"), columns, drawn, (8, 16, 28, 26, 60, 20, 60)),
        Sheet(_("Draw"), (_("What"), _("Value")), facts, (24, 60)),
        Sheet(_("Drawn from"), (_("SHA-256 of seed and request"), _("Request")), ranked, (60, 16)),
    ]


def population_lines(sample: Sample) -> str:
    """Return the list that was drawn from, exactly the bytes whose digest stands in the log."""
    return population_text(sample.population)


def _rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}:{reference}".encode()).hexdigest()


def _event_rows(found: QuerySet[Event]) -> Iterator[tuple[object, ...]]:
    rows = found.order_by("id").values_list("id", "entry__leaf_index", "leaf", "occurred_at")
    for key, index, content, at in rows.iterator(AT_ONCE):
        leaf = decode(bytes(content))
        yield (
            key, "" if index is None else index, at, leaf["verb"], _label(leaf["verb"]), leaf["actor"] or "",
            leaf["obj"]["type"], leaf["obj"]["id"], leaf["place"]["project"] or "", leaf["place"]["board"] or "",
            json.dumps(leaf["data"], ensure_ascii=False, sort_keys=True) if leaf["data"] else "",
            leaf_hash(bytes(content)),
        )  # fmt: skip


def _label(verb: str) -> str:
    try:
        return str(verbs.get(verb).label)
    except verbs.UnknownVerb:
        return ""
