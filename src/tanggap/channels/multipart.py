"""A form with one file in it, as bytes (RFC 7578): how platforms take files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from tanggap.channels.arrivals import Part

_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def form(fields: Mapping[str, str], name: str, part: Part) -> tuple[str, bytes]:
    """The content type and the body of a form with ``fields``, and ``part`` as the field ``name``.

    The same form is the same bytes: what stands between its parts is made of them.
    """
    data = part.data or b""
    between = hashlib.sha256(b"\x1f".join([data, *(value.encode() for value in fields.values())])).hexdigest()[:40]
    pieces = [f'--{between}\r\nContent-Disposition: form-data; name="{one}"\r\n\r\n{fields[one]}\r\n' for one in fields]
    shown = (part.name or "berkas").translate(_ESCAPED)
    media_type = part.media_type.translate(_ESCAPED) or "application/octet-stream"
    head = (
        f'--{between}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    body = "".join(pieces).encode() + head.encode() + data + f"\r\n--{between}--\r\n".encode()
    return f"multipart/form-data; boundary={between}", body
