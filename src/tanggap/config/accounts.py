"""Signing in: accounts are made by administrators, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes the sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
