"""Attachments on disk: encrypted, under random ids, durable before the database speaks of them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import filetype
from django.conf import settings

from tanggap.records.keys import sync_directory

_SHOWN_LENGTH = 120
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_TEXT_TYPES = {"txt": "text/plain", "csv": "text/csv", "eml": "message/rfc822"}


def folder() -> Path:
    """Where attachments lie."""
    return Path(settings.TANGGAP_DATA) / "lampiran"


def path_of(file_id: str) -> Path:
    """Where the file ``file_id`` lies. Ids are ours: letters and digits only. Raises ``ValueError`` for any other."""
    if not (file_id.isascii() and file_id.isalnum() and len(file_id) >= 16):
        raise ValueError("not the id of an attachment")
    return folder() / file_id[:2] / file_id


def write(file_id: str, stored: bytes) -> str:
    """Put ``stored`` on disk for good: file and directory are synced. Returns its sha256."""
    path = path_of(file_id)
    for directory in (folder(), path.parent):
        if not directory.exists():
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_directory(directory.parent)
    draft = path.with_name(f".{file_id}.{os.getpid()}")
    with draft.open("wb") as file:
        draft.chmod(0o600)
        file.write(stored)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(path.parent)
    return sha256(stored).hexdigest()


def read(file_id: str) -> bytes:
    """The stored bytes. Raises ``FileNotFoundError``."""
    return path_of(file_id).read_bytes()


def rename(file_id: str, other: str) -> None:
    """Give a file another id, for good; nothing happens when it has it already."""
    path, wanted = path_of(file_id), path_of(other)
    if path == wanted:
        return
    if not wanted.parent.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_directory(wanted.parent.parent)
    path.replace(wanted)
    sync_directory(wanted.parent)


def erase(file_id: str) -> None:
    """Remove a file; nothing happens when it is gone already."""
    path_of(file_id).unlink(missing_ok=True)


def on_disk() -> Iterator[Path]:
    """Every file that lies there, drafts of interrupted writes included."""
    return (path for path in folder().rglob("*") if path.is_file())


def sweep(known: frozenset[str], *, before: datetime) -> int:
    """Remove files that no row knows and that were written before ``before``; returns how many."""
    removed = 0
    for path in on_disk():
        if path.name not in known and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def shown_name(name: str) -> str:
    """The sender's name for a file, made fit to show: the last part, without controls, bidi marks and zero-widths."""
    text = unicodedata.normalize("NFKC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    text = " ".join(text.split()).lstrip(". ")
    stem, dot, suffix = text.rpartition(".")
    if not stem:
        stem, dot, suffix = text, "", ""
    if len(text) > _SHOWN_LENGTH:
        suffix = suffix[:12]
        stem = stem[: _SHOWN_LENGTH - len(suffix) - 1]
    shown = f"{stem}{dot}{suffix}"
    return f"berkas-{shown}" if stem.lower() in _RESERVED or not stem else shown


def type_of(name: str, data: bytes) -> tuple[str, bool]:
    """The type told by the bytes, and whether the name says something else."""
    suffix = name.rpartition(".")[2].lower()
    found = filetype.guess(data[:8192])
    if found is None:
        said = _TEXT_TYPES.get(suffix, "")
        is_text = _is_text(data[:8192])
        return (said if said and is_text else "application/octet-stream"), bool(filetype.get_type(ext=suffix))
    same = {found.extension, *_SAME.get(found.extension, ())}
    return found.mime, suffix not in same


_SAME = {"jpg": ("jpeg", "jpe"), "tif": ("tiff",), "zip": ("docx", "xlsx", "pptx", "odt", "ods"), "heic": ("heif",)}


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 4 and b"\0" not in data
    return b"\0" not in data
