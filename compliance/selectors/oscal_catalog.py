"""A library as an OSCAL catalog (JSON), in the language of the page."""

from itertools import groupby
from typing import Any

from compliance.models import Control, Library
from compliance.rules import oscal


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
                {
                    "id": oscal.token(f"g-{number}"),
                    "title": found[0].group_name,
                    "props": props,
                    "controls": controls,
                }
            )
        else:
            loose += controls
    catalog: dict[str, Any] = {
        "uuid": oscal.identity("library", library.code, library.version),
        "metadata": {
            "title": library.name, "last-modified": library.loaded_at.isoformat(), "version": str(library.version),
            "oscal-version": oscal.VERSION,
        },
    }  # fmt: skip
    return {
        "catalog": catalog | ({"groups": groups} if groups else {}) | ({"controls": loose} if loose else {})
    }


def _control(row: Control) -> dict[str, Any]:
    identity = oscal.token(row.number)
    parts = [{"id": oscal.statement(row.number), "name": "statement", "prose": row.text}]
    if row.help:
        parts.append({"id": f"{identity}_gdn", "name": "guidance", "prose": row.help})
    props = [{"name": "label", "value": row.number}, {"name": "sort-id", "value": f"{row.position:05}"}]
    return {"id": identity, "title": row.title, "props": props, "parts": parts}
