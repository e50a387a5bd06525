"""Which controls of other libraries the same piece of evidence serves."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from compliance.models import Control
from compliance.models.library import in_language
from compliance.selectors.libraries import newest

Place = tuple[str, str]
"""Code of a library and number of a control."""


def mapped(code: str, number: str) -> frozenset[Place]:
    """Return the controls that the same evidence serves, whichever of the two names the other; one query."""
    return all_mapped().get((code, number), frozenset())


def all_mapped() -> Mapping[Place, frozenset[Place]]:
    """Return for each control of the newest libraries what it is mapped with, both ways; one query.

    A mapping to a control that no newest library has is left out.
    """
    return mapped_with_names()[0]


def mapped_with_names() -> tuple[Mapping[Place, frozenset[Place]], Mapping[str, str]]:
    """Return the same with the names of the libraries by code, in the language of the page; one query."""
    rows = list(
        Control.objects.filter(library__in=newest().values("pk"))
        .order_by()
        .values_list("library__code", "number", "mappings", "library__name_en", "library__name_zh")
    )
    known = {(code, number) for code, number, *_rest in rows}
    found: defaultdict[Place, set[Place]] = defaultdict(set)
    for code, number, mappings, *_names in rows:
        for other in _places(mappings) & known:
            found[code, number].add(other)
            found[other].add((code, number))
    names = {code: in_language(english, chinese) for code, _number, _mappings, english, chinese in rows}
    return {place: frozenset(others) for place, others in found.items()}, names


def _places(mappings: Collection[str]) -> set[Place]:
    return {(code, number) for code, _, number in (mapping.partition(":") for mapping in mappings)}
