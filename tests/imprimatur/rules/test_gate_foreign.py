"""What we sign holds for programs that are not ours: securesystemslib, in-toto-attestation, openssl, a JSON schema."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from google.protobuf import json_format
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey

from imprimatur import dsse, signed, status_list
from imprimatur.attestation import writing
from imprimatur.attestation.predicate import PAYLOAD_TYPE, PREDICATE_TYPE, Check, Condition
from tests.imprimatur.gates import LEGAL, ORGANISATION, STRANGER, Place, a_place

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = a_place(tmp_path)
    checks = (Check("environment", one_of=("staging",)),)
    place.decide(
        ORGANISATION, LEGAL, conditions=[Condition("C1", "Staging.", "open", True, "2026-12-31", checks)]
    )
    return place


def envelopes(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line)["dsseEnvelope"] for line in path.read_text().splitlines()]


def their_key(key: dsse.PrivateKey) -> SSlibKey:
    public = dsse.public_of(key)
    their = load_der_public_key(public.der)
    return SSlibKey.from_crypto(their, keyid=public.id)


def test_securesystemslib_verifies_each_line_by_its_key(place: Place) -> None:
    for envelope, key in zip(envelopes(place.decision), (ORGANISATION, LEGAL), strict=True):
        theirs = Envelope.from_dict(envelope)
        assert list(theirs.verify([their_key(key)], 1)) == [dsse.public_of(key).id]
        with pytest.raises(VerificationError):
            theirs.verify([their_key(STRANGER)], 1)
        theirs.payload += b" "
        with pytest.raises(VerificationError):
            theirs.verify([their_key(key)], 1)


def test_securesystemslib_verifies_the_status_list(place: Place) -> None:
    (envelope,) = envelopes(place.status)
    assert envelope["payloadType"] == status_list.PAYLOAD_TYPE
    assert Envelope.from_dict(envelope).verify([their_key(ORGANISATION)], 1)


def test_what_securesystemslib_signs_opens_our_gate(place: Place) -> None:
    place.decide()
    signer = CryptoSigner(ORGANISATION, their_key(ORGANISATION))
    theirs = Envelope(signed.read(place.decision.read_bytes()).payload, PAYLOAD_TYPE, {})
    theirs.sign(signer)
    bundle = json.loads(place.decision.read_text())
    bundle["dsseEnvelope"] = theirs.to_dict()
    place.decision.write_text(json.dumps(bundle))
    assert place.judge().reasons == []


def test_in_toto_reads_the_statement(place: Place) -> None:
    payload = base64.b64decode(envelopes(place.decision)[0]["payload"])
    statement = Statement.copy_from_pb(json_format.Parse(payload, Message()))
    statement.validate()
    assert statement.pb.predicate_type == PREDICATE_TYPE
    (subject,) = statement.pb.subject
    assert len(subject.digest["sha256"]) == 64
    assert statement.pb.predicate["reference"] == "IMP-2026-0042"


def test_openssl_verifies_the_signature(place: Place, tmp_path: Path) -> None:
    envelope = envelopes(place.decision)[0]
    (tmp_path / "key.pem").write_text(dsse.public_of(ORGANISATION).pem())
    (tmp_path / "signature").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    payload = base64.b64decode(envelope["payload"])
    message = tmp_path / "message"
    message.write_bytes(dsse.pae(envelope["payloadType"], payload))
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Verified OK\n")
    message.write_bytes(dsse.pae(status_list.PAYLOAD_TYPE, payload))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def schema(name: str) -> "jsonschema_rs.Validator":
    return jsonschema_rs.validator_for(json.loads((DOCS / "schemas" / name).read_text()))


def test_the_schemas_of_the_guide_hold_for_what_we_sign(place: Place) -> None:
    decision, listed = schema("release-decision-v1.json"), schema("status-list-v1.json")
    statement = json.loads(signed.read(place.decision.read_bytes()).payload)
    assert list(decision.iter_errors(statement)) == []
    assert list(listed.iter_errors(json.loads(signed.read(place.status.read_bytes()).payload))) == []
    statement["predicate"]["outcome"] = "maybe"
    assert not decision.is_valid(statement)
    del statement["predicate"]
    assert not decision.is_valid(statement)


def test_the_statement_is_the_same_each_time() -> None:
    from tests.imprimatur.gates import a_decision  # noqa: PLC0415

    assert writing.statement(a_decision("a" * 64)) == writing.statement(a_decision("a" * 64))
