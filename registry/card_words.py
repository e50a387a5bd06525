"""Words for what is read from model cards, dataset metadata and headers of safetensors files."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from imprimatur.cards.stated import Doubt, Kind, Place, Reason
from imprimatur.dossier.facts import StatedFact
from registry.models import ModelVersion

KINDS: dict[Kind, StrOrPromise] = {
    Kind.MODEL_CARD: gettext_lazy("Model card"),
    Kind.CROISSANT: gettext_lazy("Croissant metadata"),
    Kind.SAFETENSORS: gettext_lazy("Safetensors header"),
}

REASONS: dict[Reason, StrOrPromise] = {
    Reason.EMPTY: gettext_lazy("there is nothing in it"),
    Reason.TOO_LARGE: gettext_lazy("the file is larger than {limit}, so it is not read"),
    Reason.NOT_UTF8: gettext_lazy("the text is not UTF-8; save it in that encoding"),
    Reason.CONTROL_CHARACTER: gettext_lazy("there is a control character (U+{code}); take it out"),
    Reason.LONE_SURROGATE: gettext_lazy("half of a surrogate pair stands alone; it is no character"),
    Reason.UNKNOWN_KIND: gettext_lazy(
        "it is no model card (.md), no Croissant metadata (.json) and no safetensors file"
    ),
    Reason.TOO_DEEP: gettext_lazy("values are nested more than {limit} deep"),
    Reason.TOO_MANY: gettext_lazy("there are more than {limit} values"),
    Reason.DUPLICATE_KEY: gettext_lazy(
        "the key stands here a second time; which of both holds can't be told"
    ),
    Reason.NO_CLOSING: gettext_lazy(
        "the header begins here with --- and never ends; close it with a line ---"
    ),
    Reason.HEADER_TOO_LARGE: gettext_lazy("the header is larger than {limit}, so it is not read"),
    Reason.HEADER_NO_MAPPING: gettext_lazy("the header is no list of keys with values, as in “license: mit”"),
    Reason.NOT_YAML: gettext_lazy(
        "the header is no valid YAML from here on; a text with a colon needs quotation marks"
    ),
    Reason.TAB: gettext_lazy("the line is indented with a tab; YAML takes blanks only"),
    Reason.ALIAS: gettext_lazy("anchors and aliases (& and *) are not read; write the value out"),
    Reason.TAG: gettext_lazy("tags (!) are not read; leave the tag out"),
    Reason.KEY_NO_TEXT: gettext_lazy("the key is no text"),
    Reason.SECOND_DOCUMENT: gettext_lazy("a second YAML document begins here; a card has one"),
    Reason.NOT_JSON: gettext_lazy("it is no valid JSON from here on"),
    Reason.NO_NUMBER: gettext_lazy("NaN and Infinity are no JSON"),
    Reason.NUMBER_TOO_LARGE: gettext_lazy("the number is too large"),
    Reason.NO_OBJECT: gettext_lazy("there is no JSON object, as in “{{…}}”"),
    Reason.NO_DATASET: gettext_lazy("the JSON describes no dataset: “@type” is not Dataset"),
    Reason.HEADER_MISSING: gettext_lazy(
        "the file is shorter than the eight bytes that begin a safetensors file"
    ),
    Reason.HEADER_EMPTY: gettext_lazy("the header has the length 0"),
    Reason.HEADER_BEYOND: gettext_lazy("the header would be {length} bytes long, more than the file has"),
    Reason.TENSOR_NAME: gettext_lazy("the name of the tensor has a control character"),
    Reason.TENSOR_SHAPE: gettext_lazy("dtype or shape of the tensor are no dtype and no shape"),
    Reason.TENSOR_OFFSETS: gettext_lazy("the tensor has no pair of offsets"),
    Reason.OFFSETS_REVERSED: gettext_lazy("the tensor ends before it begins"),
    Reason.OFFSETS_OVERLAP: gettext_lazy("the tensor shares bytes with “{other}”"),
    Reason.OFFSETS_GAP: gettext_lazy("there are bytes before the tensor that belong to none"),
    Reason.OFFSETS_BEYOND: gettext_lazy("the tensor ends after the end of the file"),
    Reason.SIZE_DIFFERS: gettext_lazy("the tensor has another number of bytes than its shape and dtype need"),
    Reason.METADATA_NO_TEXT: gettext_lazy("a value of the metadata is no text"),
    Reason.NO_INDEX: gettext_lazy("it is no index of safetensors files: “weight_map” is missing"),
    Reason.LEFT_OPEN: gettext_lazy("the author left it open"),
    Reason.NO_TEXT: gettext_lazy("it is neither a text nor a list of texts, so it is left out"),
    Reason.RESULT_INCOMPLETE: gettext_lazy("the result names no dataset or no value, so it is left out"),
    Reason.TOO_LONG: gettext_lazy("it is longer than {limit} characters, so it is left out"),
    Reason.PACKED_NUMBERS: gettext_lazy(
        "weights are packed into whole numbers ({dtypes}), so parameters can't be counted"
    ),
    Reason.COMMENT_OPEN: gettext_lazy(
        "a comment begins here with <!-- and never ends; what follows it is not read"
    ),
}


def unlike_in_words(version: ModelVersion, fact: StatedFact) -> str:
    """Return what a file states and what the version was registered with, as a sentence."""
    registered = {
        "licence": version.licence,
        "base_model": version.base_model,
        "relation": version.get_relation_display(),
        "modalities": ", ".join(version.modality_labels),
        "parameters": version.parameters_in_words,
    }[fact.field]
    stated = fact.stated.quote if fact.field == "parameters" else ", ".join(fact.stated.values)
    values = {"stated": stated, "registered": registered or _("nothing")}
    sentence = {
        "licence": _("It states the licence {stated}; the version is registered with {registered}."),
        "base_model": _("It states the base model {stated}; the version is registered with {registered}."),
        "relation": _(
            "It states {stated} as relation to the base model; the version is registered as {registered}."
        ),
        "modalities": _("It states the task {stated}; the version is registered with {registered}."),
        "parameters": _("It counts parameters, {stated}; the version is registered with {registered}."),
    }[fact.field]
    return sentence.format(**values)


def place_in_words(place: Place) -> str:
    """Return where something stands: "line 12, license"; nothing for a file as a whole."""
    name = _("tensor header") if place.name == "tensor header" else place.name
    if place.line and name:
        return _("line {line}, {name}").format(line=place.line, name=name)
    return _("line {line}").format(line=place.line) if place.line else name


def doubt_in_words(doubt: Doubt) -> str:
    """Return where and why something is not read: "line 3, license: the key stands here a second time; …"."""
    reason = str(REASONS[doubt.reason]).format(**doubt.params)
    place = place_in_words(doubt.place)
    return _("{place}: {reason}").format(place=place, reason=reason) if place else reason
