"""Writing a dossier: a request is drafted, people and the manifest are named."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from audit.selectors import Filter, events
from registry.models import Manifest
from registry.permissions import version_to_view
from registry.services import keep_manifest
from reviews.models import Contributor, ReferenceCounter, ReviewRequest
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change, visible_to
from reviews.permissions.standing import forget_standings
from reviews.rules.lifecycle import BEFORE_APPROVAL, RequestState
from reviews.selectors.questionnaires import in_use
from reviews.services.indexing import index_request
from reviews.services.last_dossier import propose_from_last_dossier

WORK = (
    "answer.saved",
    "proposal.taken",
    "dossier_file.added",
    "dossier_file.removed",
    "request.purpose_stated",
)


@transaction.atomic
def draft_request(
    *,
    actor: User,
    version_id: int,
    purpose: str,
    language: str = "en",
    amends_id: int | None = None,
    questions: str = "",
    now: datetime,
) -> ReviewRequest:
    """Draft a request to release the version; `purpose` says for whom and what for, `amends_id` what it continues,
    `questions` which version of the questionnaire it answers ("": the one in use). Answers of the last dossier of the
    same model are proposed.

    Raises Refused while another request for the same version is open.
    """
    version = version_to_view(actor, version_id, now)
    require(drafting.why_not_draft(actor, version.model.project, now))
    if not purpose.strip():
        raise Refused(_("Say what is asked: a release for whom, and what for."))
    amended = (
        visible_to(actor, now).filter(pk=amends_id, project=version.model.project).first()
        if amends_id
        else None
    )
    if amends_id and amended is None:
        raise Refused(_("The request that this one continues isn't in the same project."))
    request = new_draft(
        ReviewRequest(
            version=version, project=version.model.project, requester=actor, language=language,
            purpose=purpose.strip(), questionnaire=questions or in_use().version, amends=amended,
        ),
        now,
    )  # fmt: skip
    proposed = propose_from_last_dossier(request, actor, now)
    trail.record(
        "request.drafted", obj=request, actor=actor, now=now, also=proposed.all,
        data={
            "reference": request.reference, "version": version.pk, "questionnaire": request.questionnaire,
            "proposals": len(proposed.made),
        },
    )  # fmt: skip
    index_request(request.pk)
    return request


def new_draft(request: ReviewRequest, now: datetime) -> ReviewRequest:
    """Save the request as a draft with the next reference; the caller records it. Raises Refused while one is open."""
    request.reference = next_reference(
        now
    )  # locks the year's counter, so two drafts of one version can't pass the check
    if ReviewRequest.objects.filter(version=request.version, state__in=BEFORE_APPROVAL).exists():
        raise Refused(
            _("A request for this version is open already. Work on that one, or withdraw it first.")
        )
    request.state, request.state_since, request.created_at = RequestState.DRAFT, now, now
    request.save()
    return request


def next_reference(now: datetime) -> str:
    """Return the next number of the year, "IMP-2026-0001"; the year's counter stays locked until the commit."""
    ReferenceCounter.objects.get_or_create(year=now.year)
    counter = ReferenceCounter.objects.select_for_update().get(year=now.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"IMP-{counter.year}-{counter.last:04}"


@transaction.atomic
def state_purpose(*, actor: User, request_id: int, purpose: str, now: datetime) -> ReviewRequest:
    """Say anew what is asked, while the request is a draft."""
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    if not purpose.strip():
        raise Refused(_("Say what is asked: a release for whom, and what for."))
    if request.purpose != purpose.strip():
        request.purpose = purpose.strip()
        request.save(update_fields=["purpose"])
        trail.record("request.purpose_stated", obj=request, actor=actor, now=now)
        index_request(request.pk)
    return request


@transaction.atomic
def attach_manifest(
    *, actor: User, request_id: int, text: bytes, total_size: int | None = None, now: datetime
) -> Manifest:
    """Make the `sha256sum` text the manifest of the request's version; raises ManifestInvalid with the wrong lines."""
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    return keep_manifest(actor=actor, version=request.version, text=text, total_size=total_size, now=now)


@transaction.atomic
def add_contributor(*, actor: User, request_id: int, person: User, now: datetime) -> Contributor:
    """Let the person edit the dossier; from then on they may not judge the request."""
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_name_contributors(actor, request, now))
    if not person.is_active:
        raise Refused(_("This account is deactivated."))
    if person.pk == request.requester_id:
        raise Refused(_("The requester works on the dossier anyway."))
    part, is_new = Contributor.objects.get_or_create(
        request=request, person=person, defaults={"added_at": now, "added_by": actor}
    )
    if is_new:
        trail.record(
            "contributor.added", obj=request, actor=actor, now=now, personal={"person": person.display_name},
            data={"person": str(person.pseudonym)}, also=[part],
        )  # fmt: skip
        forget_standings(request)
    return part


@transaction.atomic
def remove_contributor(*, actor: User, request_id: int, person_id: int, now: datetime) -> None:
    """End the person's part in a draft, unless they have worked on it: then they never judge the request.

    The log is asked, because the rows forget who wrote what somebody else has changed since.
    """
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_name_contributors(actor, request, now))
    part = Contributor.objects.filter(request=request, person=person_id).select_related("person").first()
    if part is None:
        return
    if _has_worked(part.person, request):
        raise Refused(
            _("This person has answered questions, so the part stays: they may not judge the request.")
        )
    trail.record(
        "contributor.removed", obj=request, actor=actor, now=now, personal={"person": part.person.display_name},
        data={"person": str(part.person.pseudonym)}, gone=[part],
    )  # fmt: skip
    part.delete()
    forget_standings(request)


def _has_worked(person: User, request: ReviewRequest) -> bool:
    """Say whether the person wrote an answer or the purpose, gave or took out a file, or attached the manifest."""
    story = Filter(root=(request._meta.label_lower, str(request.pk)), actors=(str(person.pseudonym),))
    return (
        events(story).filter(verb__in=WORK).exists()
        or Manifest.objects.filter(version=request.version_id, added_by=person).exists()
    )
