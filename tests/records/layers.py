"""A record with every signature on it, made without a database: certified, signed by two people, sealed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from imprimatur.record.expected import Expected, Field, Revision
from imprimatur.record.line import written
from records.canonical import canonical, digest
from records.context import Language, SignatureLine
from records.press.page import Box, page
from records.press.press import Embedded, press
from records.seal.lines import Line
from records.seal.sign import ARCHIVE, PEOPLE, SEAL, SYSTEM, Authority, signed
from tests.records.factories import slim_context
from tests.records.keys import TestAuthority, TestKey
from tests.records.lines import lines_on

NOW = datetime(2026, 11, 20, 1, 58, 33, tzinfo=UTC)
ORDER = [SYSTEM, *PEOPLE.values(), SEAL]
TITLES = {
    SYSTEM: "Certification",
    "sig-legal": "Legal",
    "sig-chair": "Chair",
    SEAL: "Seal",
    ARCHIVE: "Time stamp",
}

WAITING = {
    "en": dict.fromkeys(ORDER, "Not signed yet"),
    "zh-hans": dict.fromkeys(ORDER, "尚未签署"),
}


@dataclass(frozen=True)
class Layers:
    """The file after each signature; `keys` and `files` by field, in the order of signing."""

    base: bytes
    files: dict[str, bytes]
    keys: dict[str, TestKey]

    @property
    def last(self) -> bytes:
        """The file with all signatures."""
        return self.files[SEAL]

    def expected(self) -> Expected:
        """Return what was issued."""
        chains = [key.chain for key in self.keys.values()]
        before = [self.base, *[self.files[field] for field in ORDER[:-1]]]
        return Expected(
            fields=[Field(field, bytes(key.chain[0].sha256).hex(), NOW) for field, key in self.keys.items()],
            roots=[chains[0][-1].dump()],
            certificates=sorted({item.dump() for chain in chains for item in chain}),
            file_sha256=digest(self.last),
            revisions=[Revision(len(content), digest(content)) for content in before],
        )


def printed(language: Language = "en") -> bytes:
    """Return a record with every field reserved, before the first signature."""
    context = slim_context(language)
    data = canonical(dict(context))
    html = page(
        context,
        code="7KQM3XVT9D2HPW4C",
        address="https://a.example/verify/x",
        context_sha256=digest(data),
        boxes=[Box(PEOPLE["legal"], "legal staff"), Box(PEOPLE["chair"], "chair of the leading board")],
    )
    return press(
        html,
        created=NOW,
        embedded=[Embedded("record.json", "data", data)],
        fields=TITLES,
        waiting=WAITING[language],
    ).content


def lines_of(language: Language) -> list[SignatureLine]:
    """Return the lines of the two people, each with the statement that they confirmed."""
    return lines_on(digest(canonical(dict(slim_context(language)))), language)


def layers(
    *,
    language: Language = "en",
    authority: TestAuthority | None = None,
    stamps: Authority | None = None,
    lists: bool = True,
) -> Layers:
    """Make them all."""
    authority = authority or TestAuthority()
    base = content = printed(language)
    keys = {field: authority.key_for(field, lists=lists) for field in ORDER}
    files: dict[str, bytes] = {}
    lines = dict(zip(PEOPLE.values(), lines_of(language), strict=True))
    for field in ORDER:
        line = lines.get(field)
        content = files[field] = signed(
            content, field=field, key=keys[field], now=NOW, name=line["name"] if line else "Organisation",
            reason=line["meaning"] if line else "Issue", stamp=stamp_of(line) if line else [Line("detail", "2026")],
            certify=field == SYSTEM, statement=written(line) if line else b"",
            authority=stamps if field != SYSTEM else None, archive=field == SEAL,
        )  # fmt: skip
    return Layers(base, files, keys)


def stamp_of(line: object) -> list[Line]:
    """Return a stamp of a person."""
    said = dict(line)  # type: ignore[call-overload]
    return [
        Line("name", said["name"]),
        Line("meaning", said["meaning"]),
        Line("moment", said["signed_at"]),
        Line("digest", said["statement_sha256"]),
    ]
