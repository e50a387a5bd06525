"""The header of a safetensors file: parameters and tensors as it gives them, and what is refused."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprimatur.cards.reading import read
from imprimatur.cards.safetensors_header import LARGEST_HEADER
from imprimatur.cards.stated import Card, CardFault, Reason


def tensor(begins: int, ends: int, dtype: str = "F32", shape: list[int] | None = None) -> dict[str, Any]:
    return {
        "dtype": dtype,
        "shape": [(ends - begins) // 4] if shape is None else shape,
        "data_offsets": [begins, ends],
    }


def written(header: Any, weights: int, length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + bytes(weights)


def card_of(header: Any, weights: int, name: str = "model.safetensors", **more: Any) -> Card:
    return read(io.BytesIO(written(header, weights)), name, **more)


def said(card: Card) -> dict[str, str]:
    return {stated.field: stated.text for stated in card.stated}


def test_parameters_are_counted_without_positions_and_masks() -> None:
    header = {
        "__metadata__": {"format": "pt", "modelspec.license": "MIT"},
        "b": tensor(0, 8), "a": tensor(8, 20, "BF16", [2, 3]), "ids": tensor(20, 36, "I64", [1, 2]),
    }  # fmt: skip
    card = card_of(header, 36)
    assert said(card) == {
        "dtypes": "- BF16\n- F32\n- I64", "parameters": "8", "tensors": "3", "tensor_bytes": "36", "license": "MIT",
    }  # fmt: skip
    assert card.of("parameters")[0].quote == "BF16: 6 (1 tensors); F32: 2 (1 tensors); I64: 2 (1 tensors)"
    assert [str(place) for place in card.unread] == ["__metadata__, format"]


def test_packed_weights_have_no_count_and_say_why() -> None:
    card = card_of({"a": tensor(0, 8, "U8", [8]), "scale": tensor(8, 12)}, 12)
    assert "parameters" not in said(card)
    assert [doubt.reason for doubt in card.doubts] == [Reason.PACKED_NUMBERS]


def test_one_file_of_several_does_not_state_the_parameters_of_the_model() -> None:
    fields = said(card_of({"a": tensor(0, 8)}, 8, "model-00001-of-00004.safetensors"))
    assert fields["parameters_of_part"] == "2"
    assert "parameters" not in fields


def test_the_beginning_of_a_large_file_is_enough() -> None:
    header = {"a": tensor(0, 4 * 10**12)}
    start = written(header, 0)
    assert said(read(io.BytesIO(start), "model.safetensors", len(start) + 4 * 10**12))["parameters"] == str(
        10**12
    )
    with pytest.raises(CardFault) as caught:
        read(io.BytesIO(start), "model.safetensors")
    assert caught.value.reason == Reason.OFFSETS_BEYOND


def test_an_index_states_what_it_says_about_the_whole() -> None:
    index = {
        "metadata": {"total_size": 16},
        "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "x"},
    }
    card = read(io.BytesIO(json.dumps(index).encode()), "model.safetensors.index.json")
    assert said(card) == {"tensor_bytes": "16", "tensors": "2"}
    index["metadata"] = {"total_size": 16, "total_parameters": 4}
    assert said(read(io.BytesIO(json.dumps(index).encode()), "i.json"))["parameters"] == "4"


GOOD = {"a": tensor(0, 8)}


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", "", Reason.HEADER_MISSING),
        (b"1234567", "", Reason.HEADER_MISSING),
        (written(b"", 8), "tensor header", Reason.HEADER_EMPTY),
        (written(GOOD, 8, 2**63), "tensor header", Reason.HEADER_BEYOND),
        (written(GOOD, 8, 10_000), "tensor header", Reason.HEADER_BEYOND),
        (written(b"{}", LARGEST_HEADER, LARGEST_HEADER + 1), "tensor header", Reason.HEADER_TOO_LARGE),
        (written(b"[]", 0), "tensor header", Reason.NO_OBJECT),
        (written(b'{"a": NaN}', 0), "line 1, a", Reason.NO_NUMBER),
        (written(b'{"a": 1, "a": 2}', 0), "line 1, a", Reason.DUPLICATE_KEY),
        (written(b"\xff\xff", 0), "line 1", Reason.NOT_UTF8),
        (written({"a": tensor(0, 8), "b": tensor(4, 12)}, 12), "b", Reason.OFFSETS_OVERLAP),
        (written({"a": tensor(0, 8), "b": tensor(0, 8)}, 8), "b", Reason.OFFSETS_OVERLAP),
        (written({"a": tensor(8, 0, shape=[2])}, 8), "a", Reason.OFFSETS_REVERSED),
        (written({"a": tensor(4, 12)}, 12), "a", Reason.OFFSETS_GAP),
        (written({"a": tensor(0, 8)}, 4), "a", Reason.OFFSETS_BEYOND),
        (written({"a": tensor(0, 8, shape=[3])}, 8), "a", Reason.SIZE_DIFFERS),
        (written({"a": tensor(0, 8, shape=[2**62, 2**62])}, 8), "a", Reason.SIZE_DIFFERS),
        (written({"a\nb": tensor(0, 8)}, 8), "a\\nb", Reason.TENSOR_NAME),
        (written({"a\tb": tensor(0, 8)}, 8), "a\\tb", Reason.TENSOR_NAME),
        (written({"a": tensor(0, 8, "f32")}, 8), "a", Reason.TENSOR_SHAPE),
        (written({"a": tensor(0, 8, shape=[-2])}, 8), "a", Reason.TENSOR_SHAPE),
        (written({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, 4), "a", Reason.TENSOR_SHAPE),
        (written({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}, 4), "a", Reason.TENSOR_OFFSETS),
        (written({"a": {"dtype": "F32", "shape": [1]}}, 4), "a", Reason.TENSOR_OFFSETS),
        (written({"a": 7}, 4), "a", Reason.TENSOR_SHAPE),
        (written({"__metadata__": {"format": 1}}, 0), "__metadata__, format", Reason.METADATA_NO_TEXT),
        (written({"__metadata__": "pt"}, 0), "__metadata__", Reason.METADATA_NO_TEXT),
    ],
)  # fmt: skip
def test_a_header_that_is_hostile_or_broken_is_refused_and_names_the_tensor(
    data: bytes, place: str, reason: Reason
) -> None:
    with pytest.raises(CardFault) as caught:
        read(io.BytesIO(data), "model.safetensors")
    assert (str(caught.value.place), caught.value.reason) == (place, reason)


def test_a_file_of_another_kind_is_refused() -> None:
    for name in ("weights.bin", "card.pdf"):
        with pytest.raises(CardFault) as caught:
            read(io.BytesIO(b"%PDF"), name)
        assert caught.value.reason == Reason.UNKNOWN_KIND


STARTS = st.sampled_from([b"0", b'{"a":', b'{"a":{"dtype":"F32","shape":[1],"data_offsets":', b"{}"])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120), STARTS)
def test_whatever_the_bytes_are_the_outcome_is_a_card_or_a_fault(data: bytes, start: bytes) -> None:
    for whole in (data, written(start + data, 8)):
        with suppress(CardFault):
            assert read(io.BytesIO(whole), "model.safetensors")
