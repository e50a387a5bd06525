"""Lines of signatures with the statements that people confirmed."""

from collections.abc import Sequence

from accounts.models import User
from records.canonical import canonical, digest
from records.context import Language, SignatureLine
from tests.records.factories import signature_lines


def lines_on(
    record_sha256: str, language: Language = "en", people: Sequence[User] = ()
) -> list[SignatureLine]:
    """Return the lines of legal staff and the chair, each with its statement about the record of this digest."""
    found = []
    for place, line in enumerate(signature_lines(language)):
        said = {
            "record_sha256": record_sha256, "name": line["name"], "meaning": line["meaning"], "time": line["signed_at"],
            "signer": str(people[place].pseudonym) if people else "a pseudonym", "nonce": "0" * 64,
        }  # fmt: skip
        statement = canonical(said)
        line["statement"], line["statement_sha256"] = statement.decode(), digest(statement)
        line["assertion"] = None
        found.append(line)
    return found
