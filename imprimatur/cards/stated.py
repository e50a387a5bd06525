"""What a file states about a model or a dataset and where, and why a file or a part of it is not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_QUOTE = 400


class Kind(StrEnum):
    """What a file is."""

    MODEL_CARD = "model_card"
    CROISSANT = "croissant"
    SAFETENSORS = "safetensors"


class Reason(StrEnum):
    """Why a file, or a part of it, is not read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    CONTROL_CHARACTER = "control_character"
    LONE_SURROGATE = "lone_surrogate"
    UNKNOWN_KIND = "unknown_kind"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    DUPLICATE_KEY = "duplicate_key"
    NO_CLOSING = "no_closing"
    HEADER_TOO_LARGE = "header_too_large"
    HEADER_NO_MAPPING = "header_no_mapping"
    NOT_YAML = "not_yaml"
    TAB = "tab"
    ALIAS = "alias"
    TAG = "tag"
    KEY_NO_TEXT = "key_no_text"
    SECOND_DOCUMENT = "second_document"
    NOT_JSON = "not_json"
    NO_NUMBER = "no_number"
    NUMBER_TOO_LARGE = "number_too_large"
    NO_OBJECT = "no_object"
    NO_DATASET = "no_dataset"
    HEADER_MISSING = "header_missing"
    HEADER_EMPTY = "header_empty"
    HEADER_BEYOND = "header_beyond"
    TENSOR_NAME = "tensor_name"
    TENSOR_SHAPE = "tensor_shape"
    TENSOR_OFFSETS = "tensor_offsets"
    OFFSETS_REVERSED = "offsets_reversed"
    OFFSETS_OVERLAP = "offsets_overlap"
    OFFSETS_GAP = "offsets_gap"
    OFFSETS_BEYOND = "offsets_beyond"
    SIZE_DIFFERS = "size_differs"
    METADATA_NO_TEXT = "metadata_no_text"
    NO_INDEX = "no_index"
    LEFT_OPEN = "left_open"
    NO_TEXT = "no_text"
    RESULT_INCOMPLETE = "result_incomplete"
    TOO_LONG = "too_long"
    PACKED_NUMBERS = "packed_numbers"
    COMMENT_OPEN = "comment_open"


EXPLANATIONS = {
    Reason.EMPTY: "there is nothing in it",
    Reason.TOO_LARGE: "the file is larger than {limit}, so it is not read",
    Reason.NOT_UTF8: "the text is not UTF-8; save it in that encoding",
    Reason.CONTROL_CHARACTER: "there is a control character (U+{code}); take it out",
    Reason.LONE_SURROGATE: "half of a surrogate pair stands alone; it is no character",
    Reason.UNKNOWN_KIND: "it is no model card (.md), no Croissant metadata (.json) and no safetensors file",
    Reason.TOO_DEEP: "values are nested more than {limit} deep",
    Reason.TOO_MANY: "there are more than {limit} values",
    Reason.DUPLICATE_KEY: "the key stands here a second time; which of both holds can't be told",
    Reason.NO_CLOSING: "the header begins here with --- and never ends; close it with a line ---",
    Reason.HEADER_TOO_LARGE: "the header is larger than {limit}, so it is not read",
    Reason.HEADER_NO_MAPPING: "the header is no list of keys with values, as in “license: mit”",
    Reason.NOT_YAML: "the header is no valid YAML from here on; a text with a colon needs quotation marks",
    Reason.TAB: "the line is indented with a tab; YAML takes blanks only",
    Reason.ALIAS: "anchors and aliases (& and *) are not read; write the value out",
    Reason.TAG: "tags (!) are not read; leave the tag out",
    Reason.KEY_NO_TEXT: "the key is no text",
    Reason.SECOND_DOCUMENT: "a second YAML document begins here; a card has one",
    Reason.NOT_JSON: "it is no valid JSON from here on",
    Reason.NO_NUMBER: "NaN and Infinity are no JSON",
    Reason.NUMBER_TOO_LARGE: "the number is too large",
    Reason.NO_OBJECT: "there is no JSON object, as in “{{…}}”",
    Reason.NO_DATASET: "the JSON describes no dataset: “@type” is not Dataset",
    Reason.HEADER_MISSING: "the file is shorter than the eight bytes that begin a safetensors file",
    Reason.HEADER_EMPTY: "the header has the length 0",
    Reason.HEADER_BEYOND: "the header would be {length} bytes long, more than the file has",
    Reason.TENSOR_NAME: "the name of the tensor has a control character",
    Reason.TENSOR_SHAPE: "dtype or shape of the tensor are no dtype and no shape",
    Reason.TENSOR_OFFSETS: "the tensor has no pair of offsets",
    Reason.OFFSETS_REVERSED: "the tensor ends before it begins",
    Reason.OFFSETS_OVERLAP: "the tensor shares bytes with “{other}”",
    Reason.OFFSETS_GAP: "there are bytes before the tensor that belong to none",
    Reason.OFFSETS_BEYOND: "the tensor ends after the end of the file",
    Reason.SIZE_DIFFERS: "the tensor has another number of bytes than its shape and dtype need",
    Reason.METADATA_NO_TEXT: "a value of the metadata is no text",
    Reason.NO_INDEX: "it is no index of safetensors files: “weight_map” is missing",
    Reason.LEFT_OPEN: "the author left it open",
    Reason.NO_TEXT: "it is neither a text nor a list of texts, so it is left out",
    Reason.RESULT_INCOMPLETE: "the result names no dataset or no value, so it is left out",
    Reason.TOO_LONG: "it is longer than {limit} characters, so it is left out",
    Reason.PACKED_NUMBERS: "weights are packed into whole numbers ({dtypes}), so parameters can't be counted",
    Reason.COMMENT_OPEN: "a comment begins here with <!-- and never ends; what follows it is not read",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a line from 1 (0 where lines mean nothing) and the name of what stands there."""

    line: int = 0
    name: str = ""

    def __str__(self) -> str:
        parts = [f"line {self.line}"] if self.line else []
        return ", ".join([*parts, self.name] if self.name else parts)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a file that is left out, and why."""

    place: Place
    reason: Reason
    params: Mapping[str, str]

    def __str__(self) -> str:
        sentence = EXPLANATIONS[self.reason].format(**self.params)
        return f"{self.place}: {sentence}" if self.place != Place() else sentence


class CardFault(ValueError):  # noqa: N818  (it's an answer about somebody's file)
    """The file is not read: `doubt` says where and why."""

    def __init__(self, place: Place, reason: Reason, **params: object) -> None:
        self.doubt = Doubt(place, reason, {key: str(value) for key, value in params.items()})
        super().__init__(str(self.doubt))

    @property
    def place(self) -> Place:
        """Return where."""
        return self.doubt.place

    @property
    def reason(self) -> Reason:
        """Return why."""
        return self.doubt.reason


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that a file says: field, value as it stands (several: a list in the file), where, and the words."""

    field: str
    value: str | tuple[str, ...]
    place: Place
    quote: str

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values, one or several."""
        return (self.value,) if isinstance(self.value, str) else self.value

    @property
    def text(self) -> str:
        """Return the value as Markdown: one as it stands, several as a list."""
        if len(self.values) == 1:
            return self.values[0]
        return "\n".join("- " + value.replace("\n", "\n  ") for value in self.values)


@dataclass(frozen=True, slots=True)
class Card:
    """What was read from a file: what it states, what of it no field takes up, and what was left out."""

    kind: Kind
    stated: tuple[Stated, ...]
    unread: tuple[Place, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def of(self, field: str) -> tuple[Stated, ...]:
        """Return everything that is stated about the field, in the order of the file."""
        return tuple(stated for stated in self.stated if stated.field == field)


def quoted(text: str) -> str:
    """Return the beginning of a text, as much as is quoted."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
