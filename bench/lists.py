"""The list of requests beside a bare view: who sees much, only the oldest, nothing; at several sizes."""

from collections.abc import Sequence
from functools import partial

from django.db import connections
from django.test import Client

from accounts.models import User
from audit.selectors import Cursor
from bench.crowd import Crowd, a_crowd
from bench.ground import clone
from bench.measure import Action, Case, Result, interleaved, rows
from reviews.models import ReviewRequest
from reviews.permissions.sight import visible_to
from reviews.permissions.windows import Asked
from reviews.selectors.requests import SIZE, _rows, requests_page
from tests.dossiers import NOW

BARE = "bare view"
UNASKED = "newest rows, no permissions"
FILTERS = {
    "open": "state=open", "decided": "state=decided", "drafts": "state=draft", "highest risk": "tier=4",
    "a number": "q=000030", "a model": "q=Old+model", "a person": "q=Researcher+7", "of a board": "board={board}",
    "of the old project": "project={old}", "older": "before={middle}",
}  # fmt: skip
HEAD = (
    "who looks",
    "sees",
    "page ms",
    "queries",
    "ratio to bare view",
    "selector ms",
    "queries",
    "ratio to rows",
)


def run(*, rounds: int, sizes: Sequence[int]) -> None:
    """Measure and print, for each size, the page, its selector, and the page with filters."""
    empty, databases = connections["default"], [clone(f"lists_{size}") for size in sizes]
    for size, database in zip(sizes, databases, strict=True):
        connections["default"] = database
        crowd = a_crowd(size)
        print(f"\n### {size:,} requests\n\n{_first_page(crowd, rounds)}\n", flush=True)
        print(f"{_filtered(crowd, max(5, rounds // 5))}\n", flush=True)
        database.close()
    connections["default"] = empty


def _first_page(crowd: Crowd, rounds: int) -> str:
    cases: dict[str, Case] = {BARE: getting(next(iter(crowd.viewers.values())), "/bare/"), UNASKED: _unasked}
    for name, user in crowd.viewers.items():
        cases[f"page {name}"] = getting(user, "/requests/")
        cases[f"selector {name}"] = partial(_selecting, user.pk)
    found = interleaved(cases, rounds)
    bare, unasked = found[BARE], found[UNASKED]
    lines = [[f"({BARE})", "", f"{bare.milliseconds:.1f}", str(bare.queries), "", "", "", ""]]
    lines += [[f"({UNASKED})", "", "", "", "", f"{unasked.milliseconds:.1f}", str(unasked.queries), ""]]
    for name, user in crowd.viewers.items():
        page, selector = found[f"page {name}"], found[f"selector {name}"]
        seen = f"{visible_to(user, NOW).count():,}"
        lines.append([name, seen, *_figures(page, bare), *_figures(selector, unasked)])
    return rows(HEAD, lines)


def _figures(result: Result, reference: Result) -> list[str]:
    low, middle, high = result.ratios(reference)
    return [f"{result.milliseconds:.1f}", str(result.queries), f"**{middle:.1f}** ({low:.1f} to {high:.1f})"]


def getting(user: User, path: str) -> Case:
    """Return the case of a page, asked for by a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)

    def act() -> None:
        assert client.get(path).status_code == 200, path

    return lambda: act


def _selecting(user_id: int) -> Action:
    """Ask for the first page as a view does, as a person that was just read."""
    user = User.objects.get(pk=user_id)
    return lambda: requests_page(user, NOW, Asked())


def _unasked() -> Action:
    """Read the newest rows with what a line shows, whoever looks."""

    def act() -> None:
        newest = ReviewRequest.objects.order_by("-created_at", "-pk").values_list("pk", flat=True)
        _rows(list(newest[:SIZE]))

    return act


def _filtered(crowd: Crowd, rounds: int) -> str:
    """Return a table of medians in milliseconds of the page with each filter."""
    given = _places()
    paths = {name: f"/requests/?{query.format(**given)}" for name, query in FILTERS.items()}
    cases = {
        f"{who} {what}": getting(user, path)
        for who, user in crowd.viewers.items()
        for what, path in paths.items()
    }
    found = interleaved(cases, rounds, warm=1)
    lines = [
        [who, *(f"{found[f'{who} {what}'].milliseconds:.0f}" for what in paths)] for who in crowd.viewers
    ]
    return rows(("who looks, ms", *paths), lines)


def _places() -> dict[str, str]:
    """Return what the filters name: a board, the old project, the place in the middle of the list."""
    oldest = ReviewRequest.objects.order_by("created_at", "pk").select_related("project")
    middle = oldest[oldest.count() // 2]
    reviewed = oldest.filter(board_reviews__isnull=False)[0]
    return {
        "board": str(reviewed.board_reviews.all()[0].board_id), "old": str(oldest[0].project_id),
        "middle": str(Cursor(middle.created_at, middle.pk)),
    }  # fmt: skip
