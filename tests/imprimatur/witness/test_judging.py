"""What a witness answers, by status, and what it keeps of it."""

import base64
import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from imprimatur.tlog.checkpoint import CosignatureVerifier, moment_of
from imprimatur.tlog.note import Note
from imprimatur.witness import memory as memories
from imprimatur.witness.judging import FORK, INCONSISTENT, SIZE, SMALLER, Answer, Judge
from imprimatur.witness.memory import Memory, Refused
from imprimatur.witness.place import Place
from imprimatur.witness.submission import Submission
from imprimatur.witness.trusted import NotTrusted
from tests.imprimatur.witness.made import NOW, ORIGIN, Log, witness

STRANGER = Ed25519PrivateKey.generate()


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return witness(tmp_path, Log())


def memory(folder: Path, origin: str = ORIGIN) -> Memory:
    return Place.open(folder).memory(origin)


def size_seen(folder: Path, origin: str = ORIGIN) -> int | None:
    head = memory(folder, origin).seen()
    return head.checkpoint.size if head else None


def reasons(folder: Path) -> list[str]:
    return [item.why for item in memory(folder).refused()]


def test_what_goes_on_from_the_last_head_is_cosigned_at_the_moment_of_asking(
    judge: Judge, tmp_path: Path
) -> None:
    log = Log()
    for old, size in [(0, 1), (1, 1), (1, 7), (7, 300)]:
        answer = judge.answer(log.handed(old, size), NOW + size)
        assert answer.status == HTTPStatus.OK, answer
        note = Note.parse(str(log.note(size)) + answer.text)
        verifier = CosignatureVerifier.parse((tmp_path / "vkey").read_text())
        assert note.verified_by([verifier]) == [verifier]
        assert moment_of(note.lines[-1]) == NOW + size
        assert size_seen(tmp_path) == size
    assert reasons(tmp_path) == []


def test_the_bytes_of_a_cosignature_are_those_of_the_specification(judge: Judge, tmp_path: Path) -> None:
    """C2SP, tlog-cosignature: put together here by hand."""
    name, _key_id, encoded = (tmp_path / "vkey").read_text().strip().split("+", 2)
    public = base64.b64decode(encoded)
    answer = judge.answer(Log().handed(0, 5), NOW).text
    dash, said_name, line = answer.removesuffix("\n").split(" ")
    content = base64.b64decode(line)
    assert (dash, said_name, public[0], len(public), len(content)) == ("—", name, 4, 33, 76)
    assert content[:4] == hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    assert int.from_bytes(content[4:12], "big") == NOW
    message = f"cosignature/v1\ntime {NOW}\n{Log().note(5).text}".encode()
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(content[12:], message)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"old 0\n",
        b"old 00\n\n" + str(Log().note(1)).encode(),
        b"old -1\n\n" + str(Log().note(1)).encode(),
        b"old 0\r\n\r\n" + str(Log().note(1)).encode(),
        b"old 0\nnot base64\n\n" + str(Log().note(1)).encode(),
        b"old 0\nAAAA\n\n" + str(Log().note(1)).encode(),
        b"old 0\n"
        + b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64
        + b"\n"
        + str(Log().note(1)).encode(),
        b"old 0\n\n" + Log().head(1).text().encode(),
        b"old 0\n\nno checkpoint\n\n" + str(Log().note(1).lines[0]).encode() + b"\n",
        Log().handed(2, 1),
    ],
)
def test_400_what_is_no_request_and_an_old_size_above_the_new_one(
    judge: Judge, tmp_path: Path, body: bytes
) -> None:
    assert judge.answer(body, NOW).status == HTTPStatus.BAD_REQUEST
    assert size_seen(tmp_path) is None


def test_403_what_no_trusted_key_signed(judge: Judge, tmp_path: Path) -> None:
    stranger = Log(key=STRANGER)
    assert judge.answer(stranger.handed(0, 3), NOW).status == HTTPStatus.FORBIDDEN
    good = Log().note(3)
    moved = Submission(0, [], Note(Log().note(4).text, good.lines))
    assert judge.answer(moved.render(), NOW).status == HTTPStatus.FORBIDDEN
    assert size_seen(tmp_path) is None


def test_404_a_log_that_the_witness_does_not_know(judge: Judge, tmp_path: Path) -> None:
    other = Log("other.example/log")
    assert judge.answer(other.handed(0, 3), NOW).status == HTTPStatus.NOT_FOUND
    assert size_seen(tmp_path, other.origin) is None


def test_409_an_old_size_that_is_not_what_the_witness_has_and_the_answer_says_what_it_has(
    judge: Judge, tmp_path: Path
) -> None:
    log = Log()
    judge.answer(log.handed(0, 5), NOW)
    for old, size in [(0, 9), (4, 9), (6, 9), (0, 5)]:
        assert judge.answer(log.handed(old, size), NOW) == Answer(HTTPStatus.CONFLICT, "5\n", SIZE)
    assert size_seen(tmp_path) == 5
    assert reasons(tmp_path) == []  # whoever asks without knowing is no forger


def test_409_another_root_for_the_same_size_and_both_signed_notes_are_kept(
    judge: Judge, tmp_path: Path
) -> None:
    log, fork = Log(), Log(rewritten=3)
    judge.answer(log.handed(0, 5), NOW)
    for _again in range(2):
        assert judge.answer(fork.handed(5, 5), NOW + 60) == Answer(HTTPStatus.CONFLICT, "5\n", SIZE)
    [kept] = memory(tmp_path).refused()
    assert (kept.why, kept.at) == (FORK, NOW + 60)
    content = json.loads(kept.path.read_text())
    for note, of in [(content["held"], log), (content["refused"], fork)]:
        assert Note.parse(note).verified_by([log.signer.verifier]) == [log.signer.verifier]
        assert Note.parse(note).text == of.head(5).text()
    assert judge.answer(log.handed(5, 8), NOW + 120).status == HTTPStatus.OK


def test_a_fork_further_back_is_proven_from_the_history(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    sizes = [*range(1, 60, 10), 71, 100, 101]
    for old, size in zip([0, *sizes], sizes, strict=False):
        assert judge.answer(log.handed(old, size), NOW).status == HTTPStatus.OK
    assert judge.answer(log.handed(11, 11), NOW).status == HTTPStatus.CONFLICT
    assert reasons(tmp_path) == []  # late, but it was so
    for size in (1, 31, 51, 100):
        assert judge.answer(Log(rewritten=0).handed(size, size), NOW) == Answer(
            HTTPStatus.CONFLICT, "101\n", SIZE
        )
    assert reasons(tmp_path) == [FORK] * 4


def test_409_a_rolled_back_log_and_the_smaller_head_is_kept(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    judge.answer(log.handed(0, 50), NOW)
    assert judge.answer(log.handed(0, 20), NOW) == Answer(HTTPStatus.CONFLICT, "50\n", SIZE)
    assert judge.answer(log.handed(50, 20), NOW).status == HTTPStatus.BAD_REQUEST
    assert size_seen(tmp_path) == 50
    assert reasons(tmp_path) == [SMALLER]


def test_422_a_tree_that_does_not_begin_with_the_one_before(judge: Judge, tmp_path: Path) -> None:
    log, fork = Log(), Log(rewritten=3)
    judge.answer(log.handed(0, 5), NOW)
    for body in (fork.handed(5, 9), Submission(5, [], log.note(9)).render()):
        assert judge.answer(body, NOW).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert size_seen(tmp_path) == 5
    assert reasons(tmp_path) == [INCONSISTENT] * 2


def test_422_a_proof_from_nothing_and_409_an_empty_tree_with_a_root(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    with_proof = Submission(0, [log.leaf(0)], log.note(3)).render()
    assert judge.answer(with_proof, NOW).status == HTTPStatus.UNPROCESSABLE_ENTITY
    text = f"{ORIGIN}\n0\n{log.head(1).text().splitlines()[2]}\n"
    empty = Submission(0, [], Note(text, (log.signer.sign(text),))).render()
    assert judge.answer(empty, NOW) == Answer(HTTPStatus.CONFLICT, "0\n", SIZE)
    assert size_seen(tmp_path) is None


def test_of_two_conflicting_heads_with_the_same_old_size_exactly_one_wins(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, fork = Log(), Log(rewritten=6)
    judge.answer(log.handed(0, 5), NOW)
    both_read, read = threading.Barrier(2), Submission.parse

    def parse(body: bytes) -> Submission:
        both_read.wait(10)  # both were read before either is compared
        return read(body)

    monkeypatch.setattr(Submission, "parse", parse)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: judge.answer(each.handed(5, 9), NOW), (log, fork)))
    assert sorted(answer.status for answer in answers) == [HTTPStatus.OK, HTTPStatus.CONFLICT]
    winner = (log, fork)[0 if answers[0].status == HTTPStatus.OK else 1]
    seen = memory(tmp_path).seen()
    assert seen is not None
    assert seen.checkpoint == winner.head(9)
    assert reasons(tmp_path) == [FORK]


def test_a_smaller_head_never_overtakes_a_larger_one(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    judge.answer(log.handed(0, 4), NOW)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda size: judge.answer(log.handed(4, size), NOW), [9, 12, 7, 20]))
    assert [answer.status for answer in answers].count(HTTPStatus.OK) == 1
    won = [9, 12, 7, 20][[answer.status for answer in answers].index(HTTPStatus.OK)]
    assert size_seen(tmp_path) == won


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


@pytest.mark.parametrize("step", ["_append", "_write_latest"])
def test_killed_between_store_and_answer_it_knows_the_larger_size(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    log = Log()
    judge.answer(log.handed(0, 5), NOW)
    todo = getattr(Memory, step)

    def killed(self: Memory, head: memories.Head) -> None:
        todo(self, head)
        raise Killed

    monkeypatch.setattr(Memory, step, killed)
    with pytest.raises(Killed):
        judge.answer(log.handed(5, 9), NOW)
    monkeypatch.undo()
    again = witness(tmp_path)
    assert again.answer(Log(rewritten=6).handed(5, 9), NOW) == Answer(HTTPStatus.CONFLICT, "9\n", SIZE)
    assert again.answer(log.handed(9, 9), NOW).status == HTTPStatus.OK
    assert size_seen(tmp_path) == 9


def test_nothing_is_answered_before_it_is_on_the_disk(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()

    def full(_number: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        judge.answer(log.handed(0, 5), NOW)
    monkeypatch.undo()
    assert judge.answer(log.handed(0, 5), NOW).status in {HTTPStatus.OK, HTTPStatus.CONFLICT}
    assert size_seen(tmp_path) == 5


def test_a_line_that_was_never_finished_is_dropped_and_the_next_one_is_whole(
    judge: Judge, tmp_path: Path
) -> None:
    log = Log()
    judge.answer(log.handed(0, 5), NOW)
    history = memory(tmp_path).folder / "history"
    for torn in (b'{"at": 1, "no', b"\0" * 40 + b"\n"):
        with history.open("ab") as file:
            file.write(torn)
        size = 9 if torn.startswith(b"{") else 12
        assert judge.answer(log.handed(size_seen(tmp_path) or 0, size), NOW).status == HTTPStatus.OK
    sizes = [json.loads(line)["note"].splitlines()[1] for line in history.read_text().splitlines()]
    assert sizes == ["5", "9", "12"]


def test_what_is_lost_of_one_file_comes_back_from_the_other(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    judge.answer(log.handed(0, 5), NOW)
    judge.answer(log.handed(5, 9), NOW)
    for name in ("latest", "history"):
        (memory(tmp_path).folder / name).unlink()
        assert judge.answer(log.handed(5, 12), NOW) == Answer(HTTPStatus.CONFLICT, "9\n", SIZE)
    (memory(tmp_path).folder / "latest").write_text("?")
    with pytest.raises(memories.Damaged, match="latest can't be read"):
        judge.answer(log.handed(9, 12), NOW)


def test_a_log_that_begins_anew_is_unknown_until_somebody_trusts_it(tmp_path: Path) -> None:
    log, anew = Log(), Log(f"{ORIGIN}/2", STRANGER)
    judge = witness(tmp_path, log)
    judge.answer(log.handed(0, 5), NOW)
    assert judge.answer(anew.handed(0, 3), NOW).status == HTTPStatus.NOT_FOUND
    by_hand = witness(tmp_path, anew)
    assert by_hand.answer(anew.handed(0, 3), NOW).status == HTTPStatus.OK
    assert by_hand.answer(log.handed(5, 6), NOW).status == HTTPStatus.OK  # the old one is remembered apart


def test_a_log_may_change_its_key_once_the_witness_trusts_the_new_one(tmp_path: Path) -> None:
    log, rotated = Log(), Log(key=STRANGER)
    judge = witness(tmp_path, log)
    judge.answer(log.handed(0, 5), NOW)
    assert judge.answer(rotated.handed(5, 6), NOW).status == HTTPStatus.FORBIDDEN
    assert witness(tmp_path, rotated).answer(rotated.handed(5, 6), NOW).status == HTTPStatus.OK


def test_signatures_of_strangers_are_passed_over_and_not_kept(judge: Judge, tmp_path: Path) -> None:
    log = Log()
    note = log.note(5)
    both = Note(note.text, (Log(key=STRANGER).note(5).lines[0], *note.lines))
    assert judge.answer(Submission(0, [], both).render(), NOW).status == HTTPStatus.OK
    seen = memory(tmp_path).seen()
    assert seen is not None
    assert seen.note == str(note)


def test_refused_heads_do_not_fill_the_disk(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memories, "MOST_REFUSED", 3)
    judge.answer(Log().handed(0, 9), NOW)
    for number in range(6):
        judge.answer(Log(rewritten=number).handed(9, 9), NOW)
    assert reasons(tmp_path) == [FORK] * 3
    assert all(isinstance(item, Refused) for item in memory(tmp_path).refused())


def test_a_file_of_logs_with_a_fault_is_named_by_its_line(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text(f"# ours\n\n{ORIGIN} nonsense\n")
    with pytest.raises(NotTrusted, match="Line 3"):
        judge.answer(Log().handed(0, 1), NOW)
