"""The bytes that people sign."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from records.canonical import NotCanonical, canonical, digest

SAFE_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ASCII_KEYS = st.text(st.characters(codec="ascii"), min_size=1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | SAFE_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ASCII_KEYS, inner),
    max_leaves=20,
)


@given(st.dictionaries(ASCII_KEYS, VALUES))
def test_canonical_bytes_are_those_of_rfc_8785(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_order_of_keys_does_not_change_the_bytes() -> None:
    assert canonical({"b": 1, "a": "陈"}) == canonical({"a": "陈", "b": 1}) == '{"a":"陈","b":1}'.encode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": 1.5}, r"\$\.a"),
        ({"a": [1, 2**53]}, r"\$\.a\[1\]"),
        ({"a": {"b": "x\0y"}}, r"\$\.a\.b"),
        ({"a": "\ud800"}, r"\$\.a"),
        ({"é": 1}, "key"),
        ({"a": b"bytes"}, r"\$\.a"),
        ({"a": (1, 2)}, r"\$\.a"),
    ],
)
def test_what_the_profile_excludes_is_refused_with_its_place(value: dict[str, Any], where: str) -> None:
    with pytest.raises(NotCanonical, match=where):
        canonical(value)


def test_a_digest_is_lower_case_hexadecimal() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert json.loads(canonical({"a": None})) == {"a": None}
