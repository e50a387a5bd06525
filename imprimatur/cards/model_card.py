"""A model card: Markdown with or without a header in YAML between two lines `---`."""

import re
from collections.abc import Iterator

from imprimatur.cards import headings, yaml_header
from imprimatur.cards.located import Items, Node, Table, as_items, as_table
from imprimatur.cards.plain_text import decoded, size_in_words
from imprimatur.cards.sections import Section, sections_of
from imprimatur.cards.stated import Card, CardFault, Doubt, Kind, Place, Reason, Stated, quoted

LARGEST = 1024**2
MOST_STATED = 2000
LONGEST_VALUE = 20_000
MOST_UNREAD = 200

_PLAIN_KEYS = {
    "license": "license", "licence": "license", "license_name": "license_name", "license_link": "license_link",
    "language": "language", "languages": "language", "base_model": "base_model",
    "base_model_relation": "base_model_relation", "pipeline_tag": "pipeline_tag", "library_name": "library_name",
    "datasets": "datasets", "metrics": "metrics", "tags": "tags", "model_name": "model_name",
    "co2_eq_emissions": "co2_eq_emissions", "author": "authors", "authors": "authors",
}  # fmt: skip
_OPEN = re.compile(
    r"[\W_]*(?:more information needed|needs more information|to be (?:done|added|determined|written)|tbd|tba|todo"
    r"|n/?a|coming soon|none|待补充|待定|待完善|暂无|略)?[\W_]*",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\s*[-*+]\s+\*\*([^*]{1,60})\*\*\s*[:：]?\s*(\S.*)")
_NO_PROSE = re.compile(r"\s*(?:[<|>#]|!\[|\[!\[|---|\*\*\*)|.*(?:</|&nbsp|<br)")


def read_model_card(data: bytes) -> Card:
    """Return what the card states; raises CardFault with the place of what is wrong with its header or its bytes."""
    _check_header(data)
    lines = decoded(data, LARGEST).split("\n")
    begins, ends = _header_lines(lines)
    reader = _Reader()
    if ends:
        reader.header(yaml_header.read_header("\n".join(lines[begins:ends]), begins + 1))
    body = ends + 1 if ends else 0
    sections, open_comment = sections_of(lines[body:], body + 1)
    if open_comment:
        reader.doubt(Place(open_comment), Reason.COMMENT_OPEN)
    reader.lead(sections)
    reader.body(sections)
    return Card(
        Kind.MODEL_CARD, tuple(reader.stated), tuple(reader.unread[:MOST_UNREAD]), tuple(reader.doubts)
    )


def _check_header(data: bytes) -> None:
    """Refuse a header that is too long before the rest is looked at."""
    start = data[: yaml_header.LARGEST + 8].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:4].rstrip() == b"---" and len(data) > LARGEST and not re.search(rb"[\r\n]---\s", start):
        raise CardFault(Place(1), Reason.HEADER_TOO_LARGE, limit=size_in_words(yaml_header.LARGEST))


def _header_lines(lines: list[str]) -> tuple[int, int]:
    """Return the slice of the header's lines, 0 and 0 when the card has no header."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip() != "---":
        return 0, 0
    for at in range(first + 1, len(lines)):
        if lines[at].rstrip() == "---":
            return first + 1, at
    raise CardFault(Place(first + 1), Reason.NO_CLOSING)


class _Reader:
    """Collects what header and sections state."""

    def __init__(self) -> None:
        self.stated: list[Stated] = []
        self.unread: list[Place] = []
        self.doubts: list[Doubt] = []

    def doubt(self, place: Place, reason: Reason, **params: object) -> None:
        self.doubts.append(Doubt(place, reason, {key: str(value) for key, value in params.items()}))

    def header(self, header: Table) -> None:
        for key, value in header.items():
            place = Place(header.lines[key], key[:80])
            if value is None or value == "" or value == []:
                self.doubt(place, Reason.LEFT_OPEN)
            elif key == "model-index":
                self._results(value, place)
            elif key not in _PLAIN_KEYS:
                self.unread.append(place)
            else:
                self._plain(_PLAIN_KEYS[key], key, value, place)

    def _plain(self, field: str, key: str, value: Node, place: Place) -> None:
        texts = _texts(value)
        if texts is None:
            self.doubt(place, Reason.NO_TEXT)
        else:
            said = texts if isinstance(value, Items | Table) else texts[0]
            self._state(field, said, place, f"{key}: {', '.join(texts)}")

    def _state(self, field: str, value: str | tuple[str, ...], place: Place, quote: str) -> None:
        if sum(map(len, value)) > LONGEST_VALUE:
            self.doubt(place, Reason.TOO_LONG, limit=LONGEST_VALUE)
        elif len(self.stated) >= MOST_STATED:
            raise CardFault(place, Reason.TOO_MANY, limit=MOST_STATED)
        else:
            self.stated.append(Stated(field, value, place, quoted(quote)))

    def _results(self, value: Node, place: Place) -> None:
        """State each measured value with its metric, dataset and task, as `model-index` lists them."""
        lines: list[str] = []
        before = len(self.doubts)
        for model in as_items(value):
            results = as_items(as_table(model).get("results"))
            for result, line in zip(results, results.lines, strict=True):
                measured = list(_measured(as_table(result)))
                if not measured:
                    self.doubt(Place(line, place.name), Reason.RESULT_INCOMPLETE)
                lines += measured
        if lines:
            self._state("evaluation_results", tuple(lines), place, "\n".join(lines))
        elif len(self.doubts) == before:
            self.doubt(place, Reason.RESULT_INCOMPLETE)

    def lead(self, sections: list[Section]) -> None:
        """State what stands before the second heading, when it is prose, as the description."""
        opening = sections[: 2 if len(sections) > 1 and sections[1].level == 1 else 1]
        for section in opening:
            if fields_of_section(section) or not (text := _prose(section)):
                continue
            at = next(
                at for at, line in enumerate(section.lines) if line.strip() and not _NO_PROSE.match(line)
            )
            line = section.line + at + (1 if section.level else 0)
            self._state("description", text, Place(line, section.title[:120]), text)

    def body(self, sections: list[Section]) -> None:
        """State each known section once, with the sections below it that have no name of their own."""
        above: list[tuple[int, tuple[str, ...], list[Section]]] = []
        known: list[tuple[tuple[str, ...], list[Section]]] = []
        for section in sections[1:]:
            self._labels(section)
            while above and above[-1][0] >= section.level:
                above.pop()
            fields = fields_of_section(section)
            if fields and not (above and above[-1][1] == fields):
                above.append((section.level, fields, [section]))
                known.append((fields, above[-1][2]))
            elif above:
                above[-1][2].append(section)
            elif section.title and section.level > 1:
                self.unread.append(Place(section.line, section.title[:120]))
        for fields, parts in known:
            self._section(fields, parts)

    def _section(self, fields: tuple[str, ...], parts: list[Section]) -> None:
        head = parts[0]
        place = Place(head.line, head.title[:120])
        texts = [
            head.text,
            *(f"**{part.title}**\n\n{part.text}" for part in parts[1:] if not _is_open(part.text)),
        ]
        text = "\n\n".join(text for text in texts if not _is_open(text))
        if not text:
            if not any(part.text for part in parts[1:]):
                self.doubt(place, Reason.LEFT_OPEN)
            return
        for field in fields:
            self._state(field, text, place, text)

    def _labels(self, section: Section) -> None:
        """State lines such as "- **License:** mit"."""
        for number, line in enumerate(section.lines, section.line + 1):
            match = _LABELLED.fullmatch(line) if len(line) < 1000 else None
            field = headings.field_of_label(match[1]) if match else ""
            if match and field:
                place = Place(number, match[1].strip(" :："))
                if _is_open(match[2]):
                    self.doubt(place, Reason.LEFT_OPEN)
                else:
                    self._state(field, match[2].strip(), place, line.strip())


def fields_of_section(section: Section) -> tuple[str, ...]:
    """Return what the section states by its heading."""
    return headings.fields_of(section.title) if section.level else ()


def _is_open(text: str) -> bool:
    """Say whether there is nothing but a mark that something is still to be written."""
    return len(text) < 200 and _OPEN.fullmatch(text) is not None


def _prose(section: Section) -> str:
    kept = [line for line in section.lines if not _NO_PROSE.match(line)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return "" if _is_open(text) or len(text) > 5000 else text


def _texts(value: Node) -> tuple[str, ...] | None:
    """Return a text, a list of texts or a mapping to texts as texts; None for anything else."""
    if isinstance(value, str):
        return (value.strip(),)
    if isinstance(value, Items):
        items = tuple(item for item in value if isinstance(item, str))
        return items if len(items) == len(value) else None
    if isinstance(value, Table):
        lines = tuple(f"{key}: {item}" for key, item in value.items() if isinstance(item, str))
        return lines if lines and len(lines) == len(value) else None
    return None


def _measured(result: Table) -> Iterator[str]:
    dataset, task = _name(result.get("dataset")), _name(result.get("task"))
    details = _details(as_table(result.get("dataset")))
    for metric in as_items(result.get("metrics")):
        value = as_table(metric).get("value")
        if dataset and isinstance(value, str):
            yield f"{_name(metric)} {value}: {dataset}{details}" + (f", {task}" if task else "")


def _name(value: Node) -> str:
    given = as_table(value).get("name") or as_table(value).get("type")
    return given if isinstance(given, str) else ""


def _details(dataset: Table) -> str:
    words = [word for key in ("config", "split") if isinstance(word := dataset.get(key), str)]
    return f" ({', '.join(words)})" if words else ""
