"""One page for everything that went wrong: what happened, what was kept, what to do; never a trace."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def _page(
    request: HttpRequest, *, status: int, title: str, happened: str, kept: str, todo: str,
    retry: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    # Drawn without the request's context processors: whatever broke may have broken them too.
    context = {
        "title": title, "happened": happened, "kept": kept, "todo": todo, "status": status, "retry": retry,
    }  # fmt: skip
    response = HttpResponse(loader.render_to_string("errors/error.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _kept_when_sent(request: HttpRequest) -> str:
    if request.method != "POST":
        return ""
    return _("Tekan tombol Kembali pada peramban: tulisan Anda masih ada di sana.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: something came that no page of ours sends, or far too much of it."""
    return _page(
        request, status=400, title=_("Permintaan tidak dapat dibaca"),
        happened=_("Yang dikirim terlalu besar atau tidak lengkap sampai di sini."),
        kept=_kept_when_sent(request),
        todo=_("Kurangi ukuran atau jumlah berkas, lalu kirim lagi."),
    )  # fmt: skip


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not for this."""
    return _page(
        request, status=403, title=_("Halaman ini bukan untuk Anda"),
        happened=_("Akun Anda tidak mempunyai wewenang untuk tindakan ini."), kept=_kept_when_sent(request),
        todo=_("Hubungi koordinator bila Anda memerlukannya."),
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not visible; no difference is told."""
    return _page(
        request, status=404, title=_("Halaman tidak ditemukan"),
        happened=_("Alamat ini tidak ada, atau bukan untuk akun Anda."), kept="",
        todo=_("Periksa alamatnya, atau mulai dari beranda."),
    )  # fmt: skip


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Whoever was filing a complaint gets the words back, to send again."""
    retry = _retry(request)
    kept = _("Tulisan Anda ada di bawah ini. Berkas perlu dipilih kembali.") if retry else _kept_when_sent(request)
    return _page(
        request, status=500, title=_("Ada yang rusak di pihak kami"),
        happened=_("Permintaan Anda tidak dapat diselesaikan. Kesalahannya tercatat dan akan diperiksa."),
        kept=kept, todo=_("Coba kirim lagi. Bila tetap gagal, tunggu beberapa menit."), retry=retry,
    )  # fmt: skip


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was too old or came from elsewhere."""
    retry = _retry(request)
    if retry is not None and not (request.resolver_match and request.resolver_match.url_name == "report"):
        retry["may_send"] = False  # another site may have sent this in the name of somebody signed in: only show it
    kept = _("Tulisan Anda ada di bawah ini. Berkas perlu dipilih kembali.") if retry else _kept_when_sent(request)
    return _page(
        request, status=403, title=_("Formulir sudah kedaluwarsa"),
        happened=_("Halaman terlalu lama terbuka, atau peramban menolak kuki."), kept=kept,
        todo=_("Buka kembali halamannya, lalu kirim lagi. Kuki dari situs ini perlu diizinkan."), retry=retry,
    )  # fmt: skip


def session_ended(request: HttpRequest, *, back: str) -> HttpResponse:
    """403 of a form sent after its session had ended: what was typed is shown, and ``back`` leads in again."""
    retry = _retry(request)
    if retry is not None:
        retry |= {"may_send": False, "back": back, "hidden": []}
    return _page(
        request, status=403, title=_("Sesi Anda sudah berakhir"),
        happened=_("Halaman ini lama tidak dipakai, maka Anda dikeluarkan. Yang Anda kirim belum dicatat."),
        kept=_("Tulisan Anda ada di bawah ini. Berkas perlu dipilih kembali.") if retry else "",
        todo=_("Salin tulisan Anda, masuk kembali, lalu kirim lagi."), retry=retry,
    )  # fmt: skip


def _retry(request: HttpRequest) -> dict[str, Any] | None:
    """The form that was sent, to be sent once more with all its words; nothing when even that cannot be read."""
    if request.method != "POST":
        return None
    try:
        fields = [
            (name, value)
            for name in request.POST
            for value in request.POST.getlist(name)
            if name not in _NEVER_REPEATED
        ]
        token = get_token(request)
    except Exception:  # noqa: BLE001 - the page for what broke must not break
        return None
    texts = [(name, value) for name, value in fields if name in _TEXTS]
    hidden = [(name, value) for name, value in fields if name not in _TEXTS]
    is_file_form = request.content_type == "multipart/form-data"
    return {
        "action": request.path,
        "back": request.META.get("HTTP_REFERER", "") if _is_ours(request) else "/",
        "enctype": request.content_type if is_file_form else "",
        "token": token,
        "texts": texts,
        "hidden": hidden,
        "may_send": True,
    }


def _is_ours(request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(request.META.get("HTTP_REFERER", ""), allowed_hosts={request.get_host()})


_TEXTS = frozenset({"story", "text", "answer", "reason", "message", "note"})
_NEVER_REPEATED = frozenset({"csrfmiddlewaretoken", "password", "code", "login"})
