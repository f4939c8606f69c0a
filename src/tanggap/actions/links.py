"""Links by which somebody sets their own password: shown once, good for one day and one use, kept as a digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.urls import reverse

from tanggap.records.models import SignInLink, User
from tanggap.records.writing import write

GOOD_FOR = timedelta(hours=24)


def issue(user: User, *, at: datetime) -> str:
    """The address of a new link for ``user``, always under the address Tanggap is configured with. Older ones die."""
    token = f"{user.pk}-{token_urlsafe(24)}"
    with write():
        SignInLink.objects.filter(user=user).delete()
        SignInLink.objects.create(digest=_digest(token, user), user=user, made_at=at, expires_at=at + GOOD_FOR)
    return f"{settings.TANGGAP_BASE_URL}{reverse('invitation', args=[token])}"


def _digest(token: str, user: User) -> str:
    """Hangs on the password there is: once that changes the link is worth nothing."""
    return sha256(f"{token} {user.password}".encode()).hexdigest()


def owner(token: str, *, at: datetime) -> User | None:
    """Whose link it is, while it is good; ``None`` for every other: wrong, used, old, or of somebody switched off."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    user = User.objects.filter(pk=int(number), is_active=True).first()
    if user is None:
        return None
    good = SignInLink.objects.filter(digest=_digest(token, user), user=user, used_at__isnull=True, expires_at__gt=at)
    return user if good.exists() else None


def use(token: str, password: str, *, at: datetime) -> User | None:
    """Set the password; ``None`` when the link is no longer good. Every session of the account ends by it.

    Raises ``ValidationError`` for a password that will not do; the link stays good.
    """
    user = owner(token, at=at)
    if user is None:
        return None
    validate_password(password, user)
    with write():
        digest = _digest(token, user)
        if not SignInLink.objects.filter(digest=digest, used_at__isnull=True).update(used_at=at):
            return None
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
