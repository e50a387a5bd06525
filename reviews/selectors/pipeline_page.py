"""What a release pipeline needs of an approval: its state and history, what to fetch, and the command of the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from records.attestation.rows import (
    Attestation,
    AttestationKey,
    Attested,
    Standing,
    StandingChange,
    StatusList,
)
from records.attestation.status import newest
from reviews.models import Condition, Decision, ReviewRequest
from reviews.models.condition import SETTLED
from reviews.rules.condition_checks import checks_in
from reviews.selectors.clock_picture import LEAST, WIDTH, Stretch
from reviews.selectors.words import Badge

STANDINGS: dict[str, Badge] = {
    Standing.VALID: Badge("good", "shield-check", pgettext_lazy("an attestation", "valid")),
    Standing.SUSPENDED: Badge("bad", "hand-stop", pgettext_lazy("an attestation", "suspended")),
    Standing.REVOKED: Badge("bad", "door-exit", pgettext_lazy("an attestation", "withdrawn")),
    Standing.SUPERSEDED: Badge(
        "", "git-compare", pgettext_lazy("an attestation", "ended by a newer decision")
    ),
    Standing.EXPIRED: Badge("", "clock", pgettext_lazy("an attestation", "expired")),
}
REASONS: dict[str, StrOrPromise] = {
    "": "",
    "suspended_by_person": _("by a person, until the board decides"),
    "condition_overdue": _("by the policy, because a condition is overdue"),
    "ratified_by_board": _("ratified by the board"),
    "withdrawn": _("for good"),
    "newer_decision": _("by a newer decision"),
    "date_passed": _("its last day has passed"),
}
OCCASIONS: dict[str, StrOrPromise] = {
    "approved": _("Approved"),
    "condition_met": _("A condition was met"),
    "condition_waived": _("A condition was waived"),
    "key_changed": _("The keys changed"),
    "lifted": _("A suspension ended"),
    "superseded": _("A newer decision came into force"),
}
_DRAWN = {Standing.VALID: "running", Standing.SUSPENDED: "paused"}


@dataclass(frozen=True, slots=True)
class Period:
    """How the approval stood in a time: as words, and as a stretch of the picture."""

    badge: Badge
    why: StrOrPromise
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Issued:
    """An attestation, why it was made, and where it lies."""

    row: Attestation
    why: StrOrPromise
    address: str


@dataclass(frozen=True, slots=True)
class PipelinePage:
    """The page; `attested` None: the attestation is still to come."""

    request: ReviewRequest
    decision: Decision
    attested: Attested | None = None
    badge: Badge | None = None
    why: StrOrPromise = ""
    periods: tuple[Period, ...] = ()
    now_at: int = 0
    issued: tuple[Issued, ...] = ()
    status: StatusList | None = None
    keys: tuple[AttestationKey, ...] = ()
    holding: tuple[Condition, ...] = ()
    environments: tuple[str, ...] = ()
    is_public: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether the gate lets the approved bytes through, as far as can be told here."""
        return self.attested is not None and self.attested.standing == Standing.VALID and not self.holding

    @property
    def files(self) -> dict[str, str]:
        """Return the addresses to fetch, by the name that the command gives them."""
        assert self.attested is not None
        name, lie = self.attested.reference, addresses_of(self.attested)
        return {
            f"{name}.jsonl": lie.attestation,
            f"{name}.manifest": lie.manifest,
            "status-list.json": lie.status_list,
        }

    @property
    def keys_address(self) -> str:
        """Return where the public keys lie."""
        return _base() + reverse("records:attestation_keys")

    @property
    def fetching(self) -> str:
        """Return the commands that fetch them; with a token where they aren't for everybody."""
        token = "" if self.is_public else '-H "Authorization: Bearer $IMPRIMATUR_TOKEN" '
        return "\n".join(f"curl -fsS {token}-o {name} {address}" for name, address in self.files.items())

    @property
    def command(self) -> str:
        """Return the command of the gate."""
        assert self.attested is not None
        name = self.attested.reference
        lines = [
            f"imprimatur gate model/ --decision {name}.jsonl",
            "  --status status-list.json --key attestation-keys.pem",
        ]
        if self.environments:
            lines.append(f"  --environment {self.environments[0]}")
        return " \\\n".join(lines)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a pipeline fetches what the gate asks for."""

    attestation: str
    manifest: str
    status_list: str
    keys: str


def addresses_of(attested: Attested) -> Addresses:
    """Return the stable addresses about an attested decision, whole."""
    base = _base()
    return Addresses(
        attestation=base + reverse("records:attestation", args=[attested.uid]),
        manifest=base + reverse("records:approved_manifest", args=[attested.uid]),
        status_list=base + reverse("records:status_list"),
        keys=base + reverse("records:attestation_keys"),
    )


def addresses_for(request: ReviewRequest) -> Addresses | None:
    """Return the addresses about the last approval of the request, None until it is attested; two queries."""
    decision = _last_approval(request)
    attested = _attested(decision) if decision else None
    return addresses_of(attested) if attested else None


def _base() -> str:
    return settings.BASE_URL.rstrip("/")


def _last_approval(request: ReviewRequest) -> Decision | None:
    return Decision.objects.filter(request=request, approved_at__isnull=False).order_by("number").last()


def _attested(decision: Decision) -> Attested | None:
    found = Attested.objects.filter(object_type=Decision._meta.label_lower, object_id=str(decision.pk))
    return found.first()


def pipeline_page(request: ReviewRequest, now: datetime) -> PipelinePage | None:
    """Return the page about the approval of the request; None where nothing was approved."""
    decision = _last_approval(request)
    if decision is None:
        return None
    attested = _attested(decision)
    if attested is None:
        return PipelinePage(request, decision)
    conditions = list(decision.conditions.order_by("number"))
    changes = list(attested.changes.order_by("id"))
    scale = _Scale(changes[0].since, attested.valid_until)
    return PipelinePage(
        request=request,
        decision=decision,
        attested=attested,
        badge=STANDINGS[attested.standing],
        why=REASONS.get(attested.reason, attested.reason),
        periods=_periods(scale, changes, now),
        now_at=scale.x(now),
        issued=tuple(_issued(attested, row) for row in attested.attestations.order_by("-number")),
        status=newest(),
        keys=tuple(AttestationKey.objects.filter(until__isnull=True)),
        holding=tuple(one for one in conditions if one.blocks_release and one.state not in SETTLED),
        environments=tuple(
            name for one in conditions for check in checks_in(one.text) for name in check.environments
        ),
        is_public=settings.ATTESTATIONS_PUBLIC,
    )


def _issued(attested: Attested, row: Attestation) -> Issued:
    address = reverse("records:attestation_number", args=[attested.uid, row.number])
    return Issued(row, OCCASIONS.get(row.occasion, row.occasion), address)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the first state to the last day."""

    first: datetime
    last: datetime

    def x(self, moment: datetime) -> int:
        """Return where the moment lies, in thousandths of the picture."""
        total = (self.last - self.first).total_seconds() or 1
        return round(WIDTH * min(max((moment - self.first).total_seconds() / total, 0), 1))


def _periods(scale: _Scale, changes: Sequence[StandingChange], now: datetime) -> tuple[Period, ...]:
    """Return how it stood one after the other; what lasts is drawn up to now."""
    ends = [change.since for change in changes[1:]]
    found = []
    for change, until in zip(changes, [*ends, None], strict=True):
        x = scale.x(change.since)
        width = max(scale.x(until or now) - x, LEAST)
        stretch = Stretch(_DRAWN.get(Standing(change.standing), "idle"), change.since, until, "", x, width)
        found.append(Period(STANDINGS[change.standing], REASONS.get(change.reason, change.reason), stretch))
    return tuple(found)
