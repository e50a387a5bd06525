"""The bytes of a leaf."""

from typing import Any

import pytest
import rfc8785
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import LARGEST, NotCanonical, canonical, read

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
keys = st.text(st.characters(codec="ascii", exclude_characters="\0"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(keys, values))
def test_inside_the_profile_the_bytes_are_those_of_rfc_8785(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        "a\0b",
        {"é": 1},
        {1: 2},
        b"x",
        {3},
        object(),
        [[{"a": 0.5}]],
    ],
)
def test_what_has_no_single_form_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(NotCanonical, match=r"^\$\.data"):
        canonical({"data": value})


def test_tuples_and_lazy_text_become_lists_and_text() -> None:
    assert canonical({"a": (1, 2), "b": [True, None]}) == b'{"a":[1,2],"b":[true,null]}'
    with pytest.raises(NotCanonical, match="__proxy__"):
        canonical({"a": _("state")})


def test_keys_are_sorted_and_chinese_stays_chinese() -> None:
    assert canonical({"b": "风险", "a": 1, "B": 2}).decode() == '{"B":2,"a":1,"b":"风险"}'


@pytest.mark.parametrize(
    "value", [{"a": [1, None, True, "王\n\x7f"]}, {}, [], "", 2**53 - 1, {"": {"b": -1}}]
)
def test_what_was_written_is_read_again(value: object) -> None:
    assert read(canonical({"x": value})) == {"x": value}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b'{"a":1', b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}',
        b'{"a":-Infinity}', b'{"a":9007199254740992}', b'{"a":-0}', b'{"a":01}', b'{"a":"\\u0041"}', b'{"a":"\\/"}',
        b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', '{"é":1}'.encode(), b'{"a":"\xff"}', b"[" * 60_000, b"\xef\xbb\xbf{}",
        b'{"a":' + b"1" * 5000 + b"}",
    ],
)  # fmt: skip
def test_any_other_way_to_write_it_is_refused(content: bytes) -> None:
    with pytest.raises(NotCanonical):
        read(content)
