"""Setting one's own password by the link an administrator hands over: once, and for a day."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from tanggap.actions import links
from tanggap.web import page


class InvitationForm(forms.Form):
    """The password that the owner of an account chooses."""

    password = forms.CharField(
        label=gettext_lazy("Kata sandi"), max_length=500,
        help_text=gettext_lazy("Paling sedikit 10 huruf. Kalimat yang panjang lebih baik daripada tanda yang rumit."),
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}, render_value=True),
        error_messages={"required": gettext_lazy("Isi kata sandinya.")},
    )  # fmt: skip


@page.never_kept
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a password, and set it. A wrong link is told like an old one."""
    user = links.owner(token, at=page.now())
    if user is None:
        return page.public(request, "account/invitation.html", {"form": None}, status=404)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if links.use(token, form.cleaned_data["password"], at=page.now()) is not None:
                return redirect("account_login")
        except ValidationError as error:
            form.add_error("password", error)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "name": user.shown_name, "username": user.username, "token": token}
    return page.public(request, "account/invitation.html", context, status=status)
