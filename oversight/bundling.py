"""What people do with bundles: ask for one, and fetch it. What the system does: say that it is ready, delete it."""

import hashlib
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.models import Event
from audit.refusal import Refused
from imprimatur.bundle.assembling import scope_bytes
from imprimatur.tlog.checkpoint import Checkpoint
from jobs import queue
from jobs.models import Job, JobState
from oversight import shelf
from oversight.bundle_permissions import bundle_to_fetch, request_to_bundle
from oversight.models import Bundle, BundleState, Engagement
from oversight.permissions import engagement_to_read
from records.context import instant
from reminders.notices import notify
from reminders.wording import moment
from reviews.models import ReviewRequest

BUILD = "bundle.build"
KEPT = timedelta(days=14)
"""So long a bundle can be fetched, or until its engagement is over."""
ONE_DOWNLOAD = timedelta(hours=24)
"""Parts that the same person fetches within this time are one download, which broke and went on."""
UNTIL_SIGNED = timedelta(seconds=3)
"""After this time the question stands in the log under a signed head; begun sooner, the work would wait for it."""
FETCHED = "bundle.downloaded"


@transaction.atomic
def ask_for_bundle(
    *, actor: User, engagement_id: int, with_disclosures: bool, reason: str, now: datetime
) -> Bundle:
    """Ask for the bundle of an engagement; a worker makes it after the commit. Raises Http404, Refused."""
    engagement = engagement_to_read(actor, engagement_id, now)
    if engagement.ended_at is not None or engagement.ends_at <= now:
        raise Refused(_("The engagement is over, so nothing is taken away under it any more."))
    return _ask(actor, engagement, None, with_disclosures, reason.strip(), now)


@transaction.atomic
def ask_for_request_bundle(
    *, actor: User, reference: str, with_disclosures: bool, reason: str, now: datetime
) -> Bundle:
    """Ask for the bundle of one request; raises Http404, Refused."""
    request, engagement = request_to_bundle(actor, reference, now)
    return _ask(actor, engagement, request, with_disclosures, reason.strip(), now)


def demand_file(bundle: Bundle, now: datetime) -> None:
    """Raise Refused while there is no file to fetch."""
    if not bundle.may_be_fetched(now):
        raise Refused(_("There is no file of this bundle (any more). Make another one."))


@transaction.atomic
def fetch_bundle(*, actor: User, bundle_id: int, begins: bool, now: datetime) -> BinaryIO:
    """Return the file of a bundle; each download that begins is an event, going on with it is none.

    Raises Http404, and Refused while there is no file.
    """
    bundle = bundle_to_fetch(actor, bundle_id, now)
    demand_file(bundle, now)
    file = shelf.open_bundle(bundle.pk, bundle.size)
    if file is None:
        raise Refused(_("The file of this bundle is damaged or gone. Make another one."))
    if begins or not _began(actor, bundle, now):
        data = {"sha256": bundle.sha256, "bytes": bundle.size}
        trail.record(FETCHED, obj=bundle, actor=actor, now=now, data=data)
    return file


@transaction.atomic
def tell_ready(*, bundle_id: int, whole: shelf.Whole, head: Checkpoint, now: datetime) -> bool:
    """Offer the finished file, leave the event of it, and tell who asked; False when nobody waits for it any more."""
    asked = Bundle.objects.select_related("asked_by", "request", "engagement")
    bundle = asked.select_for_update(of=("self",)).get(pk=bundle_id)
    if bundle.state != BundleState.ASKED:
        return False
    bundle.state, bundle.failure, bundle.made_at = BundleState.READY, "", now
    bundle.sha256, bundle.size = whole.sha256, whole.size
    bundle.tree_size, bundle.tree_root = head.size, head.root.hex()
    bundle.save()
    trail.record(
        "bundle.made", obj=bundle, actor=None, now=now,
        data={
            "sha256": whole.sha256, "bytes": whole.size, "tree_size": head.size, "tree_root": bundle.tree_root,
        },
    )  # fmt: skip
    notify(
        person=bundle.asked_by, kind="bundle.ready", obj=bundle, once="ready", now=now,
        subject=gettext_lazy("Your bundle is ready"),
        body=format_lazy(
            gettext_lazy("It can be downloaded until {moment}. Compare its SHA-256 with the one on the page."),
            moment=lazy(moment, str)(bundle.expires_at),
        ),
        url=home_of(bundle),
    )  # fmt: skip
    return True


def sweep(now: datetime) -> int:
    """Delete the files of bundles whose time is over, and what killed workers left; return how many bundles went."""
    over = Q(expires_at__lte=now) | Q(engagement__ended_at__lte=now)
    gone = 0
    for key in Bundle.objects.filter(over).exclude(state=BundleState.GONE).values_list("pk", flat=True):
        gone += _expire(key, now)
    standing = dict(Bundle.objects.exclude(state=BundleState.GONE).values_list("pk", "state"))
    for number, paths in shelf.on_it().items():
        if number and number not in standing:
            shelf.remove(number)
        elif standing.get(number) == BundleState.READY:
            for path in paths:
                if path.name.endswith(shelf.PART):
                    path.unlink(missing_ok=True)
    return gone


@transaction.atomic
def _expire(bundle_id: int, now: datetime) -> int:
    bundle = Bundle.objects.select_for_update().get(pk=bundle_id)
    if bundle.state == BundleState.GONE:
        return 0
    bundle.state = BundleState.GONE
    bundle.save(update_fields=["state"])
    trail.record("bundle.expired", obj=bundle, actor=None, now=now, data={"sha256": bundle.sha256})
    transaction.on_commit(lambda: shelf.remove(bundle_id))
    return 1


def _ask(
    actor: User, engagement: Engagement | None, request: ReviewRequest | None, with_disclosures: bool, reason: str,
    now: datetime,
) -> Bundle:  # fmt: skip
    if with_disclosures and not reason:
        raise Refused(_("Say why the names and other personal values are needed."))
    if _is_being_made(actor, engagement, request):
        raise Refused(_("Your bundle of this is being made already."))
    kept = now + KEPT
    bundle = Bundle.objects.create(
        engagement=engagement, request=request, asked_by=actor, asked_at=now, with_disclosures=with_disclosures,
        reason=reason if with_disclosures else "", expires_at=min(kept, engagement.ends_at) if engagement else kept,
    )  # fmt: skip
    bundle.scope = scope_of(bundle)
    bundle.save(update_fields=["scope"])
    trail.record(
        "bundle.asked", obj=bundle, actor=actor, now=now, reason=bundle.reason,
        data={
            "engagement": engagement and engagement.pk, "request": request and request.reference,
            "with_disclosures": with_disclosures, "scope_sha256": scope_digest(bundle),
        },
    )  # fmt: skip
    queue.enqueue(BUILD, {"bundle": bundle.pk}, now=now, key=job_key(bundle.pk), run_at=now + UNTIL_SIGNED)
    return bundle


def home_of(bundle: Bundle) -> str:
    """Return the page on which the bundle stands."""
    if bundle.request is not None:
        return reverse("oversight:request_bundles", args=[bundle.request.reference])
    return reverse("oversight:engagement", args=[bundle.engagement_id])


def scope_of(bundle: Bundle) -> dict[str, object]:
    """Return what was asked, for people who open the bundle: no names of people, moments as the log writes them."""
    engagement, request = bundle.engagement, bundle.request
    projects = list(engagement.projects.order_by("pk").values_list("pk", flat=True)) if engagement else []
    boards = list(engagement.boards.order_by("pk").values_list("pk", flat=True)) if engagement else []
    return {
        "asked_at": _moment(bundle.asked_at),
        "boards": boards,
        "bundle": bundle.pk,
        "engagement": engagement and {"id": engagement.pk, "title": engagement.title},
        "from": _moment(engagement.period_from) if engagement else None,
        "projects": projects,
        "request": request and request.reference,
        "until": _moment(engagement.period_until) if engagement else None,
        "whole": bool(engagement and engagement.whole),
        "with_disclosures": bundle.with_disclosures,
    }


def scope_digest(bundle: Bundle) -> str:
    """Return the SHA-256 of the scope as it stands in the bundle."""
    return hashlib.sha256(scope_bytes(bundle.scope)).hexdigest()


def job_key(bundle_id: int) -> str:
    """Return the key of the job that makes the bundle."""
    return f"bundle-{bundle_id}"


def _moment(at: datetime | None) -> str | None:
    return instant(at) if at else None


def _is_being_made(actor: User, engagement: Engagement | None, request: ReviewRequest | None) -> bool:
    waiting = Bundle.objects.filter(
        asked_by=actor, engagement=engagement, request=request, state=BundleState.ASKED
    )
    keys = [job_key(key) for key in waiting.values_list("pk", flat=True)]
    return Job.objects.filter(key__in=keys).exclude(state=JobState.FAILED).exists()


def _began(actor: User, bundle: Bundle, now: datetime) -> bool:
    before = Event.objects.filter(
        object_type=Bundle._meta.label_lower,
        object_id=str(bundle.pk),
        verb=FETCHED,
        actor=str(actor.pseudonym),
    )
    return before.filter(occurred_at__gt=now - ONE_DOWNLOAD).exists()
