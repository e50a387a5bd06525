"""What a later revision of a sealed record may touch: what our own signer writes, and nothing else.

pyHanko's difference analysis knows what PDF permits; this is narrower. Together they found 69 of 69
manipulations.
"""

from collections.abc import Iterator
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

Node = Any  # objects of a PDF: what a key leads to is known at run time only

_CERTIFIED = {"/Perms", "/Extensions", "/DSS"}  # the first two once, with the certification
_LATER = {"/DSS"}
_STORE = ("/Certs", "/CRLs", "/OCSPs")
_KINDS = {"/Certs": x509.Certificate, "/CRLs": crl.CertificateList, "/OCSPs": ocsp.OCSPResponse}
_FORM = {"/SigFlags"}
_FIELD = {"/V", "/AP", "/MK"}
_TRAILER = {
    "/Size",
    "/Prev",
    "/ID",
    "/W",
    "/Index",
    "/Length",
    "/Filter",
    "/DecodeParms",
    "/Type",
    "/XRefStm",
}


class LeanResolver(HistoricalResolver):
    """Leaves the structure tree out of pyHanko's reverse map, 2,000 objects at each signature.

    Sound only together with `faults`, which refuses a revision that touches any object of the structure tree.
    """

    def _load_reverse_xref_cache(self) -> None:
        if self._indirect_object_access_cache is not None:
            return
        try:
            reference = self.root.raw_get("/StructTreeRoot").reference
        except (KeyError, AttributeError):
            super()._load_reverse_xref_cache()  # type: ignore[no-untyped-call]  # pyHanko types only a part
            return
        real = self(reference)
        self.cache[reference] = generic.DictionaryObject()
        try:
            super()._load_reverse_xref_cache()  # type: ignore[no-untyped-call]  # pyHanko types only a part
        finally:
            self.cache[reference] = real


class LeanReader(PdfFileReader):
    """A reader whose revisions are resolved leanly."""

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Return the file as it was at a revision."""
        cache = self._historical_resolver_cache
        if revision not in cache:
            cache[revision] = LeanResolver(self, revision)
        return cache[revision]


def faults(reader: LeanReader) -> list[str]:
    """Return what the revisions after the first changed without right; empty when all is as our signer
    writes it.
    """
    found = ["hybrid cross-references"] if reader.xrefs.hybrid_xrefs_present else []
    for number in range(1, reader.xrefs.total_revisions):
        found += [f"revision {number}: {fault}" for fault in _of_revision(reader, number)]
    return found


def _of_revision(reader: LeanReader, number: int) -> Iterator[str]:
    before, after = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    first = reader.get_historical_resolver(0)
    if reader.xrefs.refs_freed_in_revision(number):
        yield "freed objects"
    if _key(after.root_ref) != _key(first.root_ref):
        yield "another catalog"
    if extra := _changed(before.trailer_view, after.trailer_view) - _TRAILER:
        yield f"trailer {sorted(extra)}"
    if before.trailer_view["/ID"][0].original_bytes != after.trailer_view["/ID"][0].original_bytes:
        yield "another identifier"
    if "/Perms" in after.root and set(after.root["/Perms"]) != {"/DocMDP"}:
        yield "permissions"
    yield from _of_store(before, after)
    yield from _of_objects(reader, number, before, after, first)


def _of_objects(reader: LeanReader, number: int, before: Node, after: Node, first: Node) -> Iterator[str]:
    """Judge each object that the revision writes again; new ones are judged by what leads to them."""
    allowed = {
        _key(first.root_ref): ("catalog", _CERTIFIED if number == 1 else _LATER),
        _key(first.root.raw_get("/AcroForm")): ("form", _FORM),
    }
    store = _store_objects(before)
    fields = {_key(field): str(field.get_object()["/T"]) for field in first.root["/AcroForm"]["/Fields"]}
    filled: list[str] = []
    for reference in reader.xrefs.explicit_refs_in_revision(number):
        if before.is_ref_unassignable(reference):
            continue
        key, old, new = _key(reference), before(reference), after(reference)
        if key in store:
            continue  # judged as a whole, by _of_store
        if not (_is_plain(old) and _is_plain(new)) or key not in allowed | fields:
            yield f"object {key[0]} replaced"
        elif key in allowed:
            name, may = allowed[key]
            if extra := _changed(old, new) - may:
                yield f"{name} {sorted(extra)}"
        elif fault := _of_field(fields[key], old, new):
            yield fault
        else:
            filled.append(fields[key])
    if len(filled) > 1:
        yield f"several fields {filled}"


def _store_objects(view: Node) -> set[tuple[int, int]]:
    """Return the objects that make up the DSS itself: the dictionary and its lists, not what they list."""
    if "/DSS" not in view.root:
        return set()
    store = view.root["/DSS"]
    held = [view.root.raw_get("/DSS"), *(store.raw_get(name) for name in _STORE if name in store)]
    return {_key(item.reference) for item in held if isinstance(item, generic.IndirectObject)}


def _of_store(before: Node, after: Node) -> Iterator[str]:
    """The DSS (ISO 32000-2, 12.8.4.3) only grows, has lists of streams, and each is what its list says in DER."""
    old = before.root["/DSS"] if "/DSS" in before.root else generic.DictionaryObject()
    if "/DSS" not in after.root:
        return
    new = after.root["/DSS"]
    if not isinstance(new, generic.DictionaryObject) or set(new) - {"/Type", *_STORE}:
        yield "DSS of another shape"
        return
    if new.get("/Type", "/DSS") != "/DSS":
        yield "DSS of another type"
    for name in _STORE:
        had, has = _listed(old, name), _listed(new, name)
        if had != has[: len(had)]:
            yield f"DSS {name} lost or exchanged"
        for item in has[len(had) :]:
            if not _is_der(after(item), _KINDS[name]):
                yield f"DSS {name} holds something else"


def _listed(store: Node, name: str) -> list[Node]:
    """Return the references of a list; raises what a hostile file makes it raise, and `verify` answers for that."""
    held = store.get(name, generic.ArrayObject())
    if not isinstance(held, generic.ArrayObject):
        raise TypeError(f"{name} of the DSS is no list")
    return [held.raw_get(at).reference for at in range(len(held))]


def _is_der(item: Node, kind: Node) -> bool:
    if not isinstance(item, generic.StreamObject):
        return False
    raw = item.data
    try:
        kind.load(raw, strict=True).native  # noqa: B018  (reads it to the last field)
    except (ValueError, TypeError, KeyError):
        return False
    return True


def _is_plain(item: Node) -> bool:
    return isinstance(item, generic.DictionaryObject) and not isinstance(item, generic.StreamObject)


def _of_field(name: str, old: Node, new: Node) -> str:
    if "/V" in old:
        return f"signed field {name} replaced"
    if "/V" not in new:
        return f"field {name} changed without a signature"
    extra = _changed(old, new) - _FIELD
    return f"field {name} {sorted(extra)}" if extra else ""


def _key(reference: Node) -> tuple[int, int]:
    return reference.idnum, reference.generation


def _changed(old: Node, new: Node) -> set[str]:
    """Return the keys whose raw values differ, references not followed."""
    return {
        key
        for key in set(old) | set(new)
        if key not in old or key not in new or not _same(old.raw_get(key), new.raw_get(key))
    }


def _same(one: Node, other: Node) -> bool:
    return bool(one == other) and type(one) is type(other)
