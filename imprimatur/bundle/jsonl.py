"""Lines of JSON as a bundle has them: canonical (RFC 8785 inside the profile of leaves), one value on each."""

import json
from collections.abc import Mapping


def text(value: object) -> bytes:
    """Return the canonical JSON of a value that has no floats and only ASCII keys."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def line(value: Mapping[str, object]) -> bytes:
    """Return it as a line."""
    return text(value) + b"\n"
