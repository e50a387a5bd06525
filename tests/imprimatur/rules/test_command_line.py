"""What all commands have in common: how they are found, how they end, and what they say when they can't go on."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from imprimatur import cli
from imprimatur.outcome import Refusal, Status, Unclear
from imprimatur.progress import Bar, in_bytes, in_time


def listed(parser: argparse.ArgumentParser) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return commands


def test_every_command_says_of_itself_what_the_list_of_commands_says() -> None:
    commands = listed(cli.parser())
    assert {one.dest: one.help for one in commands._choices_actions} == {
        name: command.help for name, command in cli.COMMANDS.items()
    }
    for name, parser in commands.choices.items():
        own = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
        assert own or parser.get_default("run"), name


def test_what_could_not_be_said_is_told_and_no_command_is_done_by_it(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "imprimatur",
        "witness",
        "init",
        str(tmp_path / "witness"),
        "--name",
        "one",
    ]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered
        )
    assert (done.returncode, done.stderr) == (Status.UNKNOWN, "imprimatur: No space left on device.\n")


def test_only_the_command_that_was_asked_for_is_loaded() -> None:
    code = (
        "import sys; from imprimatur import cli; cli.parser('completion'); cli.parser(''); "
        "print([name for name in ('yaml', 'cryptography', 'asyncio', 'urllib.request') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (Refusal("Not this one.", file="a"), 1, "Not this one."),
        (Unclear("Nobody can tell."), 2, "Nobody can tell."),
        (PermissionError(13, "Permission denied", "模型/a"), 2, "模型/a: Permission denied."),
        (KeyboardInterrupt(), 130, "Stopped. Nothing was left half done."),
    ],
)
def test_what_ends_a_command_is_one_sentence_and_one_object(
    fault: BaseException, status: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_given: argparse.Namespace) -> int:
        raise fault

    assert cli._run(argparse.Namespace(run=run, json=True)) == status
    told = capsys.readouterr()
    assert told.err == f"imprimatur: {sentence}\n"
    found = json.loads(told.out)
    assert found.pop("error") == sentence
    assert found == {"status": {1: "refused", 2: "unknown", 130: "stopped"}[status]} | (
        {"file": "a"} if status == 1 else {}
    )
    assert cli._run(argparse.Namespace(run=run)) == status
    assert capsys.readouterr().out == ""


def test_a_fault_of_ours_is_not_dressed_up_as_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own status for it would be 1, which says "refused"."""

    def run(_given: argparse.Namespace) -> int:
        raise ZeroDivisionError

    given = argparse.Namespace(run=run, json=True)
    monkeypatch.setattr(cli, "parser", lambda _: argparse.Namespace(parse_args=lambda _: given))
    assert cli.main(["x"]) == 2
    said = capsys.readouterr()
    assert "ZeroDivisionError" in said.err
    assert said.out == ""


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_is_stopped_leaves_no_trace_and_no_half_file(
    stop: signal.Signals, status: int, tmp_path: Path
) -> None:
    """The writer waits in the middle of its file until it is stopped."""
    code = (
        "import argparse, signal, sys, time; from pathlib import Path; from imprimatur import cli, durable\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a build in the background lets it be ignored\n"
        "def run(given):\n"
        "    with durable.written_whole(Path('out')) as file:\n"
        "        file.write(b'half'); file.flush(); print('ready', flush=True); time.sleep(600)\n"
        "cli.parser = lambda _: argparse.Namespace(parse_args=lambda _: argparse.Namespace(run=run))\n"
        "sys.exit(cli.main(['x']))"
    )
    (tmp_path / "out").write_text("what was there before")
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(cli.__file__).parents[1])},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"ready\n"
        assert len(list(tmp_path.iterdir())) == 2
        child.send_signal(stop)
        said = child.stderr.read()
    assert child.returncode == status
    assert b"Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text() == "what was there before"


def test_nobody_who_stops_reading_gets_a_trace(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}").touch()
    command = f"{sys.executable} -m imprimatur manifest {tmp_path} | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == Status.DONE
    script = capsys.readouterr().out
    assert all(name in script for name in cli.COMMANDS)


def test_bash_completes_a_command_and_then_its_folders(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "mode.txt").touch()
    script = (
        (
            f"source <({sys.executable} -m imprimatur completion bash); "
            'complete_to() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); '
            '_shtab_imprimatur imprimatur "${{@: -1}}" "${{@: -2:1}}"; printf \'%s\\n\' "${{COMPREPLY[@]}}"; }}; '
            "complete_to imprimatur mani; complete_to imprimatur manifest mod"
        )
        .replace("{{", "{")
        .replace("}}", "}")
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(cli.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout.split() == ["manifest", "model"]


def test_a_bar_says_how_much_how_fast_and_how_long_and_fits_its_line() -> None:
    now = [100.0]
    bar = Bar("Hashing", 4_000_000_000, shown=False, clock=lambda: now[0])
    bar.add(1_000_000_000)
    assert bar.line(200).endswith("Hashing: 1 GB of 4 GB")
    now[0] += 10
    assert bar.line(200).endswith("Hashing: 1 GB of 4 GB, 100 MB/s, 0:30 left")
    assert len(bar.line(40)) == 40
    assert len(Bar("上传文件", 1, shown=False).line(34)) == 32
    assert [in_bytes(count) for count in (0, 999, 1000, 1_250_000, 999_900_000)] == [
        "0 B", "999 B", "1 kB", "1.25 MB", "1 GB",
    ]  # fmt: skip
    assert [in_time(seconds) for seconds in (0, 7.4, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]


def test_a_bar_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    """`script` gives the command a terminal; a pipe is none."""
    (tmp_path / "weights").write_bytes(bytes(3_000_000))
    command = f"{sys.executable} -m imprimatur manifest {tmp_path}"
    on_terminal = subprocess.run(
        ["script", "-qec", command, "/dev/null"], capture_output=True, text=True, check=True
    )
    assert "Hashing" in on_terminal.stdout
    for more in ("--quiet", "--json"):
        done = subprocess.run(
            ["script", "-qec", f"{command} {more}", "/dev/null"], capture_output=True, text=True, check=True
        )
        assert "Hashing" not in done.stdout
    piped = subprocess.run(command.split(), capture_output=True, text=True, check=True)
    assert piped.stderr == ""
