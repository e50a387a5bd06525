"""Validation against NIST's own JSON schemas, whose bytes are those of the release."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

FOLDER = Path(__file__).parent
SHA256 = {
    "assessment-results": "37f41f6813c78e6d2c272b27030e17e93d7f92fee519c72e7531574fa0ecbb05",
    "catalog": "37d8dbb0b2b4ffb1d7973d455e8edcb38eaf73a50d01ffdbe3ac20285b9cb6ee",
}


@cache
def _validator(model: str) -> Any:
    content = (FOLDER / f"oscal_{model}_schema.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256[model]
    return jsonschema_rs.validator_for(json.loads(content))


def faults(model: str, document: object) -> list[str]:
    """Return what the schema of the model finds in the document, as it would be read from a file."""
    plain = json.loads(json.dumps(document))
    return [
        f"{'/'.join(map(str, each.instance_path))}: {each.message}"
        for each in _validator(model).iter_errors(plain)
    ]
