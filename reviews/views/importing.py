"""The page where answers are read from model cards, dataset metadata and headers of weights."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from audit.file_names import harmless
from registry.card_files import read_pasted, read_upload, size_sent
from reviews.forms.importing import ImportForm
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.selectors.addresses import dossier_address
from reviews.selectors.import_page import ImportPage, Reading, import_page
from reviews.services.importing import propose_sealed, seal
from reviews.views.acting import asked
from reviews.views.refusing import tells_refusals


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def import_files(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what the files say for the dossier; nothing is kept."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    form = ImportForm(request.POST or None, request.FILES or None)
    page: ImportPage | None = None
    sealed = ""
    if request.method == "POST" and form.is_valid():
        page = import_page(found, _readings(request, form))
        if page.found or page.authors:
            sealed = seal(page.proposals, actor=user, request=found, authors=page.authors)
    context = {"form": form, "found": found, "reference": reference, "page": page, "sealed": sealed}
    status = 422 if request.method == "POST" and page is None else 200
    return render(request, "reviews/import.html", context, status=status)


@require_POST
@login_required
@tells_refusals
def propose_found(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what the preview showed as proposals."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    count = propose_sealed(actor=user, request=found, sealed=request.POST.get("sealed", ""), now=now)
    messages.success(request, ngettext(
        "%(count)d proposal stands beside its question. It is no answer until you take it.",
        "%(count)d proposals stand beside their questions. None is an answer until you take it.", count,
    ) % {"count": count} if count else _("There was nothing new to propose."))  # fmt: skip
    return redirect(dossier_address(reference))


def _readings(request: HttpRequest, form: ImportForm) -> list[Reading]:
    """Read each file; one that can't be read doesn't keep the others from it."""
    given: list[UploadedFile[bytes]] = form.cleaned_data["sources"]
    readings = [
        Reading(harmless(upload.name or ""), read_upload(upload, size_sent(request.POST, "sources", number)))
        for number, upload in enumerate(given)
    ]
    if text := form.cleaned_data["text"].strip():
        readings.append(Reading(_("pasted text"), read_pasted(text)))
    return _apart(readings)


def _apart(readings: list[Reading]) -> list[Reading]:
    """Give files of one name different ones: "card.md", "card.md (2)"."""
    seen: dict[str, int] = {}
    apart = []
    for reading in readings:
        count = seen[reading.name] = seen.get(reading.name, 0) + 1
        apart.append(reading if count == 1 else Reading(f"{reading.name} ({count})", reading.outcome))
    return apart
