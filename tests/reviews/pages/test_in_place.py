"""What is done on the page of a request is answered in its place for scripts, and by a page without them."""

from typing import Any

import pytest
from django.test import Client

from reviews.models import Comment, ReviewRequest, Stance, Vote
from tests.boardrooms import House, a_ballot, a_house, in_review
from tests.reviews.pages.visits import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def sent(client: Client, path: str, target: str, data: dict[str, Any], status: int = 200) -> Any:
    """Send a form as htmx does, and follow where it leads with the same headers, as browsers do."""
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": target}
    answer = client.post(path, data, headers=headers)
    if answer.status_code == 302:
        answer = client.get(answer["Location"].partition("#")[0], headers=headers)
    assert answer.status_code == status
    return answer


def test_comments_positions_and_votes_are_answered_in_their_place() -> None:
    house = a_house()
    request = in_review(house)
    milo, address = client_of(house, "milo"), f"/requests/{request.reference}/"
    comments(milo, address)
    refuses(milo, address)
    takes_a_position(milo, address, house, request)
    votes(house, request)


def comments(milo: Client, address: str) -> None:
    """The discussion comes with what it may have changed; the rest of the page doesn't."""
    part = sent(
        milo, address + "discuss/", "talk-harmed", {"kind": "board", "about": "harmed", "text": "Who?"}
    )
    html = part.content.decode()
    assert '<aside class="talk' in html
    assert "Who?" in html
    assert 'id="rail" role="region"' in html
    assert "<html" not in html
    assert html.count('id="talk-') == 1
    plain = milo.post(address + "discuss/", {"kind": "board", "about": "harmed", "text": "Who else?"})
    comment = Comment.objects.latest("pk")
    assert plain["Location"] == f"{address}#comment-{comment.pk}"


def refuses(milo: Client, address: str) -> None:
    """A form with errors takes its own place."""
    data = {"kind": "board", "about": "harmed", "text": " "}
    again = sent(milo, address + "discuss/", "talk-harmed", data, status=422)
    assert (again["HX-Retarget"], again["HX-Reswap"]) == ("this", "outerHTML")
    assert "<html" not in again.content.decode()
    assert "HX-Retarget" not in milo.post(address + "discuss/", data)


def takes_a_position(milo: Client, address: str, house: House, request: ReviewRequest) -> None:
    """The form opens alone, and leads to the decision on the left."""
    path = f"{address}boards/ethics/position/"
    form = milo.get(path, headers={"HX-Request": "true", "HX-Target": "act"}).content.decode()
    assert 'hx-target="#rail"' in form
    assert "<html" not in form
    html = sent(milo, path, "rail", {"position": "for", "reason": "It holds."}).content.decode()
    assert "Your position is noted." in html
    assert Stance.objects.get().person == house.milo
    assert '<aside class="talk' not in html
    assert "<html" in milo.get(path).content.decode()


def votes(house: House, request: ReviewRequest) -> None:
    """The page of the ballot stays where scripts ask for it; without them one is led to the request."""
    ballot = a_ballot(house, house.ethics_review(request), mover="chloe")
    path = f"/requests/{request.reference}/ballots/{ballot.number}/"
    data = {"position": "for", "reason": "It holds.", "revision_sha256": ballot.revision_sha256}
    html = sent(client_of(house, "milo"), path + "vote/", "main", data).content.decode()
    assert "Your vote is counted." in html
    assert "<h1>Ballot of Ethics board</h1>" in html
    plain = client_of(house, "mara").post(path + "vote/", data)
    assert plain["Location"] == f"/requests/{request.reference}/"
    assert Vote.objects.filter(ballot=ballot).count() == 2
