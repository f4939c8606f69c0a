"""Handing out an attachment: always as a download, never rendered, whatever it says it is."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpResponse

from tanggap.records.queries import StoredFile


def download(file: StoredFile | None) -> HttpResponse:
    """The bytes as octet-stream in a sandbox. Raises ``Http404`` when there is no such file."""
    if file is None:
        raise Http404
    response = HttpResponse(file.data, content_type="application/octet-stream")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in file.name)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
