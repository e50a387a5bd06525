"""Steps after an approval: its continuing review, its renewal, and incidents with their clocks."""

from datetime import datetime, timedelta

from desk.sample.content_files import Data
from desk.sample.world import Act, Made, World, speaking
from reviews.models import ContinuingReview, Decision, ReviewRequest
from reviews.services.continuing import Report, open_continuing_review, report_continuing
from reviews.services.following import draft_renewal
from reviews.services.incident_filing import file_report
from reviews.services.incidents import Told, classify_incident, raise_incident


def continuing(request: Data, _step: Data) -> Act:
    """Open the continuing review of the approval, as the clock does."""

    def act(world: World, now: datetime) -> None:
        decision = Decision.objects.filter(request=world.id(f"request:{request['key']}")).latest("id")
        open_continuing_review(decision_id=decision.pk, now=now)

    return act


def continuing_report(request: Data, step: Data) -> Act:
    """Report for the continuing review."""

    def act(world: World, now: datetime) -> None:
        review = ContinuingReview.objects.get(decision__request=world.id(f"request:{request['key']}"))
        said = Report(step["changes"], step["incidents"], step["monitoring"], step.get("conditions", ""))
        with speaking(world.person(request["requester"])) as actor:
            report_continuing(actor=actor, review_id=review.pk, report=said, now=now)

    return act


def renew(request: Data, _step: Data) -> Act:
    """Draft the renewal of the approval."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(request["requester"])) as actor:
            draft_renewal(actor=actor, request_id=world.id(f"request:{request['key']}"), now=now)

    return act


def incident(request: Data, step: Data) -> Act:
    """Report what went wrong; `hours` before, one became aware of it. It is known by its name from then on."""

    def act(world: World, now: datetime) -> Made:
        version = ReviewRequest.objects.get(pk=world.id(f"request:{request['key']}")).version_id
        aware = now - timedelta(hours=step["hours"])
        told = Told(step["text"], step.get("harm", ""), step.get("measures", ""))
        with speaking(world.person(step["by"])) as actor:
            report = raise_incident(
                actor=actor, told=told, happened_at=aware - timedelta(hours=1), aware_at=aware, now=now,
                version_id=version,
            )  # fmt: skip
        return {f"incident:{step['name']}": report.incident_id}

    return act


def classify(_request: Data, step: Data) -> Act:
    """Give the incident its class."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            classify_incident(
                actor=actor, number=world.id(f"incident:{step['name']}"), kind=step["kind"], reason=step["reason"],
                now=now,
            )  # fmt: skip

    return act


def file_incident(_request: Data, step: Data) -> Act:
    """Enter what went to an authority."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            file_report(
                actor=actor, number=world.id(f"incident:{step['name']}"), kind=step["kind"],
                authority=step["authority"], text=step["text"], filed_at=now - timedelta(hours=1), now=now,
            )  # fmt: skip

    return act
