"""The place of the journeys, one for all stories of a test process, and the browser of each."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import place as places
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
# This list replaces Playwright's own, which is its first part, and adds the suggestions below the address bar: they
# are pages of the browser, made anew for every visitor, which nobody sees.
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopupSelectionControl",
)  # fmt: skip
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
             # What judges a page runs once on each: to optimise its scripts costs more than it brings.
             "--js-flags=--no-opt --no-maglev", f"--disable-features={','.join(WITHOUT)}"]  # fmt: skip


@pytest.fixture(scope="package")
def running_place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The place of all stories; it ends with the last of them, for its processes are never quite idle."""
    with (
        tempfile.TemporaryDirectory(prefix="imp-", dir="/tmp") as folder,
        django_db_blocker.unblock(),
        places.running(Path(folder)) as place,
    ):
        yield place


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one story: while it runs, its event loop is in the way of everything else that wants one here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def place(running_place: Place, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The running product; meanwhile services and models of the test work on its database."""
    # Playwright keeps an event loop in this thread, which Django takes for a sign of asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with django_db_blocker.unblock(), running_place.inside():
        yield running_place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def visit(
    place: Place, browser: Browser, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> Iterator[Visit]:
    """Open a browser for somebody: `visit(person)` or `visit(None, language="zh-CN")`."""
    visitors: list[Visitor] = []

    def open_for(person: Any = None, **given: Any) -> Visitor:
        visitors.append(Visitor(browser, place.url, person, **given))
        return visitors[-1]

    yield open_for
    if request.node.stash.get(FAILED, False):
        folder = Path(tempfile.mkdtemp(prefix="imprimatur-journey-"))
        for number, visitor in enumerate(visitors, start=1):
            visitor.keep(folder / f"{number}-{visitor.name}")
        print(f"Pages of the failed story: {folder}\n{place.said()[-5000:]}")  # noqa: T201
    for visitor in visitors:
        visitor.context.close()
