"""Prints docs/state-machines.md from the tables of the rules, or checks that it says what they say."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from compliance.rules import findings
from compliance.rules import lifecycle as compliance_lifecycle
from records.rules import sealing
from reviews.rules import appeals, incidents, lifecycle, machine, meeting_lifecycle, minutes, review_lifecycle

_PAGE = """# State machines
Printed from the tables of the rules by `manage.py state_machines --write`; a test compares them.

## Request
`reviews/rules/lifecycle.py`. An amendment is a child request. An appeal changes nothing until its panel begins
(`hear_appeal`); `overturn` is a full review that rejected what was approved provisionally.

```mermaid
{request}
```

## Review of one board
`reviews/rules/review_lifecycle.py`. Open questions pause the clock; `revise` is a new revision, `reopen` a
decision that was not signed, `reassign` a request that came back from draft; `reconsider` takes a
closed review up again after the approval: for a suspension, a continuing review, or the waiver of a condition.

```mermaid
{review}
```

## Appeal
`reviews/rules/appeals.py`. Filed once against a rejection or a suspension; `not_signed` is a decision of the panel that
legal staff or its chair would not sign.

```mermaid
{appeal}
```

## Report of an incident
`reviews/rules/incidents.py`. A first report to an authority may be incomplete (`file_initial`); closed is what was
reported completely, or is not to be reported.

```mermaid
{incident}
```

## Meeting
`reviews/rules/meeting_lifecycle.py`. Called again when something changed; one that runs is closed, never cancelled.

```mermaid
{meeting}
```

## Minutes
`reviews/rules/minutes.py`. Circulated ones are taken back to be corrected; approved ones never change.

```mermaid
{minutes}
```

## Assessment
`compliance/rules/lifecycle.py`. A checklist that came due: filled in by its owner, looked at by somebody else,
accepted for good.

```mermaid
{assessment}
```

## Schedule
`compliance/rules/lifecycle.py`. A paused schedule makes no dates; what it has made stays.

```mermaid
{schedule}
```

## Action
`compliance/rules/findings.py`. What mends a finding: reported by who does it, verified or given back by somebody else.

```mermaid
{action}
```

## Exception
`compliance/rules/findings.py`. A control that may stay unmet for a time; an approved one counts until its last day.

```mermaid
{exception}
```

## Record
`records/rules/sealing.py`. From frozen data to the sealed file; why one doesn't go on is said beside its state.

```mermaid
{record}
```
"""


def page() -> str:
    """Return the text of docs/state-machines.md."""
    return _PAGE.format(
        request=machine.diagram(lifecycle.TRANSITIONS, lifecycle.RequestState.DRAFT),
        review=machine.diagram(review_lifecycle.TRANSITIONS, review_lifecycle.ReviewState.ASSIGNED),
        appeal=machine.diagram(appeals.TRANSITIONS, appeals.AppealState.FILED),
        incident=machine.diagram(incidents.TRANSITIONS, incidents.IncidentState.RAISED),
        meeting=machine.diagram(meeting_lifecycle.TRANSITIONS, meeting_lifecycle.MeetingState.PLANNED),
        minutes=machine.diagram(minutes.TRANSITIONS, minutes.MinutesState.WRITING),
        assessment=machine.diagram(
            compliance_lifecycle.ASSESSMENT_TRANSITIONS, compliance_lifecycle.AssessmentState.OPEN
        ),
        schedule=machine.diagram(
            compliance_lifecycle.SCHEDULE_TRANSITIONS, compliance_lifecycle.ScheduleState.ACTIVE
        ),
        action=machine.diagram(findings.ACTION_TRANSITIONS, findings.ActionState.OPEN),
        exception=machine.diagram(findings.EXCEPTION_TRANSITIONS, findings.ExceptionState.ASKED),
        record=machine.diagram(sealing.TRANSITIONS, sealing.SealingState.FROZEN),
    )


class Command(BaseCommand):
    help = "Check docs/state-machines.md against the tables of the rules; with --write print it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the page anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "state-machines.md"
        if options["write"]:
            path.write_text(page(), encoding="utf-8")
        if path.read_text(encoding="utf-8") != page():
            raise CommandError("docs/state-machines.md differs from the tables; write it anew with --write.")
        self.stdout.write("docs/state-machines.md says what the tables say.")
