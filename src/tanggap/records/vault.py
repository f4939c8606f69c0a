"""Encryption of what persons wrote and are: AES-256-GCM under a key per case, wrapped by the installation's key.

The associated data of every ciphertext is ``table|column|case``, so a row moved to another case cannot be read.
Destroying a case's wrapped key erases its content, in old copies of the database too once the epoch key is gone.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tanggap.records import keys

CURRENT_EPOCH = 1
_NONCE = 12


class Unreadable(RuntimeError):
    """The ciphertext was changed, belongs to another row, or the key is not the one it was written with."""


def new_key() -> bytes:
    """A fresh key for one purpose of one case."""
    return AESGCM.generate_key(bit_length=256)


def wrap(key: bytes, *, case: UUID, purpose: str) -> bytes:
    """``key`` encrypted under the installation's key."""
    return encrypt(_epoch_key(CURRENT_EPOCH), key, place=_place("casekey", purpose, case))


def unwrap(wrapped: bytes, *, case: UUID, purpose: str, epoch: int) -> bytes:
    """The key that :func:`wrap` hid. Raises :class:`Unreadable`."""
    return decrypt(_epoch_key(epoch), wrapped, place=_place("casekey", purpose, case))


def encrypt(key: bytes, plain: bytes, *, place: str) -> bytes:
    """Nonce and ciphertext of ``plain``; readable only with ``key`` and for the same ``place``."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def decrypt(key: bytes, stored: bytes, *, place: str) -> bytes:
    """What :func:`encrypt` hid. Raises :class:`Unreadable`."""
    try:
        return AESGCM(key).decrypt(stored[:_NONCE], stored[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(place.partition("|")[0]) from error


def digest(stored: bytes) -> str:
    """What the chain says of a ciphertext: its sha256."""
    return sha256(stored).hexdigest()


def place_of(table: str, column: str, case: UUID) -> str:
    """The associated data of a ciphertext."""
    return _place(table, column, case)


def _place(table: str, column: str, case: UUID) -> str:
    return f"{table}|{column}|{case}"


def installation_key(purpose: str, *, epoch: int) -> bytes:
    """The key of what belongs to no case (yet), made from the installation's own: no further file to keep safe."""
    return hmac.new(_epoch_key(epoch), f"tanggap|{purpose}".encode(), sha256).digest()


def _epoch_key(epoch: int) -> bytes:
    return keys.key(f"kek-{epoch}")


def check_value() -> str:
    """Tells whether the key directory belongs to the database, without telling the key."""
    return sha256(b"tanggap check|" + _epoch_key(CURRENT_EPOCH)).hexdigest()[:16]
