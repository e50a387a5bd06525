"""What a record must be like, as whoever issued it knows it; and what was found. Plain data, without pyHanko."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as made
from datetime import datetime
from typing import Any

LARGEST = 20_000_000  # bytes of a record
SYSTEM, SEAL, ARCHIVE = "sig-system", "sig-seal", "ts-archive"
"""Names of the fields: the system's certification, the organisation's seal, the last timestamp. Those of people are
between the first two, and begin with `sig-` too.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that must be signed. `certificate`: SHA-256 of the signer's (DER), or "" where any that the roots vouch
    for will do. `signed_at`: by the clock of the server, where it knows.
    """

    name: str
    certificate: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The first `size` bytes of the file, and their SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What was issued. Whatever is left empty is not compared, and the report says so.

    `fields` in the order of signing; None where only the file itself says which there are. `revisions`: the file as it
    was before the first signature, and later ones. Certificates and lists of revoked ones are DER; `roots` are trusted,
    `certificates` may stand between them and a signer. Without roots those in the file count, and trust is not judged.
    `sealers`: SHA-256 of the certificates with which the organisation certifies and seals; the same root may have
    issued others to people. `clocks`: for whoever has just signed, whose clock and the authority's must agree.
    """

    fields: Sequence[Field] | None = None
    roots: Sequence[bytes] = ()
    certificates: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()
    revisions: Sequence[Revision] = ()
    file_sha256: str = ""
    record_sha256: str = ""
    sealers: Sequence[str] = ()
    clocks: bool = False

    def dumps(self) -> str:
        """Return it as one line of JSON."""
        plain = asdict(self)
        for name in ("roots", "certificates", "crls"):
            plain[name] = [base64.b64encode(item).decode() for item in plain[name]]
        return json.dumps(plain, default=datetime.isoformat)


def expected_from(text: str | bytes) -> Expected:
    """Return what `dumps` wrote."""
    plain: dict[str, Any] = json.loads(text)
    for name in ("roots", "certificates", "crls"):
        plain[name] = [base64.b64decode(item) for item in plain[name]]
    plain["revisions"] = [Revision(**item) for item in plain["revisions"]]
    if plain["fields"] is not None:
        plain["fields"] = [
            Field(item["name"], item["certificate"], _moment(item["signed_at"])) for item in plain["fields"]
        ]
    return Expected(**plain)


@dataclass(slots=True)
class Signed:
    """One signature, as it was found; `faults` in words for experts, empty where it holds.

    `kind`: certification, signature, seal or timestamp. `at`: when, and `clock` whose word that is: "authority" (a
    trusted timestamp), "server" (the signing system), or ""; `written`: what the system wrote, whichever counts.
    `level`: of PAdES (ETSI EN 319 142-1). `certificate`: SHA-256; `chain`: name and SHA-256 of the signer's certificate
    and those above it, `authority` the same of its timestamp. `revocation`: "good" (a list of its issuer doesn't name
    it), "later" (revoked on `revoked_at`, after it signed), "before" (it must not have signed), "unknown" (there is no
    list). `line`: what the person signed.
    """

    field: str
    kind: str
    revision: int = 0
    name: str = ""
    reason: str = ""
    at: datetime | None = None
    clock: str = ""
    written: datetime | None = None
    level: str = ""
    certificate: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    chain: list[tuple[str, str]] = made(default_factory=list)
    authority: list[tuple[str, str]] = made(default_factory=list)
    revocation: str = "unknown"
    revoked_at: datetime | None = None
    covers: str = ""
    line: dict[str, Any] | None = None
    faults: list[str] = made(default_factory=list)


@dataclass(slots=True)
class Report:
    """What was found. `faults`: everything that is wrong, that of single signatures included; empty means genuine as
    far as was asked. `unchecked`: what nobody could compare, because it was not given. `undecided`: reading the file
    took more time or memory than a record may need.
    """

    faults: list[str] = made(default_factory=list)
    signatures: list[Signed] = made(default_factory=list)
    unchecked: list[str] = made(default_factory=list)
    file_sha256: str = ""
    record_sha256: str = ""
    roots: list[tuple[str, str]] = made(default_factory=list)
    undecided: bool = False

    def dumps(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False)


def report_from(text: str | bytes) -> Report:
    """Return what `dumps` wrote."""
    plain: dict[str, Any] = json.loads(text)
    plain["signatures"] = [_signed(item) for item in plain["signatures"]]
    plain["roots"] = [(subject, sha256) for subject, sha256 in plain["roots"]]
    return Report(**plain)


def _signed(item: dict[str, Any]) -> Signed:
    moments = {
        name: _moment(item[name]) for name in ("at", "written", "valid_from", "valid_until", "revoked_at")
    }
    chains = {name: [(subject, sha256) for subject, sha256 in item[name]] for name in ("chain", "authority")}
    return Signed(**{**item, **moments, **chains})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
