"""The addresses of the product, and a bare view beside them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with a template that has nothing to fill in."""
    return render(request, "bare.html")


urlpatterns = [path("bare/", bare), path("", include("config.urls"))]
