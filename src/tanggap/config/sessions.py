"""Sessions that end: after half an hour without a request, and after twelve hours in any case."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

_BEGAN, _SEEN = "mulai", "terakhir"
_GRAIN = 60  # a session is written at most once a minute to say that it is alive


class EndingSessions:
    """Middleware, after authentication: keeps a signed-in session alive while it is used, never beyond its day."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End or refresh the session, then go on."""
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(_BEGAN, now)
            seen = request.session.get(_SEEN, now)
            idle, oldest = settings.TANGGAP_IDLE_MINUTES * 60, settings.TANGGAP_SESSION_HOURS * 3600
            if now - began > oldest or now - seen > idle:
                logout(request)
            elif _SEEN not in request.session or now - seen >= _GRAIN:
                request.session[_SEEN] = now
        return self.get_response(request)
