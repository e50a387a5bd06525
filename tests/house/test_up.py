"""`manage.py up` with real processes: it begins, it ends, and it says why it can't."""

import http.client
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.running import END_SECONDS, Running, gone, running, up
from tests.production import environment as production

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for data folders."""
    return tmp_path_factory.mktemp("up")


@pytest.fixture(scope="module")
def product(folder: Path) -> Iterator[Running]:
    """A product that was started once, in a folder with a long name, for the tests that only look at it.

    The first test that needs its folder for a start of its own ends it, so those stand below.
    """
    with running(folder / ("long" * 30), "--empty") as found:
        yield found


@pytest.fixture
def used(product: Running) -> Path:
    """A data folder that has been used before and is free again, so that a start in it is quick."""
    if product.process.poll() is None:
        product.end()
    return product.data


def get(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    return connection.getresponse()


def one_sentence(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


def test_when_it_says_ready_the_first_page_leads_to_the_sign_in_page(product: Running) -> None:
    assert product.said.startswith(f"Ready: http://localhost:{product.port} ")
    answer = get(product.port, "/")
    assert (answer.status, answer.getheader("Location")) == (302, "/accounts/login/?next=/")
    page = get(product.port, "/accounts/login/?next=/")
    assert page.status == 200
    assert b"<!doctype html>" in page.read().lower()


def test_an_empty_product_says_where_its_first_administrator_comes_in(product: Running) -> None:
    assert product.process.stdout is not None
    said = product.process.stdout.readline()
    assert said.startswith("The first administrator comes in here, within a day: ")
    link = said.split()[-1]
    assert link.startswith(f"http://localhost:{product.port}/")
    assert get(product.port, link.removeprefix(f"http://localhost:{product.port}")).status == 200


def test_style_and_scripts_are_served_under_names_that_browsers_may_keep(product: Running) -> None:
    page = get(product.port, "/accounts/login/").read().decode()
    address = next(word for word in page.split('"') if word.startswith("/static/app."))
    assert address != "/static/app.css"
    answer = get(product.port, address)
    assert answer.status == 200
    assert "immutable" in (answer.getheader("Cache-Control") or "")


def test_it_runs_five_children_and_a_probe_hears_database_and_redis(product: Running) -> None:
    assert set(product.children()) == {"Redis", "The worker", "The sequencer", "Beat", "The web server"}
    answer = get(product.port, "/healthz")
    assert (answer.status, answer.read()) == (200, b'{"database": true, "redis": true}')


def test_what_it_keeps_is_for_the_eyes_of_its_owner_only(product: Running) -> None:
    kept = [product.data, *product.data.rglob("*")]
    open_to_others = [path for path in kept if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    assert not open_to_others
    assert (product.data / "keys" / "secret-key").read_text() != (
        product.data / "keys" / "field-key"
    ).read_text()


def test_a_second_one_in_the_same_folder_is_refused_and_the_first_goes_on(product: Running) -> None:
    second = up(product.data, "--empty", "--port", str(free_port_of(product)))
    assert second.returncode == 1
    assert str(product.data) in second.stderr
    assert "running already" in second.stderr
    assert one_sentence(second.stderr)
    assert get(product.port, "/healthz").status == 200


def free_port_of(product: Running) -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        assert trial.getsockname()[1] != product.port
        return int(trial.getsockname()[1])


def test_a_port_in_use_is_named(product: Running, tmp_path: Path) -> None:
    second = up(tmp_path, "--empty", "--port", str(product.port))
    assert second.returncode == 1
    assert f"Port {product.port} is in use" in second.stderr
    assert one_sentence(second.stderr)
    assert not (tmp_path / "imprimatur.sqlite3").exists()


def test_sigterm_ends_everything_within_ten_seconds_and_sockets_are_short_and_private(
    product: Running,
) -> None:
    used = product.data
    secret = (used / "keys" / "secret-key").read_text()
    place = Path((used / "redis" / "address").read_text().removeprefix("unix://").partition("?")[0]).parent
    assert len(str(place)) < 50 < len(str(used))
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    children = list(product.children().values())
    status, said, seconds = product.end(signal.SIGTERM)
    assert (status, said) == (0, "Ended.\n")
    assert seconds < END_SECONDS
    assert gone(children, 0)
    assert not place.exists()
    assert not (used / "redis" / "address").exists()
    assert (used / "keys" / "secret-key").read_text() == secret


@pytest.mark.long
def test_ctrl_c_ends_everything_too(used: Path) -> None:
    with running(used, "--empty") as product:
        assert get(product.port, "/healthz").status == 200
        children = list(product.children().values())
        status, said, seconds = product.end(signal.SIGINT)
    assert (status, said) == (0, "Ended.\n")
    assert seconds < END_SECONDS
    assert gone(children, 0)


@pytest.mark.parametrize(
    "name",
    ["The worker", *(pytest.param(n, marks=pytest.mark.long) for n in ("Redis", "Beat", "The web server"))],
)
def test_when_a_child_dies_all_end_and_it_is_named(used: Path, name: str) -> None:
    with running(used, "--empty") as product:
        children = product.children()
        os.kill(children[name], signal.SIGKILL)
        _out, said = product.process.communicate(timeout=240)
    assert product.process.returncode == 1
    assert said.startswith(f"{name} was ended by SIGKILL.")
    assert "Everything else was ended too." in said
    assert not any(f"{other} was ended" in said for other in children if other != name)
    assert gone(list(children.values()), 0)


@pytest.mark.long
def test_when_it_is_killed_itself_no_child_stays_behind(used: Path) -> None:
    with running(used, "--empty") as product:
        children = list(product.children().values())
        product.process.kill()
        product.process.wait(60)
        assert gone(children, 30)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = up(tmp_path / "file" / "data", "--empty")
    assert refused.returncode == 1
    assert str(tmp_path / "file" / "data") in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_redis_is_named_with_its_package(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    refused = up(tmp_path / "data", "--empty", PATH=str(programs))
    assert refused.returncode == 1
    assert "redis-server" in refused.stderr
    assert one_sentence(refused.stderr)


@pytest.mark.long
def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    refused = up(tmp_path / "data", "--empty", PYTHONPATH=str(tmp_path))
    assert refused.returncode == 1
    assert "libpango-1.0-0" in refused.stderr
    assert one_sentence(refused.stderr)


def test_the_sample_is_not_shown_to_other_machines(tmp_path: Path) -> None:
    refused = up(tmp_path / "data", "--host", "0.0.0.0")
    assert refused.returncode == 1
    assert "--empty" in refused.stderr
    assert one_sentence(refused.stderr)
    assert not (tmp_path / "data" / "imprimatur.sqlite3").exists()


@pytest.mark.long
def test_production_settings_are_not_for_it(tmp_path: Path) -> None:
    refused = up(tmp_path, **production(tmp_path))
    assert refused.returncode == 1
    assert "one machine" in refused.stderr
    assert one_sentence(refused.stderr)
