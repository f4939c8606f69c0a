"""Content made ready before an act: ids that a repeated form finds again, odd characters put right, files looked at."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from tanggap.records.contents import KINDS, NewContent, NewFile
from tanggap.records.files import shown_name, type_of
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Attachment


class TooLarge(ValueError):
    """A file is larger, or files are more, than this installation accepts. The message is one Indonesian sentence."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it. ``closed``: it says who sent it, so it opens with the identity alone."""

    name: str
    data: bytes
    closed: bool = False


def new_content(
    kind: str,
    text: str,
    *,
    author: str,
    key: str,
    audience: str = "internal",
    medium: str = "",
    words: Mapping[str, str] | None = None,
    files: Sequence[Upload] = (),
) -> NewContent:
    """Content to be passed to :func:`tanggap.actions.cases.act`, whose command names its ``id``.

    ``key`` is the form's key: the same form sent again makes the same id, so the act is recognised as done. ``words``
    are further fields beside ``text``. Raises :class:`TooLarge`.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of content {kind!r}")
    check_files(files)
    all_words = {name: readable(value) for name, value in {"text": text, **(words or {})}.items()}
    told = [sha256(upload.data).hexdigest() for upload in files]
    content_id = random_looking("content", key, kind, *(f"{n}={v}" for n, v in sorted(all_words.items())), *told)
    return NewContent(
        id=content_id,
        kind=kind,
        words=all_words,
        author=author,
        medium=medium,
        audience=audience,
        files=tuple(_new_file(upload) for upload in files),
    )


def check_files(files: Sequence[Upload]) -> None:
    """Refuse more or larger files than the settings allow. Raises :class:`TooLarge`."""
    if len(files) > settings.TANGGAP_FILES_MOST:
        raise TooLarge(f"Paling banyak {settings.TANGGAP_FILES_MOST} berkas; Anda melampirkan {len(files)}.")
    most = settings.TANGGAP_FILE_MEGABYTES
    for upload in files:
        if len(upload.data) > most * 1024 * 1024:
            raise TooLarge(f"Berkas {shown_name(upload.name)} melebihi {most} MB.")


def has_room(case: UUID, files: Sequence[Upload]) -> bool:
    """True when ``files`` from outside still fit into ``case``: nobody fills the disk by way of one case (S48)."""
    if not files:
        return True
    there = Attachment.objects.filter(case=case, erased_at__isnull=True).aggregate(all=Sum("plain_size"))["all"] or 0
    return bool(there + sum(len(one.data) for one in files) <= settings.TANGGAP_CASE_MEGABYTES * 1024 * 1024)


def check_room(case: UUID, files: Sequence[Upload]) -> None:
    """Refuse files that ``case`` has no room for any more. Raises :class:`TooLarge`."""
    if not has_room(case, files):
        most = settings.TANGGAP_CASE_MEGABYTES
        raise TooLarge(f"Lampiran laporan ini sudah mendekati {most} MB. Kirim tanpa berkas ini, atau hubungi petugas.")


def readable(text: str) -> str:
    """``text`` as it can be stored: without NUL, with one kind of line end, lone surrogates shown as replaced."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode() if any("\ud800" <= c <= "\udfff" for c in text) else text


def random_looking(purpose: str, *parts: str) -> str:
    """An id of 26 letters and digits that only this installation can compute from ``parts``."""
    return _letters(keyed_digest(purpose, *parts)[:16])


def _new_file(upload: Upload) -> NewFile:
    """Under an id of its own each time: the same form sent twice at once must not write over the file that is kept."""
    kind, mismatch = type_of(upload.name, upload.data)
    return NewFile(_letters(token_bytes(16)), shown_name(upload.name), upload.data, kind, mismatch, upload.closed)


def _letters(id_bytes: bytes) -> str:
    return b32encode(id_bytes).decode().rstrip("=").lower()
