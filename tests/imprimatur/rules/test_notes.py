"""Signed notes, checkpoints, cosignatures and proofs, against published examples and against what was changed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imprimatur.tlog.checkpoint import Checkpoint, CosignatureVerifier, Cosigner, moment_of
from imprimatur.tlog.note import NotANote, Note, Signer, Verifier, signed
from imprimatur.tlog.proof import InclusionProof
from imprimatur.tlog.tree import ProofFailed, leaf_hash, node_hash

# The example that implementations of signed notes are compared with.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
# The example of C2SP, tlog-cosignature.
SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
LOG = Signer("example.org/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = Cosigner("witness.example.org", Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
ROOT = base64.b64encode(bytes(32)).decode()
HEAD = Checkpoint("example.org/log", 2, node_hash(leaf_hash(b"a"), leaf_hash(b"b")))


def note_of(head: Checkpoint = HEAD) -> str:
    text = head.text()
    return signed(text, [LOG.sign(text), WITNESS.cosign(text, 1_679_315_147)])


def test_the_published_note_is_good_and_one_letter_more_makes_it_bad() -> None:
    verifier = Verifier.parse(NEUMANN)
    assert Note.parse(SAYING).verified_by([verifier]) == [verifier]
    assert str(verifier) == NEUMANN
    assert str(Note.parse(SAYING)) == SAYING
    with pytest.raises(NotANote, match="signature of PeterNeumann is wrong"):
        Note.parse(SAYING.replace("If", "Iff")).verified_by([verifier])


def test_the_published_checkpoint_is_read() -> None:
    note = Note.parse(SOFA)
    head = Checkpoint.parse(note.text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.text() == note.text
    assert moment_of(note.lines[1]) == 1_679_315_147
    assert note.lines[1].key_id.hex() == "8d66cf3f"


def test_a_witness_signs_the_text_with_its_moment() -> None:
    note, verifier = Note.parse(note_of()), CosignatureVerifier.parse(WITNESS.vkey)
    assert note.verified_by([LOG.verifier, verifier]) == [LOG.verifier, verifier]
    later = bytearray(note.lines[1].signature)
    later[7] ^= 1
    line = type(note.lines[1])(note.lines[1].name, note.lines[1].key_id, bytes(later))
    with pytest.raises(NotANote, match=r"witness\.example\.org is wrong"):
        Note.parse(signed(note.text, [line])).verified_by([verifier])
    assert Note.parse(signed(note.text, [note.lines[0]])).verified_by([verifier]) == []


@pytest.mark.parametrize(
    "vkey",
    ["", "name", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN.replace("Peter", "Petra"), WITNESS.vkey, "a+b+c",
     NEUMANN[:-4], " +c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"],
)  # fmt: skip
def test_what_is_no_key_of_a_log_is_refused(vkey: str) -> None:
    with pytest.raises(NotANote):
        Verifier.parse(vkey)


@pytest.mark.parametrize(
    "content",
    ["", "text\n", "text\n\n", "text\n\nno signature\n", SAYING[:-1], SAYING.replace("— ", "- "), SAYING + "\n",
     SAYING.replace("If", "I\0f"), SAYING.encode("utf-16"), "text\n\n— a eA==\n", "text\n\n— a b!\n"],
)  # fmt: skip
def test_what_is_no_note_is_refused(content: str | bytes) -> None:
    with pytest.raises(NotANote):
        Note.parse(content)


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", f"\n1\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n", f"a\n1\n{ROOT[4:]}\n",
     "a\n1\nnot base64\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        Checkpoint.parse(text)


def test_a_proof_in_a_file_is_checked_alone() -> None:
    proof = InclusionProof(1, [leaf_hash(b"a")], note_of(), extra=b"anything")
    text = proof.render()
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra YW55dGhpbmc=\nindex 1\n")
    read = InclusionProof.parse(text)
    assert read == proof
    assert read.check(b"b", [LOG.verifier]) == HEAD
    with pytest.raises(ProofFailed, match="doesn't lead to the root"):
        read.check(b"c", [LOG.verifier])
    with pytest.raises(ProofFailed, match="None of the keys"):
        read.check(b"b", [Verifier.parse(NEUMANN)])
    with pytest.raises(ProofFailed, match="is wrong"):
        InclusionProof.parse(text.replace("\n2\n", "\n3\n")).check(b"b", [LOG.verifier])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 1", "index -1"),
        ("index 1", "place 1"),
        ("\n\n", "\n"),
        ("index 1\n", "index 1\nAAAA\n"),
    ],
)
def test_what_is_no_proof_is_refused(old: str, new: str) -> None:
    text = InclusionProof(1, [leaf_hash(b"a")], note_of()).render()
    with pytest.raises(ProofFailed):
        InclusionProof.parse(text.replace(old, new, 1) if old != "\n\n" else text.replace(old, new))
