"""Pages around a draft: a new request, its manifest, who works on it and what is asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import person_by_email
from audit.refusal import Refused
from registry.forms import ManifestForm
from registry.selectors import manifest_of, versions_to_draft_for
from reviews.forms.dossier import ContributorForm, NewRequestForm, PurposeForm
from reviews.permissions.drafting import why_not_edit, why_not_name_contributors
from reviews.permissions.reasons import require
from reviews.selectors.addresses import dossier_address
from reviews.selectors.people_of_request import writers_of
from reviews.services.drafting import (
    add_contributor,
    attach_manifest,
    draft_request,
    remove_contributor,
    state_purpose,
)
from reviews.views.acting import asked, attempt, person
from reviews.views.refusing import tells_refusals


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_request(request: HttpRequest) -> HttpResponse:
    """Draft a request for a model version."""
    user, now = person(request), timezone.now()
    models = list(versions_to_draft_for(user, now))
    given = {"version": request.GET.get("version", ""), "language": user.language}
    form = NewRequestForm(models, request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = draft_request(
                actor=user,
                version_id=said["version"],
                purpose=said["purpose"],
                language=said["language"],
                now=now,
            )
        except Refused as refusal:
            form.add_error("version", str(refusal))
        else:
            return redirect(dossier_address(found.reference))
    context = {"form": form, "has_versions": any(model.versions.all() for model in models)}
    return render(request, "reviews/new_request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def manifest(request: HttpRequest, reference: str) -> HttpResponse:
    """Attach the manifest to the version of the request."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    form = ManifestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        attach_manifest(
            actor=user, request_id=found.pk, text=said["content"], total_size=said["total_size"], now=now
        )
        messages.success(request, _("The manifest is attached."))
        return redirect(dossier_address(reference))
    context = {"form": form, "found": found, "reference": reference, "manifest": manifest_of(found.version)}
    return render(request, "reviews/manifest.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def contributors(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who may edit the dossier; the requester lets others in."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    form = ContributorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = person_by_email(form.cleaned_data["email"])
        if other is None:
            form.add_error("email", _("Nobody here has this address. An administrator can invite them."))
        else:
            attempt(
                request,
                lambda: add_contributor(actor=user, request_id=found.pk, person=other, now=now),
                _("{name} may edit the dossier, and may not judge it.").format(name=other.display_name),
            )
            return redirect("reviews:contributors", reference)
    context = {
        "found": found,
        "reference": reference,
        "writers": writers_of(found),
        "form": form,
        "purpose_form": PurposeForm(initial={"purpose": found.purpose}),
        "why_not": why_not_name_contributors(user, found, now),
    }
    return render(request, "reviews/contributors.html", context)


@require_POST
@login_required
@tells_refusals
def end_part(request: HttpRequest, reference: str, person_id: int) -> HttpResponse:
    """End a contributor's part in the draft."""
    user, found, now = asked(request, reference)
    remove_contributor(actor=user, request_id=found.pk, person_id=person_id, now=now)
    return redirect("reviews:contributors", reference)


@require_POST
@login_required
@tells_refusals
def purpose(request: HttpRequest, reference: str) -> HttpResponse:
    """Say anew what is asked."""
    user, found, now = asked(request, reference)
    state_purpose(actor=user, request_id=found.pk, purpose=request.POST.get("purpose", "")[:300], now=now)
    messages.success(request, _("Saved."))
    return redirect("reviews:contributors", reference)
