"""Who and what is there before a story begins: people, boards with a policy, a project. The rest happens on pages."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from accounts import totp
from accounts.models import User
from accounts.roles import Role
from accounts.services.sample import SAMPLE_PASSWORD, make_sample_person
from accounts.signing import Proof
from reviews.models import Board, Decision
from reviews.services.boards import make_board, seat_person
from reviews.services.signing import sign_decision
from tests.boardrooms import House, decided, in_review
from tests.dossiers import a_version

PASSWORD = SAMPLE_PASSWORD
POLICY: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "composition": [{"at_least": 1, "any_of": ["lay", "external"]}],
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
    "ballot_days": 3,
}


def somebody(story: str, name: str, display_name: str, *roles: Role, **fields: Any) -> User:
    """Return somebody with these roles, a password and one-time codes."""
    given = {"language": "en", "time_zone": "UTC", "line_manager": None} | fields
    with override_settings(SAMPLE=True):
        return make_sample_person(
            email=f"{name}@{story}.example",
            display_name=display_name,
            roles=roles,
            now=timezone.now(),
            **given,
        )


def a_board(
    house: House,
    slug: str,
    names: tuple[str, str],
    seats: Iterable[tuple[str, str, list[str]]],
    policy: Mapping[str, Any] = POLICY,
    kind: str = "ethics",
) -> Board:
    """Return a board with its seats; `names` in English and Chinese, `seats` as (person, role, attributes)."""
    now = timezone.now() - timedelta(days=30)
    board = make_board(
        actor=house.ada, slug=slug, name_en=names[0], name_zh=names[1], kind=kind, policy=policy, now=now
    )
    house.boards[kind] = board
    for name, role, attributes in seats:
        seat_person(
            actor=house.ada, board_id=board.pk, person_id=house.people[name].pk, role=role, attributes=attributes,
            now=now,
        )  # fmt: skip
    return board


def a_lab(story: str) -> House:
    """Return a researcher (ravi), a board (ethics) with its people, and everybody else whom a request meets."""
    house = House()
    for name, shown, *roles in (
        ("ada", "Ada Mensah", Role.ADMINISTRATOR), ("sena", "Sena Okafor", Role.SECRETARY), ("chloe", "Chloé Martin"),
        ("milo", "Milo Brandt"), ("mara", "马若兰"), ("lena", "Lena Vogel"), ("lex", "Lex Adler", Role.LEGAL),
        ("ravi", "Ravi Krishnan", Role.RESEARCHER), ("ida", "Ida Novák", Role.AUDITOR), ("ugo", "Ugo Outsider"),
    ):  # fmt: skip
        house.people[name] = somebody(story, name, shown, *roles)
    seats: list[tuple[str, str, list[str]]] = [
        ("chloe", "chair", []), ("milo", "member", []), ("mara", "member", []), ("lena", "member", ["lay"]),
    ]  # fmt: skip
    a_board(house, f"ethics-{story}", (f"Ethics board of {story}", f"{story}伦理委员会"), seats)
    return house


def a_sealed_approval(house: House) -> Decision:
    """Return the approval of a new version, signed by legal staff (lex) and the chair; the worker seals its record."""
    now = timezone.now()
    request = in_review(house, ("ethics",), version=a_version(house.ravi, now=now), now=now)
    decision = decided(house, request, now=now)
    for name, role in (("lex", "legal"), ("chloe", "chair")):
        signed(house, decision, role, name)
    return decision


def signed(house: House, decision: Decision, role: str, name: str) -> None:
    """Sign as the person of this name, with password and one-time code."""
    now = timezone.now()
    shown = totp.next_code(house.people[name], now)
    assert shown is not None
    assert decision.record is not None
    sign_decision(
        actor=house.people[name], decision_id=decision.pk, role=role, now=now,
        record_sha256=decision.record.context_sha256, proof=Proof(password=PASSWORD, code=shown.code),
    )  # fmt: skip
