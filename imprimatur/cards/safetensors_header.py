"""The header of a safetensors file: which tensors it has; the weights themselves are not read.

The format: eight bytes with the length of the header (unsigned, little-endian), the header as JSON, then the bytes of
all tensors without gaps. Each tensor has `dtype`, `shape` and `data_offsets`, counted from the end of the header.
"""

import math
import re
from dataclasses import dataclass
from typing import BinaryIO

from imprimatur.cards.located import Items, Node, Table, as_table
from imprimatur.cards.plain_text import size_in_words
from imprimatur.cards.stated import Card, CardFault, Doubt, Kind, Place, Reason, Stated, quoted
from imprimatur.cards.strict_json import read_json

LARGEST_HEADER = 16 * 1024**2
LENGTH = 8
HEADER = "tensor header"

_BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F6_E2M3": 6, "F6_E3M2": 6,
    "F4": 4, "C64": 64, "I64": 64, "U64": 64, "I32": 32, "U32": 32, "I16": 16, "U16": 16, "I8": 8, "U8": 8, "BOOL": 8,
}  # fmt: skip
_WEIGHTS = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "C64"}
_NEVER_WEIGHTS = {"I64", "U64", "BOOL", "F8_E8M0"}  # positions, masks, scales
_SHARD = re.compile(r".*-\d{5}-of-\d{5}\.safetensors", re.DOTALL)
_DTYPE = re.compile(r"[A-Z][A-Z0-9_]{0,15}")
_SPEC = {
    "modelspec.license": "license",
    "modelspec.description": "description",
    "modelspec.title": "model_name",
}
_MOST_DIMENSIONS = 32


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor: element type, number of elements, and where its bytes are."""

    name: str
    dtype: str
    count: int
    begins: int
    ends: int

    @property
    def place(self) -> Place:
        """Return where the header says it."""
        return Place(0, self.name[:120])


def read_safetensors(source: BinaryIO, size: int, name: str = "") -> Card:
    """Return what the header states; raises CardFault.

    `source` needs to have the header only; `size` is that of the whole file in bytes. `name` tells one file of several
    (`model-00001-of-00004.safetensors`): its parameters are not those of the model.
    """
    header = _header(source, size)
    metadata = header.pop("__metadata__", None)
    tensors = [_tensor(key, value) for key, value in header.items()]
    _check_bytes(tensors, size, header_length=_length_of(source))
    return _card(tensors, _metadata(metadata), is_shard=_SHARD.fullmatch(name) is not None)


def index_card(value: Node) -> Card:
    """Return what `model.safetensors.index.json` states about a model in several files; raises CardFault."""
    if not is_index(value):
        raise CardFault(Place(1), Reason.NO_INDEX)
    index = as_table(value)
    metadata, stated = as_table(index.get("metadata")), []
    for key, field in (("total_parameters", "parameters"), ("total_size", "tensor_bytes")):
        number = metadata.get(key)
        if type(number) is int and number >= 0:
            place = Place(metadata.lines[key], f"metadata.{key}")
            stated.append(Stated(field, str(number), place, f"{key}: {number}"))
    count = len(as_table(index["weight_map"]))
    stated.append(Stated("tensors", str(count), Place(index.lines["weight_map"], "weight_map"), ""))
    return Card(Kind.SAFETENSORS, tuple(stated))


def is_index(value: Node) -> bool:
    """Say whether the JSON is an index of safetensors files."""
    return isinstance(value, Table) and isinstance(value.get("weight_map"), Table)


def _length_of(source: BinaryIO) -> int:
    source.seek(0)
    return int.from_bytes(source.read(LENGTH), "little")


def _header(source: BinaryIO, size: int) -> Table:
    source.seek(0)
    start = source.read(LENGTH)
    if len(start) < LENGTH:
        raise CardFault(Place(), Reason.HEADER_MISSING)
    length = int.from_bytes(start, "little")
    if not length:
        raise CardFault(Place(0, HEADER), Reason.HEADER_EMPTY)
    if length > size - LENGTH:
        raise CardFault(Place(0, HEADER), Reason.HEADER_BEYOND, length=length)
    if length > LARGEST_HEADER:
        raise CardFault(Place(0, HEADER), Reason.HEADER_TOO_LARGE, limit=size_in_words(LARGEST_HEADER))
    content = source.read(length)
    if len(content) < length:
        raise CardFault(Place(0, HEADER), Reason.HEADER_BEYOND, length=length)
    header = read_json(content, LARGEST_HEADER)
    if not isinstance(header, Table):
        raise CardFault(Place(0, HEADER), Reason.NO_OBJECT)
    return header


def _tensor(name: str, value: Node) -> Tensor:
    place = Place(0, name[:120])
    if not name.isprintable():
        raise CardFault(Place(0, repr(name)[1:-1][:120]), Reason.TENSOR_NAME)
    given = as_table(value)
    dtype, shape, offsets = given.get("dtype"), _sizes(given.get("shape")), _sizes(given.get("data_offsets"))
    if not (isinstance(dtype, str) and _DTYPE.fullmatch(dtype)) or shape is None:
        raise CardFault(place, Reason.TENSOR_SHAPE)
    if offsets is None or len(offsets) != 2:
        raise CardFault(place, Reason.TENSOR_OFFSETS)
    return Tensor(name, dtype, math.prod(shape), offsets[0], offsets[1])


def _sizes(value: Node) -> list[int] | None:
    """Return a list of sizes or offsets, None for anything else."""
    if not isinstance(value, Items) or len(value) > _MOST_DIMENSIONS:
        return None
    sizes = [number for number in value if type(number) is int and 0 <= number < 2**63]
    return sizes if len(sizes) == len(value) else None


def _check_bytes(tensors: list[Tensor], size: int, header_length: int) -> None:
    """Refuse offsets that run backwards, share bytes, leave bytes out, or don't fit their shape or the file."""
    at, before, space = 0, "", size - LENGTH - header_length
    for tensor in sorted(tensors, key=lambda tensor: (tensor.begins, tensor.ends)):
        if tensor.ends < tensor.begins:
            raise CardFault(tensor.place, Reason.OFFSETS_REVERSED)
        if tensor.begins < at:
            raise CardFault(tensor.place, Reason.OFFSETS_OVERLAP, other=before)
        if tensor.begins > at:
            raise CardFault(tensor.place, Reason.OFFSETS_GAP)
        if tensor.ends > space:
            raise CardFault(tensor.place, Reason.OFFSETS_BEYOND)
        bits = _BITS.get(tensor.dtype)
        if bits is not None and tensor.count * bits != (tensor.ends - tensor.begins) * 8:
            raise CardFault(tensor.place, Reason.SIZE_DIFFERS)
        at, before = tensor.ends, tensor.name[:120]


def _metadata(metadata: Node) -> dict[str, str]:
    if metadata is not None and not isinstance(metadata, Table):
        raise CardFault(Place(0, "__metadata__"), Reason.METADATA_NO_TEXT)
    texts = {}
    for key, value in as_table(metadata).items():
        if not isinstance(value, str):
            raise CardFault(Place(0, f"__metadata__, {key[:80]}"), Reason.METADATA_NO_TEXT)
        texts[key] = value
    return texts


def _card(tensors: list[Tensor], metadata: dict[str, str], *, is_shard: bool) -> Card:
    counts: dict[str, tuple[int, int]] = {}
    for tensor in tensors:
        number, elements = counts.get(tensor.dtype, (0, 0))
        counts[tensor.dtype] = (number + 1, elements + tensor.count)
    place = Place(0, HEADER)
    lines = tuple(f"{dtype}: {counts[dtype][1]} ({counts[dtype][0]} tensors)" for dtype in sorted(counts))
    stated = [Stated("dtypes", tuple(sorted(counts)), place, "; ".join(lines))] if counts else []
    packed = sorted(counts.keys() - _WEIGHTS - _NEVER_WEIGHTS)
    doubts = [Doubt(place, Reason.PACKED_NUMBERS, {"dtypes": ", ".join(packed)})] if packed else []
    if counts.keys() & _WEIGHTS and not packed:
        total = sum(elements for dtype, (_number, elements) in counts.items() if dtype in _WEIGHTS)
        field = "parameters_of_part" if is_shard else "parameters"
        stated.append(Stated(field, str(total), place, "; ".join(lines)))
    stated.append(Stated("tensors", str(len(tensors)), place, "; ".join(lines)))
    stated.append(Stated("tensor_bytes", str(sum(each.ends - each.begins for each in tensors)), place, ""))
    for key, value in metadata.items():
        if value.strip() and key in _SPEC:
            stated.append(Stated(_SPEC[key], value, Place(0, f"__metadata__, {key}"), quoted(value)))
    unread = tuple(Place(0, f"__metadata__, {key[:80]}") for key in metadata if key not in _SPEC)
    return Card(Kind.SAFETENSORS, tuple(stated), unread, tuple(doubts))
