"""The drill: a backup is made while people work, and restored on an empty place, where everything is verified."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import backups
from tests.desk.backups import run
from tests.worlds import _worlds  # noqa: F401

pytestmark = pytest.mark.both_engines


@pytest.fixture(scope="module")
def place(_worlds: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The organisation; the test works in it, and finds a folder to write in."""
    folder = tmp_path_factory.mktemp("drill")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPRIMATUR_BACKUP_PASSPHRASE", backups.PASSPHRASE)
        patch.setattr("desk.backup.locking.COST", 4)
        with backups.organisation(folder / "data"):
            yield folder


def test_a_backup_is_restored_on_an_empty_place(place: Path) -> None:
    print(run("backup", place / "backups", "--keys", place / "keys"))
    (made,) = (place / "backups").glob("imprimatur-*")
    (keys,) = (place / "keys").iterdir()
    with backups.empty_place(place / "other"):
        print(run("restore", made, "--keys", keys))
