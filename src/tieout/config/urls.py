"""All addresses of the web server."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("tieout.workspace.urls"))]

handler403 = "tieout.workspace.pages.forbidden"
handler404 = "tieout.workspace.pages.not_found"
