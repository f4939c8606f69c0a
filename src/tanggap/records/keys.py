"""The key directory: secrets that must lie apart from the database. Made at first use, readable by the owner alone."""

from __future__ import annotations

import hmac
import os
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path


class KeysUnusable(RuntimeError):
    """The key directory is missing, open to others, or does not belong to this database. The message is Indonesian."""


def open_directory(path: Path) -> Path:
    """Make the directory (0700) when it is not there. Raises :class:`KeysUnusable` when others may enter it."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        path.chmod(0o700)
    if not path.is_dir():
        raise KeysUnusable(f"{path} bukan sebuah direktori kunci.")
    if path.stat().st_mode & 0o077:
        raise KeysUnusable(f"Direktori kunci {path} dapat dibuka orang lain. Jalankan: chmod 700 {path}")
    return path


def secret(path: Path, name: str, *, length: int = 32) -> bytes:
    """The secret ``name`` of the directory ``path``: ``length`` random bytes, made (0600, synced) at first use.

    Two processes that make it at once agree: the first file stands. Raises :class:`KeysUnusable`.
    """
    file = open_directory(path) / f"{name}.key"
    if not file.exists():
        _make(file, secrets.token_bytes(length))
    found = file.read_bytes()
    if len(found) != length:
        raise KeysUnusable(f"Berkas kunci {file} rusak: {len(found)} bita, seharusnya {length}.")
    return found


def _make(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, file)  # refuses when another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_directory(file.parent)


def sync_directory(path: Path) -> None:
    """Make the names in ``path`` durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def directory() -> Path:
    """The key directory of this installation."""
    from django.conf import settings

    return Path(settings.TANGGAP_KEYS)


@cache
def _cached(path: Path, name: str) -> bytes:
    return secret(path, name)


def key(name: str) -> bytes:
    """A 32-byte secret of this installation, read once per process. Raises :class:`KeysUnusable`."""
    return _cached(directory(), name)


def keyed_digest(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256 over ``parts`` under the installation's own key: tells equal from unequal, and nothing else."""
    words = "\x1f".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key("digest"), words, sha256).digest()
