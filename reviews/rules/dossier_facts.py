"""What the answers of a dossier say of data and people, in the codes that compliance asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imprimatur.dossier.questionnaire import Value

DATA = ("none", "anonymised", "pseudonymised", "personal", "sensitive", "users")
SOURCES = ("crawled", "partner", "public", "own", "synthetic")
PEOPLE = ("minors", "patients", "opinion", "unattended")
DATASETS, PERSONAL, SYNTHETIC = "datasets", "personal_data", "synthetic"
REACHED, NOT_REACHED = ("api", "internal"), ("open_weights",)
"""Channels by which what users enter reaches who offers the version, and by which not; of others it is open."""
AFFECTED = {
    "minors": ("minors", ("possible", "intended")),
    "patients": ("medical_use", ("information", "decisions")),
    "opinion": ("public_opinion", ("yes",)),
    "unattended": ("autonomy", ("alone",)),
}
"""Code of people affected: the question and the answers that say so; that children can't be kept out says so too."""


@dataclass(frozen=True, slots=True)
class Said:
    """Codes that were said of a fact, and those about which the dossier says nothing; a missing answer is no no."""

    codes: tuple[str, ...]
    unsaid: tuple[str, ...]


def facts_said(answers: Mapping[str, Value], channel: str = "") -> dict[str, Said]:
    """Return what the answers, by the key of the question, say of each fact; what stays wholly unsaid is left out."""
    rows = answers.get(DATASETS)
    datasets = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    found = {
        "data": _data(answers.get(PERSONAL), datasets, channel),
        "sources": _sources(datasets, answers.get(SYNTHETIC)),
        "people": _people(answers),
    }
    whole = {"data": DATA, "sources": SOURCES, "people": PEOPLE}
    return {fact: said for fact, said in found.items() if said.codes or set(said.unsaid) != set(whole[fact])}


def _data(personal: Value, datasets: Sequence[Mapping[str, object]], channel: str) -> Said:
    """Join the answer on all data with that on each data set; one that says nothing leaves the others open."""
    cells = [row.get("personal") for row in datasets]
    found = {str(cell) for cell in [personal, *cells] if cell in DATA}
    is_open = not personal or any(not cell for cell in cells)
    if len(found) > 1:
        found.discard("none")
    unsaid = set(DATA) - {"users"} if is_open else set()
    if channel in REACHED:
        found.add("users")
    elif channel not in NOT_REACHED:
        unsaid.add("users")
    return _said(DATA, found, unsaid)


def _sources(datasets: Sequence[Mapping[str, object]], synthetic: Value) -> Said:
    found = {str(row["source"]) for row in datasets if row.get("source") in SOURCES}
    is_open = not datasets or any(not row.get("source") for row in datasets)
    unsaid = set(SOURCES) - {SYNTHETIC} if is_open else set()
    if synthetic and synthetic != "none":
        found.add(SYNTHETIC)
    elif not synthetic:
        unsaid.add(SYNTHETIC)
    return _said(SOURCES, found, unsaid)


def _people(answers: Mapping[str, Value]) -> Said:
    found = {code for code, (question, says) in AFFECTED.items() if answers.get(question) in says}
    unsaid = {code for code, (question, _says) in AFFECTED.items() if not answers.get(question)}
    return _said(PEOPLE, found, unsaid)


def _said(order: Sequence[str], found: set[str], unsaid: set[str]) -> Said:
    return Said(
        tuple(code for code in order if code in found),
        tuple(code for code in order if code in unsaid - found),
    )
