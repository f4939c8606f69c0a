"""Where platforms call: a delivery is looked at for its signature alone, stored, and only then answered."""

from __future__ import annotations

import logging

from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tanggap.actions import channel_accounts, inbox
from tanggap.channels import directory
from tanggap.channels.contract import Hook, HookAnswer
from tanggap.channels.signed_json import MOST_BYTES
from tanggap.web import page

_AGAIN_SECONDS = "30"

_log = logging.getLogger(__name__)


@csrf_exempt  # a platform has no form of ours; its signature is looked at instead
def hook(request: HttpRequest, key: str) -> HttpResponse:
    """One call by a platform to the account whose random ``key`` stands in the address.

    200 only when the delivery is stored for good; when the database is away 503, and the platform calls again.
    """
    try:
        answer = _answer(request, key)
    except DatabaseTrouble:
        _log.exception("a delivery could not be stored; the platform is asked to call again")
        answer = HookAnswer(503)
    response = HttpResponse(answer.text, status=answer.status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    if answer.status == 503:
        response["Retry-After"] = _AGAIN_SECONDS
    return response


def _answer(request: HttpRequest, key: str) -> HookAnswer:
    account = channel_accounts.account_of_key(key)
    module = directory.modules().get(account.channel) if account is not None else None
    if account is None or module is None or not hasattr(module, "answer_hook"):
        return HookAnswer(404)
    if "CONTENT_LENGTH" not in request.META and request.headers.get("Transfer-Encoding"):
        return HookAnswer(411)  # what comes without a length is not handed on to us: the proxy in front must gather it
    body = _body(request)
    if body is None:
        return HookAnswer(413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    called = Hook(request.method or "", request.GET.dict(), headers, body)
    answer: HookAnswer = module.answer_hook(called, channel_accounts.settings_of(account))
    if answer.store:
        inbox.store(account, body if answer.raw is None else answer.raw, at=page.now())
    return answer


def _body(request: HttpRequest) -> bytes | None:
    """The body as it came, ``None`` when it is too long; one that says so is not even read."""
    said = request.META.get("CONTENT_LENGTH") or ""
    if said.isascii() and said.isdigit() and int(said) > MOST_BYTES:
        return None
    body = request.read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None
