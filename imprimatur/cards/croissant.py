"""Croissant: metadata of a dataset as JSON-LD of schema.org, with the vocabulary on responsible AI.

Sources: the Croissant format specification 1.0 and the Croissant RAI specification 1.0 of MLCommons. Prefixes and
terms are resolved by the `@context` in the file alone; a context that is only an address is not fetched.
"""

import re
from decimal import Decimal

from imprimatur.cards.located import Items, Node, Table, as_table
from imprimatur.cards.stated import Card, CardFault, Doubt, Kind, Place, Reason, Stated, quoted

LONGEST_VALUE = 20_000
MOST_FILES = 50

GENERAL = {
    "name", "description", "license", "creator", "publisher", "url", "version", "datePublished", "dateCreated",
    "dateModified", "keywords", "inLanguage", "cr:isLiveDataset", "cr:citeAs", "sameAs", "conditionsOfAccess",
    "usageInfo",
}  # fmt: skip
RESPONSIBLE = {
    "rai:" + name
    for name in (
        "dataCollection", "dataCollectionType", "dataCollectionMissingData", "dataCollectionRawData",
        "dataCollectionTimeframe", "dataImputationProtocol", "dataManipulationProtocol", "dataPreprocessingProtocol",
        "dataAnnotationProtocol", "dataAnnotationPlatform", "dataAnnotationAnalysis", "dataReleaseMaintenancePlan",
        "personalSensitiveInformation", "dataSocialImpact", "dataBiases", "dataLimitations", "dataUseCases",
        "annotationsPerItem", "annotatorDemographics", "machineAnnotationTools",
    )
}  # fmt: skip
_STRUCTURE = {"cr:recordSet", "conformsTo", "dct:conformsTo", "cr:conformsTo", "recordSet"}
_PREFIXES = {
    "rai": "http://mlcommons.org/croissant/RAI/",
    "cr": "http://mlcommons.org/croissant/",
    "sc": "https://schema.org/",
    "schema": "https://schema.org/",
    "dct": "http://purl.org/dc/terms/",
}
_SHORT = {  # the longer name first: one begins with the other
    "mlcommons.org/croissant/RAI/": "rai:",
    "mlcommons.org/croissant/": "cr:",
    "schema.org/": "",
    "purl.org/dc/terms/": "dct:",
}
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?((?:[KMGT]i?)?B|bytes)", re.IGNORECASE)
_UNITS = {
    "B": 1, "BYTES": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40,
}  # fmt: skip
_STEPS = 4  # from a term to its name, at most


def croissant_card(value: Node) -> Card:
    """Return what the metadata state; raises CardFault when they describe no dataset."""
    if not isinstance(value, Table):
        raise CardFault(Place(1), Reason.NO_OBJECT)
    dataset = _dataset(value)
    if dataset is None:
        raise CardFault(Place(value.lines.get("@type", 1), "@type"), Reason.NO_DATASET)
    return _Reader(_Names(value.get("@context"))).read(dataset)


def _dataset(value: Table) -> Table | None:
    """Return the object of type Dataset: the whole, or one of its graph."""
    graph = value.get("@graph")
    for candidate in [value, *(graph if isinstance(graph, Items) else [])]:
        kinds = candidate.get("@type") if isinstance(candidate, Table) else None
        for kind in kinds if isinstance(kinds, Items) else [kinds]:
            if isinstance(kind, str) and kind.rpartition("/")[2].rpartition(":")[2] == "Dataset":
                return candidate if isinstance(candidate, Table) else None
    return None


class _Names:
    """Resolves keys to `rai:…`, `cr:…` or the plain name of schema.org."""

    def __init__(self, context: Node) -> None:
        self.terms: dict[str, str] = {}
        for part in context if isinstance(context, Items) else [context]:
            for term, meaning in part.items() if isinstance(part, Table) else []:
                name = meaning.get("@id") if isinstance(meaning, Table) else meaning
                if isinstance(name, str) and not term.startswith("@"):
                    self.terms[term] = name

    def of(self, key: str) -> str:
        """Return the name of the key."""
        name = key
        for _step in range(_STEPS):
            prefix, colon, rest = name.partition(":")
            if name in self.terms and self.terms[name] != name:
                name = self.terms[name]
            elif (
                colon
                and not rest.startswith("//")
                and (base := self.terms.get(prefix, _PREFIXES.get(prefix)))
            ):
                name = base + rest
            else:
                break
        return self._short(name)

    def _short(self, name: str) -> str:
        bare = name.partition("://")[2]
        for address, prefix in _SHORT.items():
            if bare.startswith(address):
                name = prefix + bare[len(address) :]
                break
        local = name.rpartition(":")[2]
        return f"rai:{local}" if f"rai:{local}" in RESPONSIBLE else name


class _Reader:
    """Goes through the properties of the dataset in their order."""

    def __init__(self, names: _Names) -> None:
        self.names = names
        self.stated: list[Stated] = []
        self.unread: list[Place] = []
        self.doubts: list[Doubt] = []

    def read(self, dataset: Table) -> Card:
        for key, value in dataset.items():
            name, place = self.names.of(key), Place(dataset.lines[key], key[:80])
            if name == "distribution":
                self._distribution(value, place)
            elif name in GENERAL or name in RESPONSIBLE:
                self._property(name, value, place)
            elif "cr:" + name in GENERAL:
                self._property("cr:" + name, value, place)
            elif name not in _STRUCTURE and not key.startswith("@"):
                self.unread.append(place)
        return Card(Kind.CROISSANT, tuple(self.stated), tuple(self.unread), tuple(self.doubts))

    def _property(self, name: str, value: Node, place: Place) -> None:
        texts = _texts(value)
        if texts is None:
            self.doubts.append(Doubt(place, Reason.NO_TEXT, {}))
        elif not any(text.strip() for text in texts):
            self.doubts.append(Doubt(place, Reason.LEFT_OPEN, {}))
        elif sum(map(len, texts)) > LONGEST_VALUE:
            self.doubts.append(Doubt(place, Reason.TOO_LONG, {"limit": str(LONGEST_VALUE)}))
        else:
            kept = tuple(text.strip() for text in texts if text.strip())
            said = kept[0] if len(kept) == 1 else kept
            self.stated.append(Stated(name, said, place, quoted("; ".join(kept))))

    def _distribution(self, value: Node, place: Place) -> None:
        """State the sizes of the files, and their sum in GB when every file has a size in known units."""
        sizes, total = [], Decimal(0)
        parts = value if isinstance(value, Items) else [value]
        for part in parts[:MOST_FILES]:
            found = {self.names.of(key): content for key, content in as_table(part).items()}
            size, name = _texts(found.get("contentSize")), _texts(found.get("name"))
            if size and size[0].strip():
                sizes.append(f"{name[0]}: {size[0]}" if name else size[0])
            total += _bytes(size[0] if size else "")
        if sizes:
            said = tuple(sizes) if len(sizes) > 1 else sizes[0]
            self.stated.append(Stated("contentSize", said, place, quoted("; ".join(sizes))))
        if total.is_finite() and total >= 1000 and len(parts) <= MOST_FILES:
            sum_of = f"{total / 10**9:.6f}".rstrip("0").rstrip(".")
            self.stated.append(Stated("size_gb", sum_of, place, quoted("; ".join(sizes))))


def _bytes(size: str) -> Decimal:
    """Return a size such as "12.5 MB" (decimal units, as schema.org has them) in bytes, NaN for any other text."""
    match = _SIZE.fullmatch(size.strip())
    return Decimal(match[1]) * _UNITS[match[2].upper()] if match else Decimal("nan")


def _texts(value: Node) -> list[str] | None:
    """Return a property as texts: plain, in a language, or the name or address of a thing; None for anything else."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, Items):
        parts = [_texts(item) for item in value]
        return None if None in parts else [text for part in parts for text in part or []]
    if isinstance(value, Table):
        given = [
            value.get(key) for key in ("@value", "name", "sc:name", "schema:name", "url", "sc:url", "@id")
        ]
        return next(([text] for text in given if isinstance(text, str)), None)
    return None
