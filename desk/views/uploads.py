"""The way of a large file: parts are taken in, in order; whose it is and what it is for was settled when it began."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.views.decorators.http import require_http_methods

from audit import uploads
from audit.refusal import Refused
from audit.selectors import whole_number


@require_http_methods(["GET", "POST", "DELETE"])
@login_required
def upload(request: HttpRequest, token: str) -> JsonResponse:
    """Take in the next part (its place in the header Upload-Offset), say how far the file is, or forget it.

    409 with the right offset when the part belongs elsewhere, as after a connection that was cut.
    """
    found = uploads.find(token, person=request.user.pk or 0)
    if found is None:
        raise Http404
    if request.method == "DELETE":
        uploads.discard(found)
        return JsonResponse({"offset": 0})
    if request.method == "GET":
        return JsonResponse({"offset": found.offset})
    try:
        return JsonResponse({"offset": uploads.append(found, _offset(request), request.read)})
    except uploads.Elsewhere as elsewhere:
        return JsonResponse({"offset": elsewhere.offset}, status=409)
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    except UnreadablePostError:  # nobody is there any more to read the answer
        return JsonResponse({"offset": found.offset}, status=400)


def _offset(request: HttpRequest) -> int:
    """Return the offset that the request names, -1 for none, which is never right."""
    given = whole_number(request.headers.get("Upload-Offset", ""))
    return -1 if given is None else given
