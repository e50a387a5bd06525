"""Pages of the registry: models, projects, versions and manifests."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.selectors import person_by_email
from audit.file_names import harmless
from audit.refusal import Refused
from audit.selectors import Cursor, timeline
from imprimatur.cards.stated import Card
from imprimatur.dossier.facts import facts_of
from registry import panels, permissions, selectors, services
from registry.card_authors import stated_authors
from registry.card_files import read_upload, size_sent
from registry.card_words import doubt_in_words
from registry.forms import ManifestForm, ModelForm, ProjectForm, ShareForm, StatedFactsForm, VersionForm


@require_safe
@login_required
def model_list(request: HttpRequest) -> HttpResponse:
    """Show the models that the person may see, and their projects."""
    user, now, asked = _user(request), timezone.now(), request.GET
    text = asked.get("q", "").strip()[:100]
    before, after = Cursor.parse(asked.get("before", "")), Cursor.parse(asked.get("after", ""))
    page = selectors.models_page(user, now, text=text, before=before, after=after)
    projects = selectors.projects_with_counts(user, now)[:100]
    why_not = permissions.why_not_found_project(user)
    return render(
        request,
        "registry/model_list.html",
        {"page": page, "text": text, "projects": projects, "why_not_found": why_not},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_project(request: HttpRequest) -> HttpResponse:
    """Open a project."""
    user = _user(request)
    if reason := permissions.why_not_found_project(user):
        raise PermissionDenied(reason)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        project = services.found_project(actor=user, now=timezone.now(), **form.cleaned_data)
        return redirect("registry:project", project.pk)
    return render(request, "registry/new_project.html", {"form": form})


@require_safe
@login_required
def project_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show a project: its models, who is in it, what happened."""
    user, now = _user(request), timezone.now()
    return _project_page(request, user, project_id, ShareForm(), now=now)


def _project_page(
    request: HttpRequest, user: User, project_id: int, form: ShareForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    project = permissions.project_to_view(user, project_id, now)
    context = {
        "project": project,
        "models": selectors.models_of(project),
        "grants": selectors.members_of(project, now),
        "why_not_contribute": permissions.why_not_contribute(user, project, now),
        "why_not_share": permissions.why_not_share(user, project, now),
        "form": form,
        "story": timeline(project, limit=20),
    }
    return render(request, "registry/project_page.html", context, status=status)


@require_POST
@login_required
def share(request: HttpRequest, project_id: int) -> HttpResponse:
    """Let a person into the project."""
    user, now = _user(request), timezone.now()
    permissions.project_to_share(user, project_id, now)
    form = ShareForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        person = person_by_email(given["email"])
        if person is None:
            form.add_error("email", _("Nobody here has this address. An administrator can invite them."))
        else:
            return _shared(request, user, project_id, person, may=given["may_contribute"] == "contribute")
    return _project_page(request, user, project_id, form, now=now, status=422)


def _shared(request: HttpRequest, user: User, project_id: int, person: User, *, may: bool) -> HttpResponse:
    try:
        services.share_project(
            actor=user, project_id=project_id, person=person, may_contribute=may, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("{name} may come in from now on.").format(name=person.display_name))
    return redirect("registry:project", project_id)


@require_POST
@login_required
def end(request: HttpRequest, project_id: int, grant_id: int) -> HttpResponse:
    """End a person's permission on the project."""
    try:
        services.end_grant(actor=_user(request), project_id=project_id, grant_id=grant_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("registry:project", project_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_model(request: HttpRequest, project_id: int) -> HttpResponse:
    """Name a model in the project."""
    user, now = _user(request), timezone.now()
    project = permissions.project_to_contribute_to(user, project_id, now)
    form = ModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            model = services.register_model(actor=user, project_id=project.pk, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("registry:new_version", model.pk)
    return render(request, "registry/new_model.html", {"form": form, "project": project})


@require_safe
@login_required
def model_page(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show a model and its versions."""
    user, now = _user(request), timezone.now()
    model = permissions.model_to_view(user, model_id, now)
    context = {
        "model": model,
        "versions": selectors.versions_of(model)[:200],
        "why_not_contribute": permissions.why_not_contribute(user, model.project, now),
    }
    return render(request, "registry/model_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_version(request: HttpRequest, model_id: int) -> HttpResponse:
    """Register a version of the model."""
    user, now = _user(request), timezone.now()
    model = permissions.model_to_contribute_to(user, model_id, now)
    reads = "read" in request.POST
    form, faults = _stated_facts(request) if reads else (VersionForm(request.POST or None), [])
    if request.method == "POST" and not reads and form.is_valid():
        try:
            version = services.register_version(actor=user, model=model, facts=form.facts(), now=now)
        except Refused as refusal:
            form.add_error("number", str(refusal))
        else:
            return redirect("registry:version", version.pk)
    context = {"form": form, "model": model, "reader": StatedFactsForm(), "faults": faults}
    return render(request, "registry/new_version.html", context)


def _stated_facts(request: HttpRequest) -> tuple[VersionForm, list[str]]:
    """Return the form filled with what the files state, and what is wrong with files that can't be read."""
    cards, faults = [], []
    for field in ("card", "weights"):
        upload = request.FILES.get(field)
        if not isinstance(upload, UploadedFile):
            continue
        name, outcome = harmless(upload.name or ""), read_upload(upload, size_sent(request.POST, field))
        if isinstance(outcome, Card):
            cards.append((name, outcome))
        else:
            faults.append(f"{name}: {doubt_in_words(outcome.doubt)}")
    facts, authors = facts_of(cards), stated_authors(cards)
    if not faults and not facts and not authors:
        faults.append(_("The files state no fact that this form asks for."))
    named = "\n".join(f"{one.name} <{one.email}>" if one.email else one.name for one in authors)
    form = VersionForm(initial={fact.field: fact.value for fact in facts} | {"card_authors": named})
    form.tell_where(facts)
    return form, faults


@require_safe
@login_required
def version_page(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the facts of a version, its manifest and what happened."""
    user, now = _user(request), timezone.now()
    version = permissions.version_to_view(user, version_id, now)
    context = {
        "version": version,
        "manifest": selectors.manifest_of(version),
        "why_not_contribute": permissions.why_not_contribute(user, version.model.project, now),
        "story": timeline(version, limit=20),
        "panels": panels.panels_of(version, user, now),
        "authors": list(version.card_authors.all()),
    }
    return render(request, "registry/version_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manifest(request: HttpRequest, version_id: int) -> HttpResponse:
    """Attach a manifest to the version."""
    user, now = _user(request), timezone.now()
    version = permissions.version_to_contribute_to(user, version_id, now)
    form = ManifestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.attach_manifest(
            actor=user, version_id=version.pk, text=given["content"], total_size=given["total_size"], now=now
        )
        return redirect("registry:version", version.pk)
    context = {"form": form, "version": version, "manifest": selectors.manifest_of(version)}
    return render(request, "registry/manifest.html", context)


@require_safe
@login_required
def manifest_text(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hand out the manifest of the version as it was hashed."""
    version = permissions.version_to_view(_user(request), version_id, timezone.now())
    if version.manifest is None:
        raise Http404
    response = HttpResponse(bytes(version.manifest.text), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{version.manifest.sha256[:16]}.sha256"'
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
