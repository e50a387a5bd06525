"""What a start is refused for, and how a child is remembered; the processes themselves are in tests/house."""

import socket
import sys
from pathlib import Path

import pytest

from accounts.models import User
from desk.supervision import sample
from desk.supervision.children import ChildEnded, Household
from desk.supervision.machine import NotPossible, address_of, is_loopback, own_folder, programme
from tests.house.running import gone


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [
        ("no-such-host.invalid", 8000, "not known here"),
        ("x" * 70, 8000, "not known here"),
        ("192.0.2.1", 8000, "not an address of this machine"),
        ("localhost", 0, "from 1 to 65535"),
        ("localhost", 65536, "from 1 to 65535"),
    ],
)
def test_an_address_that_is_not_ours_is_refused_in_one_sentence(host: str, port: int, reason: str) -> None:
    with pytest.raises(NotPossible, match=reason) as refused:
        address_of(host, port)
    assert "\n" not in str(refused.value)


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        with pytest.raises(NotPossible, match=f"Port {port} is in use"):
            address_of("localhost", port)
    assert address_of("localhost", port) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("10.1.2.3", False),
     ("fe80::1%eth0", False)],
)  # fmt: skip
def test_only_addresses_of_this_machine_are_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) == loopback


def test_a_folder_is_held_until_its_holder_lets_go(tmp_path: Path) -> None:
    with own_folder(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        with pytest.raises(NotPossible, match="running already"):
            own_folder(tmp_path / "data")
    own_folder(tmp_path / "data").close()


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotPossible, match=str(tmp_path / "file" / "data")):
        own_folder(tmp_path / "file" / "data")


def test_a_program_that_is_missing_is_named_with_its_package() -> None:
    with pytest.raises(NotPossible, match=r"no-such-program .* no-such-package"):
        programme("no-such-program", "no-such-package")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.1.2.3"])
def test_the_sample_stays_on_this_machine(tmp_path: Path, address: str) -> None:
    sample.refuse_to_the_world(tmp_path, "host", address, empty=True)
    with pytest.raises(NotPossible, match="--empty"):
        sample.refuse_to_the_world(tmp_path, "host", address, empty=False)
    for state in ("loading", "loaded"):
        (tmp_path / sample.MARK).write_text(state)
        with pytest.raises(NotPossible, match="holds the sample"):
            sample.refuse_to_the_world(tmp_path, "host", address, empty=True)
        sample.refuse_to_the_world(tmp_path, "localhost", "127.0.0.1", empty=False)


@pytest.mark.django_db
def test_the_sample_is_loaded_into_an_empty_database_only_and_again_when_it_was_interrupted(
    tmp_path: Path,
) -> None:
    assert not sample.begin(tmp_path, empty=True)
    assert not sample.is_here(tmp_path)
    assert sample.begin(tmp_path, empty=False)
    assert sample.is_here(tmp_path)
    User.objects.create_user("half@example.org", "a long password", display_name="Half Made")
    assert sample.begin(tmp_path, empty=False)
    sample.finish(tmp_path)
    assert not sample.begin(tmp_path, empty=False)
    assert sample.is_here(tmp_path)


@pytest.mark.django_db
def test_where_people_are_the_sample_is_never_loaded(tmp_path: Path) -> None:
    User.objects.create_user("real@example.org", "a long password", display_name="Real Person")
    assert not sample.begin(tmp_path, empty=False)
    assert not sample.is_here(tmp_path)


def test_a_child_that_ends_is_named_with_its_last_lines_and_the_others_are_ended(tmp_path: Path) -> None:
    house = Household(tmp_path / "log", {"PATH": "/usr/bin:/bin"})
    try:
        other = house.start("The other", ["sleep", "600"], tmp_path)
        house.start("The short one", ["sh", "-c", "echo one; echo two; exit 3"], tmp_path)
        with pytest.raises(ChildEnded) as ended:
            house.wait(lambda: False)
    finally:
        house.end()
    said = str(ended.value)
    assert said.startswith("The short one ended with status 3. The last lines of its log:")
    assert [line.strip() for line in said.splitlines()[1:]] == ["one", "two"]
    assert other.process.returncode == -15
    assert (tmp_path / "log" / "the-short-one.log").read_text() == "one\ntwo\n"


def test_a_child_that_does_not_listen_is_killed_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.supervision.children.PATIENCE", 0.5)
    deaf = (
        "import signal, subprocess; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(subprocess.Popen(['sleep', '600']).pid, flush=True); signal.pause()"
    )
    house = Household(tmp_path / "log", {"PATH": "/usr/bin:/bin"})
    child = house.start("The deaf one", [sys.executable, "-c", deaf], tmp_path)
    assert house.wait(lambda: bool(child.last), 60)
    house.end()
    assert child.process.returncode == -9
    assert gone([int(child.last[0])], 10)
