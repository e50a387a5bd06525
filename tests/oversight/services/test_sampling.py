"""Samples of the requests in scope: drawn once, kept with seed and list, gone through request by request."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from accounts.models import User
from audit.leaf import decode
from audit.models import Event
from audit.refusal import Refused
from oversight.models import Engagement, Sample, SampledState, SampleItem
from oversight.sample_page import sample_page
from oversight.sampling import draw_sample, note_item
from reviews.models import ReviewRequest
from tests.dossiers import NOW, a_draft, a_version
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
LATER = NOW + timedelta(minutes=1)


def drawn(user: User, **over: Any) -> Sample:
    given: dict[str, Any] = {
        "actor": user, "engagement_id": Engagement.objects.latest("id").pk, "size": 1, "seed": "lottery-7",
        "now": LATER,
    }  # fmt: skip
    return draw_sample(**given | over)


@pytest.mark.both_engines
def test_a_draw_keeps_its_seed_and_what_it_was_drawn_from(audited: Audited, aude: User) -> None:
    submitted(audited, "2.2")
    submitted(audited, "2.3")
    a_draft(audited.house.ravi, a_version(audited.house.ravi, number="9.9"))  # a draft is nobody's yet
    sample = drawn(aude, size=2)
    listed = sorted(sample.population)
    ranked = sorted(
        listed, key=lambda reference: hashlib.sha256(f"lottery-7:{reference}".encode()).hexdigest()
    )
    assert len(listed) == 3
    assert [item.request.reference for item in sample.items.all()] == ranked[:2]
    told = Event.objects.get(verb="sample.drawn")
    data = told_data(told)
    assert (data["seed"], data["amount"], data["population"], data["drawn"]) == (
        "lottery-7",
        2,
        3,
        ranked[:2],
    )
    assert (
        data["population_sha256"]
        == hashlib.sha256("".join(f"{one}\n" for one in listed).encode()).hexdigest()
    )
    assert (told.root_type, told.root_id) == ("oversight.engagement", str(sample.engagement_id))


def submitted(audited: Audited, number: str) -> ReviewRequest:
    """Return a further request in scope."""
    request = a_draft(audited.house.ravi, a_version(audited.house.ravi, number=number))
    ReviewRequest.objects.filter(pk=request.pk).update(submitted_at=NOW)
    return request


def told_data(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = decode(bytes(event.leaf))["data"]
    return found


def test_the_same_seed_draws_the_same_and_an_empty_one_is_made_up(audited: Audited, aude: User) -> None:
    submitted(audited, "2.2")
    first, again = drawn(aude), drawn(aude)
    assert [item.request_id for item in first.items.all()] == [item.request_id for item in again.items.all()]
    seeds = {drawn(aude, seed="").seed for _time in range(3)}
    assert len(seeds) == 3
    assert all(len(seed) == 32 for seed in seeds)


def test_what_came_into_scope_after_the_draw_is_said_and_the_draw_still_repeats(
    audited: Audited, aude: User
) -> None:
    sample = drawn(aude, size=5)
    assert [item.request.reference for item in sample.items.all()] == [audited.request.reference]
    page = sample_page(sample, aude, LATER)
    assert (page.repeats, page.came, page.left) == (True, [], [])
    new = submitted(audited, "2.2")
    page = sample_page(Sample.objects.get(), aude, LATER)
    assert (page.repeats, page.came, page.left) == (True, [new.reference], [])


@pytest.mark.parametrize("what", ["seed", "population", "items"])
def test_a_sample_that_somebody_changed_behind_our_back_does_not_repeat(
    audited: Audited, aude: User, what: str
) -> None:
    submitted(audited, "2.2")
    sample = drawn(aude)
    other = next(one for one in sample.population if one != sample.items.get().request.reference)
    match what:
        case "seed":
            seed = next(f"s{at}" for at in range(99) if other_is_first(f"s{at}", other, sample.population))
            Sample.objects.update(seed=seed)
        case "population":
            Sample.objects.update(population=[other])
        case "items":
            SampleItem.objects.update(request=ReviewRequest.objects.get(reference=other))
    assert not sample_page(Sample.objects.get(), aude, LATER).repeats


def other_is_first(seed: str, other: str, references: list[str]) -> bool:
    return min(references, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()) == other


def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    audited: Audited, aude: User, engage: Make
) -> None:
    for wrong in ({"size": 0}, {"size": 301}, {"seed": "a b"}, {"seed": "$(x)"}, {"seed": "x" * 65}):
        with pytest.raises(Refused):
            drawn(aude, **wrong)
    nothing = engage("Aude Auditor", projects=[audited.other])
    with pytest.raises(Refused, match="No request is in scope"):
        drawn(aude, engagement_id=nothing.pk)
    assert not Sample.objects.exists()
    assert not Event.objects.filter(verb="sample.drawn").exists()


def test_only_the_auditors_of_the_engagement_draw_and_note_while_it_is_in_force(
    audited: Audited, aude: User, basil: User, lars: User, otto: User
) -> None:
    engagement = Engagement.objects.earliest("id")
    item = drawn(aude, engagement_id=engagement.pk).items.get()
    for somebody in (basil, lars, otto, audited.house.ada, audited.house.lex, audited.house.ugo):
        with pytest.raises(Http404):
            drawn(somebody, engagement_id=engagement.pk)
        with pytest.raises(Http404):
            note_item(actor=somebody, item_id=item.pk, state="looked_at", note="", now=LATER)
    for over in (engagement.ends_at, engagement.starts_at - timedelta(seconds=1)):
        with pytest.raises(Http404):
            drawn(aude, engagement_id=engagement.pk, now=over)
        with pytest.raises(Http404):
            note_item(actor=aude, item_id=item.pk, state="looked_at", note="", now=over)
    assert SampleItem.objects.get().state == SampledState.OPEN


@pytest.mark.both_engines
def test_what_an_auditor_notes_is_one_event_whose_words_may_be_erased(audited: Audited, aude: User) -> None:
    item = drawn(aude).items.get()
    with pytest.raises(Refused, match="Write what you noted"):
        note_item(actor=aude, item_id=item.pk, state="noted", note="  ", now=LATER)
    with pytest.raises(Refused, match="how far"):
        note_item(actor=aude, item_id=item.pk, state="perfect", note="", now=LATER)
    note_item(actor=aude, item_id=item.pk, state="noted", note=" The roster changed late. ", now=LATER)
    told = Event.objects.get(verb="sample.noted")
    assert told_data(told) == {"request": audited.request.reference, "state": {"old": "open", "new": "noted"}}
    assert told.disclosures.get(path="note").value == "The roster changed late."
    kept = SampleItem.objects.get()
    assert (kept.state, kept.note, kept.changed_by) == ("noted", "The roster changed late.", aude)
