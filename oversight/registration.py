"""What oversight tells the apps below it when the product starts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.grants import fields_of_grant
from audit import scope, tracking, verbs, words
from audit.models import Event
from jobs import registry
from oversight import access
from oversight.building import build
from oversight.bundling import BUILD
from oversight.models import Bundle, Engagement, EngagementGrant, Sample, SampleItem
from oversight.narrowing import narrowed
from oversight.permissions import may_oversee
from oversight.waiting import SOURCE
from records import permissions
from records.models import Record
from reminders import waiting
from reviews.models import ReviewRequest
from reviews.permissions import containers

RECORD = Record._meta.label_lower
WATCHED_WORDS = {
    "log": _("log"), "engagement": _("engagement"), "record": _("record"), "request": _("request"),
    "check": _("checklist"), "model": _("model"), "version": _("model version"), "project": _("project"),
    "board": _("board"), "finding": _("finding"), "exception": _("exception"), "evidence": _("evidence"),
    "incident": _("incident"), "requests": _("list of the requests in scope"), "sample": _("sample"),
}  # fmt: skip
TAKEN_WORDS = {
    "oversight:checkpoint": _("checkpoint"), "oversight:earlier_checkpoint": _("checkpoint"),
    "oversight:exact_bytes": _("exact bytes of an event"), "oversight:proof": _("proof of an event"),
    "oversight:log_policy": _("keys of the log"),
}  # fmt: skip


def register() -> None:
    """Register verbs, words, tracked fields and places; let auditors read records that an engagement covers."""
    verbs.register("engagement.made", _("Engagement made"), _("Auditors were asked to look at something."))
    verbs.register("engagement.ended", _("Engagement ended"), _("An engagement was ended before its time."))
    verbs.register("engagement.viewed", _("Looked at"), _("An auditor read something under an engagement."))
    verbs.register(
        "engagement.downloaded", _("Taken away"), _("An auditor downloaded something under an engagement.")
    )
    verbs.register(
        "sample.drawn", _("Sample drawn"), _("Requests were drawn at random, from a seed that is kept.")
    )
    verbs.register(
        "sample.noted", _("Sample gone through"), _("An auditor said how far a request of a sample is.")
    )
    verbs.register(
        "bundle.asked", _("Bundle asked for"), _("Somebody asked for what proves the log elsewhere.")
    )
    verbs.register("bundle.made", _("Bundle made"), _("The file of a bundle is whole and can be fetched."))
    verbs.register("bundle.downloaded", _("Bundle downloaded"), _("Somebody began to download a bundle."))
    verbs.register(
        "bundle.expired", _("Bundle deleted"), _("The file of a bundle was deleted; its digest is kept.")
    )
    verbs.register(
        "checkpoint.mailed",
        _("Checkpoint mailed"),
        _("Auditors were mailed the newest checkpoint of the log."),
    )
    verbs.register("log.exported", _("Log taken away"), _("Events of the log were downloaded as a file."))
    verbs.leave_as_is("log.exported", "engagement.viewed", "engagement.downloaded", "bundle.downloaded")
    for key, word in {
        "auditors": _("auditors"), "whole": _("whole organisation"), "projects": _("projects"),
        "period_from": _("looked at from"), "period_until": _("looked at until"), "seed": _("seed"),
        "amount": _("how many"), "draw": _("method of the draw"), "population": _("requests in scope"),
        "population_sha256": _("digest of the list"), "drawn": _("drawn"), "what": _("what"),
        "scope_sha256": _("digest of what was asked"), "bytes": _("bytes"), "tree_size": _("leaves of the log"),
        "tree_root": _("root of the log"), "with_disclosures": _("with personal values"), "key": _("which"),
        "starts_at": _("begins"), "ends_at": _("ends"), "last": _("number of the last event"),
        "engagements": _("engagements"), "engagement": _("engagement"), "request": _("request"), "note": _("note"),
        "personal_data": _("with personal data"), "origin": _("name of the log"),
        "filter object": _("filter: object"), "filter person": _("filter: person"),
        "filter event": _("filter: event"), "filter from": _("filter: from"), "filter until": _("filter: until"),
    }.items():  # fmt: skip
        words.register(key, word)
    words.register_values("what", {**WATCHED_WORDS, **TAKEN_WORDS})
    words.register_values(
        "state",
        {
            "open": pgettext_lazy("checklist", "open"), "looked_at": _("looked at, nothing found"),
            "noted": _("looked at, something noted"),
        },
    )  # fmt: skip
    tracking.track(EngagementGrant, fields_of_grant(EngagementGrant))
    verbs.register(
        access.MOVED,
        _("Access of auditors moved"),
        _("Auditors were let in or out, as their engagements began or ended."),
    )
    verbs.leave_as_is(access.MOVED)
    tracking.track(
        Engagement, ["title", "whole", "period_from", "period_until", "starts_at", "ends_at", "ended_at"]
    )
    tracking.track(Engagement.projects.through, ["engagement", "project"])
    tracking.track(Engagement.boards.through, ["engagement", "board"])
    tracking.track(Sample, ["engagement", "method", "seed", "size", "population", "population_sha256"])
    tracking.track(SampleItem, ["sample", "place", "request", "state"])
    tracking.track(
        Bundle,
        ["engagement", "request", "with_disclosures", "scope", "state", "expires_at", "sha256", "size", "tree_size",
         "tree_root"],
    )  # fmt: skip
    scope.register(Bundle._meta.label_lower, place_of_bundle)
    registry.register(BUILD, build, label=_("Bundle"), lease=timedelta(minutes=5))
    scope.register(Sample._meta.label_lower, lambda sample: _within(sample.engagement_id))
    scope.register(SampleItem._meta.label_lower, lambda item: _within(item.sample.engagement_id))
    permissions.register_overseer(may_oversee)
    scope.register(RECORD, place_of_record)
    waiting.register(SOURCE)
    containers.register_narrowing(narrowed)


def _within(engagement_id: int) -> scope.Place:
    """Return the place of what belongs to an engagement: its auditors see it, whatever they audit."""
    return scope.Place(root=(Engagement._meta.label_lower, engagement_id))


def place_of_bundle(bundle: Bundle) -> scope.Place:
    """Return the engagement that the bundle was asked for under, or the request that it is about."""
    if bundle.engagement_id is not None:
        return _within(bundle.engagement_id)
    assert bundle.request is not None
    return scope.Place(
        project=bundle.request.project_id, root=(ReviewRequest._meta.label_lower, bundle.request.pk)
    )


def place_of_record(record: Record) -> scope.Place:
    """Return where a record belongs: to the thing it is about, in the project of that thing's events."""
    root = (record.object_type, record.object_id)
    project = Event.objects.filter(root_type=root[0], root_id=root[1]).exclude(project="").order_by("-id")
    return scope.Place(project=project.values_list("project", flat=True).first(), root=root)
