"""A library as an OSCAL catalog (version 1.1.2 of its JSON format), in the language of the page."""

from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from compliance.models import Control, Library

OSCAL = "1.1.2"


def catalog_of(library: Library) -> dict[str, Any]:
    """Return the catalog; the same version has the same identity each time. One query."""
    groups = []
    loose: list[dict[str, Any]] = []
    for number, rows in groupby(library.controls.all(), key=lambda row: row.group):
        found = list(rows)
        controls = [_control(row) for row in found]
        if number:
            props = [{"name": "label", "value": number}]
            groups.append(
                {"id": f"g-{number}", "title": found[0].group_name, "props": props, "controls": controls}
            )
        else:
            loose += controls
    catalog: dict[str, Any] = {
        "uuid": str(uuid5(NAMESPACE_URL, f"urn:imprimatur:library:{library.code}:{library.version}")),
        "metadata": {
            "title": library.name, "last-modified": library.loaded_at.isoformat(), "version": str(library.version),
            "oscal-version": OSCAL,
        },
    }  # fmt: skip
    return {
        "catalog": catalog | ({"groups": groups} if groups else {}) | ({"controls": loose} if loose else {})
    }


def _control(row: Control) -> dict[str, Any]:
    identity = _token(row.number)
    parts = [{"id": f"{identity}_smt", "name": "statement", "prose": row.text}]
    if row.help:
        parts.append({"id": f"{identity}_gdn", "name": "guidance", "prose": row.help})
    props = [{"name": "label", "value": row.number}, {"name": "sort-id", "value": f"{row.position:05}"}]
    return {"id": identity, "title": row.title, "props": props, "parts": parts}


def _token(number: str) -> str:
    """Return the number as an identifier of OSCAL, which begins with a letter."""
    return number if number[0].isalpha() else f"c-{number}"
