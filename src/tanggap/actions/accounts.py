"""Accounts of staff: made by administrators, with a password of their own."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password

from tanggap.records.models import User
from tanggap.records.writing import write


def create_account(*, username: str, email: str, password: str, full_name: str, nip: str = "") -> User:
    """Make an account that can sign in with its name or its address.

    Raises ``django.core.exceptions.ValidationError`` with the fields that will not do.
    """
    user = User(username=username.strip(), email=email.strip().lower(), full_name=full_name.strip(), nip=nip.strip())
    user.set_password(password)
    user.full_clean()
    validate_password(password, user)
    with write():
        user.save()
        if user.email:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
