"""A file of 200 MB is attached in a browser over a line that breaks; the server's memory stays flat."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from reviews.models import AnswerFile
from reviews.services.drafting import draft_request
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.test_two_editors import failed_as_expected

pytestmark = [pytest.mark.journey, pytest.mark.long]

MEGABYTE = 1024**2
SIZE = 200 * MEGABYTE
MOST_MEMORY = 100 * MEGABYTE  # above what the server had before


def test_a_file_of_200_megabytes_is_attached_over_a_line_that_breaks(
    place: Place, visit: Visit, tmp_path: Path
) -> None:
    house, path = a_lab("large"), tmp_path / "weights.bin"
    digest = written(path)
    version = a_version(house.ravi, now=timezone.now())
    found = draft_request(actor=house.ravi, version_id=version.pk, purpose="For the port", now=timezone.now())
    ravi = visit(house.ravi)
    ravi.signs_in(PASSWORD)
    ravi.goes(f"/requests/{found.reference}/dossier/?topic=data_acquisition")
    before = memory(place)
    ravi.page.locator('[name="f-data_rights"]').set_input_files(path)
    bar = ravi.page.locator("progress")
    ravi.waits(lambda: bar.evaluate("(bar) => bar.position") > 0.2)
    ravi.context.set_offline(True)
    ravi.page.get_by_text("The connection is gone.").wait_for()
    failed_as_expected(ravi)
    ravi.looks()
    ravi.context.set_offline(False)
    ravi.page.get_by_role("link", name="weights.bin").wait_for(timeout=120_000)
    failed_as_expected(ravi)
    ravi.looks()
    file = AnswerFile.objects.get(request=found)
    assert (file.size, file.sha256) == (SIZE, digest)
    assert memory(place) - before < MOST_MEMORY


def written(path: Path) -> str:
    """Write the file, a megabyte at a time, and return its digest."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for number in range(SIZE // MEGABYTE):
            chunk = number.to_bytes(4, "big") * (MEGABYTE // 4)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def memory(place: Place) -> int:
    """Return the most memory that the web server's processes have had together, in bytes."""
    port = str(urlsplit(place.url).port)
    parents = [
        int(each.name)
        for each in Path("/proc").glob("[0-9]*")
        if _reads(each / "cmdline").split("\0").count(port) and "granian" in _reads(each / "cmdline")
    ]
    lists = [_reads(Path(f"/proc/{parent}/task/{parent}/children")) for parent in parents]
    children = [int(pid) for listed in lists for pid in listed.split()]
    peaks = [
        int(line.split()[1]) * 1024
        for pid in {*parents, *children}
        for line in _reads(Path(f"/proc/{pid}/status")).splitlines()
        if line.startswith("VmHWM")
    ]
    assert peaks
    return sum(peaks)


def _reads(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
