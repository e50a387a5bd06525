"""The bytes of a leaf."""

from typing import Any

import pytest
import rfc8785
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import LARGEST, NotCanonical, canonical

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
