"""The first account of an empty installation: made with a one-time code that stands on the operator's terminal."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from pathlib import Path

from tanggap.actions.accounts import create_account
from tanggap.actions.tracking import ALPHABET, read_code
from tanggap.records.keys import directory, open_directory
from tanggap.records.models import Installation, User
from tanggap.records.vault import check_value
from tanggap.records.writing import write

_FILE = "kode-penyiapan"


class WrongCode(PermissionError):
    """The set-up code is not the one on the terminal, or there is already an account."""


def _file() -> Path:
    return open_directory(directory()) / _FILE


def pending_code() -> str | None:
    """The set-up code while there is no account yet (made at the first call), else ``None``."""
    if User.objects.exists():
        _file().unlink(missing_ok=True)
        return None
    file = _file()
    if not file.exists():
        letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
        code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
        file.touch(mode=0o600)
        file.write_text(code)
    return file.read_text().strip()


def create_first_account(code: str, *, username: str, email: str, password: str, full_name: str) -> User:
    """Make the first account: it arranges every institution, and reads no case. The code dies with it.

    Raises :class:`WrongCode`; ``django.core.exceptions.ValidationError`` for a name or password that will not do.
    """
    with write():
        wanted = pending_code()
        if wanted is None or not hmac.compare_digest(read_code(code), read_code(wanted)):
            raise WrongCode
        user = create_account(username=username, email=email, password=password, full_name=full_name)
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    _file().unlink(missing_ok=True)
    return user


def remember_keys(*, at: datetime) -> bool:
    """Tie the database to its key directory at the first start; later: whether it is still the right one."""
    known = Installation.objects.first()
    if known is None:
        with write():
            Installation.objects.get_or_create(pk=1, defaults={"key_check": check_value(), "made_at": at})
        return True
    return hmac.compare_digest(known.key_check, check_value())
