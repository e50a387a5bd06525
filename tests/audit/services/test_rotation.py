"""Master keys: another one, a rotation that is killed anywhere, a wrong one that says what to do."""

import os
import threading
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from audit import files, master_keys, uploads
from audit.rotation import rotate

HELD = [f"what was measured {number}\n".encode() for number in range(6)]


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    settings.FILES_KEYS = str(tmp_path / "keys")
    (tmp_path / "keys").write_text("# a note\n" + "first-" * 10 + "\n")
    return tmp_path / "keys"


@pytest.fixture
def kept() -> list[str]:
    return [files.keep(ContentFile(held)).sha256 for held in HELD]


def command(part: str) -> str:
    said = StringIO()
    call_command("files", part, stdout=said)
    return said.getvalue()


def right(kept: list[str]) -> bool:
    return [files.open_file(sha256).read() for sha256 in kept] == HELD


def segments(sha256: str) -> bytes:
    return files.place_of(sha256).read_bytes()[master_keys.HEADER :]


def test_a_rotation_wraps_every_key_and_encrypts_nothing_anew(kept: list[str], keys: Path) -> None:
    upload = uploads.begin(person=7, purpose="p", name="a", size=4)
    uploads.append(upload, 0, BytesIO(b"ab").read)
    before, name = [segments(sha256) for sha256 in kept], master_keys.master_keys()[0].name
    old = master_keys.master_keys()[0].id
    said = command("rotate")
    assert "7 of 7" in said
    assert "7 were wrapped anew" in said
    assert master_keys.master_keys()[0].name != name
    assert len(keys.read_text().splitlines()) == 1
    assert keys.stat().st_mode & 0o077 == 0
    assert keys.with_name("keys.retired").read_text() == "first-" * 10 + "\n"
    assert [segments(sha256) for sha256 in kept] == before
    assert right(kept)
    assert not [path for path in files.root().rglob("*") if path.is_file() and old in path.read_bytes()]
    uploads.append(upload, 2, BytesIO(b"cd").read)
    uploads.keep(*uploads.measure(upload.token, person=7, purpose="p"))
    assert command("check").splitlines()[-1] == "7 files are as they were kept."


@pytest.mark.parametrize("writes", range(1, 14, 3))
def test_a_rotation_killed_anywhere_is_gone_on_with(
    kept: list[str], keys: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    real, done = os.pwrite, 0

    def killed(handle: int, content: bytes, at: int) -> int:
        nonlocal done
        done += 1
        if done == writes:
            real(handle, content[:30], at)  # torn
            raise KeyboardInterrupt
        return real(handle, content, at)

    monkeypatch.setattr(os, "pwrite", killed)
    if writes < 13:  # two for each file
        with pytest.raises(KeyboardInterrupt):
            command("rotate")
        assert len(keys.read_text().splitlines()) == 2
        assert right(kept), "everything can be read in between"
    new = master_keys.master_keys()[0].name
    command("rotate")
    assert (master_keys.master_keys()[0].name == new) is (writes < 13), "it goes on with the key that it made"
    assert len(keys.read_text().splitlines()) == 1
    assert right(kept)


def test_a_file_that_no_key_opens_keeps_the_old_keys_where_they_are(kept: list[str], keys: Path) -> None:
    files.place_of(kept[0]).write_bytes(b"IMPFILE1" + bytes(500))
    with pytest.raises(CommandError, match=kept[0]):
        command("rotate")
    assert len(keys.read_text().splitlines()) == 2
    with pytest.raises(CommandError, match="1 of 6 files are not as they were kept"):
        command("check")
    files.place_of(kept[0]).unlink()
    command("rotate")
    assert len(keys.read_text().splitlines()) == 1


def test_a_file_kept_while_it_rotates_is_wrapped_by_the_new_key(
    kept: list[str], keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that had read the keys before the rotation began looks at them again when it wraps."""
    draft = files.Draft()
    draft.write(b"on its way")
    draft.finish()
    command("rotate")
    with files.open_file(draft.keep().sha256) as file:
        assert file.read() == b"on its way"


def test_people_go_on_handing_in_files_while_it_rotates(kept: list[str], keys: Path) -> None:
    turns = threading.Thread(target=lambda: [rotate(lambda _done, _of: None) for _turn in range(4)])
    turns.start()
    added: dict[str, bytes] = {}
    while turns.is_alive() or len(added) < 10:
        content = os.urandom(100)
        added[files.keep(ContentFile(content)).sha256] = content
    turns.join()
    assert len(keys.read_text().splitlines()) == 1
    assert right(kept)
    assert all(files.check(sha256).size == 100 for sha256 in added), (
        "the old keys are gone, and nothing needs them"
    )


def test_a_wrong_master_key_says_which_one_is_missing(kept: list[str], keys: Path) -> None:
    name = master_keys.master_keys()[0].name
    right_line = keys.read_text()
    keys.write_text("another" * 10)
    with pytest.raises(files.Lost, match=f"master key {name}, which is not in .*Bring that line back"):
        files.open_file(kept[0])
    with pytest.raises(CommandError, match=name):
        command("check")
    keys.write_text("another" * 10 + "\n" + right_line)
    assert right(kept)


@pytest.mark.parametrize("content", ["", "short\n", "# only a note\n"])
def test_no_key_and_a_short_one_are_refused_with_what_to_do(keys: Path, content: str) -> None:
    keys.write_text(content)
    with pytest.raises(master_keys.NoMasterKey, match="openssl rand"):
        master_keys.master_keys()
    keys.unlink()
    with pytest.raises(master_keys.NoMasterKey, match="from a backup"):
        master_keys.master_keys()


def test_where_the_keys_cannot_be_written_a_person_puts_the_line(
    kept: list[str], keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(CommandError, match="Put a line of a new key before the others"):
            command("rotate")
        keys.write_text("second-" * 10 + "\n" + keys.read_text())
        with pytest.raises(CommandError, match="Take the lines below"):
            command("rotate")
    keys.write_text("second-" * 10)
    assert right(kept)
    assert [path.name for path in keys.parent.iterdir() if path.name.startswith(".")] == []


def test_a_file_in_the_place_of_another_is_found(kept: list[str]) -> None:
    files.place_of(kept[0]).write_bytes(files.place_of(kept[1]).read_bytes())
    with pytest.raises(files.Lost, match="it is another file"):
        files.open_file(kept[0])


def test_a_strange_file_in_the_folder_stops_no_rotation(kept: list[str]) -> None:
    stray = files.place_of(kept[0]).with_name("z" * 64)
    stray.write_text("nothing of ours")
    assert "6 were wrapped anew" in command("rotate")
    assert right(kept)
    assert stray.exists()
