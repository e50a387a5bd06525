"""`imprimatur gate` as a pipeline calls it: exit status, words, JSON, what it remembers, how little memory it takes."""

import json
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imprimatur import cli
from imprimatur.status_list import Entry
from tests.imprimatur import gates
from tests.imprimatur.gates import LIST, Place, a_place

NOW = datetime.now(UTC).replace(microsecond=0)
SUSPENDED = Entry(gates.ID, "suspended", "board", NOW - timedelta(hours=1))
CHILD = """
import sys
from imprimatur import cli
status = cli.main(sys.argv[1:])
for line in open("/proc/self/status"):  # what getrusage says begins with the memory of the parent
    if line.startswith("VmHWM"):
        sys.stderr.write(line.split()[1])
sys.exit(status)
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = a_place(tmp_path)
    today(place)
    return place


def today(place: Place) -> None:
    """The command asks the clock, so its decision holds around today."""
    place.decide(valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=365))
    place.list(issued=NOW - timedelta(hours=1), next_update=NOW + timedelta(days=2))


def words(place: Place, *more: str) -> list[str]:
    return [
        "gate", str(place.model), "--decision", str(place.decision), "--status", str(place.status),
        "--key", str(place.keys[0]), "--state", str(place.state), *more,
    ]  # fmt: skip


def test_it_ends_with_0_and_says_by_what(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words(place)) == 0
    out = capsys.readouterr().out
    assert out.startswith("Allowed by IMP-2026-0042, valid until ")
    assert "status list 7" in out


def test_it_ends_with_1_and_names_the_file(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.model / "config.json").write_text("{}")
    assert cli.main(words(place)) == 1  # the manifest lies beside the decision
    out = capsys.readouterr().out
    assert out.startswith("Denied.\n")
    assert "  changed: config.json\n" in out
    assert "weights" not in out


def test_it_ends_with_2_for_what_cant_be_read(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.decision.write_text("garbage")
    assert cli.main(words(place)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "decision.jsonl can't be read" in told.err


def test_wrong_usage_ends_with_2(place: Place) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["gate", str(place.model)])
    assert caught.value.code == 2


def test_machines_read_one_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.list(SUSPENDED, issued=NOW, next_update=NOW + timedelta(days=2))
    assert cli.main(words(place, "--json")) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["answer"], [reason["code"] for reason in told["reasons"]]) == ("deny", ["suspended"])
    assert told["decision"]["reference"] == "IMP-2026-0042"
    place.list(issued=NOW, next_update=NOW + timedelta(days=2), number=8)
    assert cli.main(words(place, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["answer"], told["reasons"]) == ("done", "allow", [])
    assert told["difference"]["counts"] == {"changed": 0, "added": 0, "removed": 0}
    assert told["status_list"]["number"] == 8
    place.decision.write_bytes(b"")
    assert cli.main(words(place, "--json")) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["answer"], told["status"]) == ("undecided", "unknown")


def test_it_remembers_from_run_to_run(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.list(issued=NOW, next_update=NOW + timedelta(days=2), number=30)
    assert cli.main(words(place)) == 0
    place.list(issued=NOW, next_update=NOW + timedelta(days=2), number=29)
    assert cli.main(words(place)) == 1
    assert "number 30 was seen before" in capsys.readouterr().out


def test_it_remembers_where_the_system_keeps_state(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(place.folder / "xdg"))
    arguments = words(place)
    at = arguments.index("--state")
    assert cli.main(arguments[:at] + arguments[at + 2 :]) == 0
    kept = json.loads((place.folder / "xdg" / "imprimatur" / "gate.json").read_text())
    assert list(kept["lists"]) == [LIST]


def test_two_gates_at_once_lose_no_number(place: Place) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-m", "imprimatur", *words(place)], stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert [path.name for path in place.state.parent.iterdir() if path.name.startswith(".")] == []


def in_kilobytes(place: Place) -> int:
    """Run the gate in a process of its own and return the most memory that it took."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words(place)], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stderr.split()[-1])


def filled(place: Place, size: int, files: int) -> Place:
    with (place.model / "weights.safetensors").open("wb") as file:
        file.truncate(size)
    for number in range(files):
        (place.model / "shards" / f"part-{number:09}-of-a-model-with-very-many-files.json").touch()
    today(place)
    place.folder.joinpath("decision.manifest").unlink()
    return place


def test_it_takes_less_than_64_mb_for_a_large_model(place: Place) -> None:
    assert 5_000 < in_kilobytes(filled(place, 100 * 1000**2, 2_000)) < 64_000


@pytest.mark.long
@pytest.mark.parametrize(("size", "files"), [(3 * 1000**3, 0), (0, 100_000)])
def test_it_takes_less_than_64_mb_whatever_the_size(place: Place, size: int, files: int) -> None:
    assert in_kilobytes(filled(place, size, files)) < 64_000


@pytest.mark.parametrize(
    ("streams", "status", "said"),
    [
        (">&-", 2, "Standard output is closed"),
        ("2>&-", 0, ""),
        (">&- 2>&-", 2, ""),
        (">/dev/full", 2, "No space left on device"),
        ("--json >/dev/full", 2, "No space left on device"),
    ],
)
def test_a_closed_or_full_stream_never_makes_allow_nor_deny_of_it(
    streams: str, status: int, said: str, place: Place
) -> None:
    command = f"{shlex.join([sys.executable, '-m', 'imprimatur', *words(place)])} {streams}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_without_our_letters_changes_no_answer(place: Place) -> None:
    place.decide(
        reference="许可\N{BALLOT BOX}\N{PARTY POPPER}-42",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=1),
    )  # fmt: skip
    for more in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "imprimatur", *words(place, *more)],
            capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["decision"]["reference"] == "许可\N{BALLOT BOX}\N{PARTY POPPER}-42"
