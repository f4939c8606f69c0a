"""Who is asking: forwarded headers count only when they come from a proxy this installation trusts."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxies:
    """Middleware, first of all: takes address and scheme from a trusted proxy, and drops these headers from others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put ``REMOTE_ADDR`` and the scheme right, then go on."""
        meta = request.META
        if meta.get("REMOTE_ADDR") in settings.TANGGAP_PROXIES:
            hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            outside = [hop for hop in hops if hop not in settings.TANGGAP_PROXIES]
            if outside:
                meta["REMOTE_ADDR"] = outside[-1]
            if meta.get("HTTP_X_FORWARDED_PROTO") == "https":
                meta["wsgi.url_scheme"] = "https"
        for name in _FORWARDED:
            meta.pop(name, None)
        return self.get_response(request)
