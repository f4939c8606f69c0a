"""The institution's colour as a tiny style sheet: two numbers, so that no page needs an inline style."""

from __future__ import annotations

from math import isfinite

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control


@cache_control(public=True, max_age=31_536_000, immutable=True)
def accent(request: HttpRequest, hue: str, chroma: str) -> HttpResponse:
    """``:root`` with hue (0-360) and chroma (0-0.13); lightness is fixed elsewhere, so contrast holds for any hue."""
    try:
        angle, colour = float(hue) % 360, min(max(float(chroma), 0.0), 0.13)
    except ValueError:
        raise Http404 from None
    if not (isfinite(angle) and isfinite(float(chroma))):
        raise Http404
    rule = f":root{{--accent-h:{angle:g};--accent-c:{colour:g}}}\n"
    return HttpResponse(rule, content_type="text/css; charset=utf-8")
