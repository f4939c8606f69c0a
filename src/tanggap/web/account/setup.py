"""The first account of an empty installation, made with the one-time code on the operator's terminal."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.actions.setup import WrongCode, create_first_account, pending_code
from tanggap.web import page

_INPUT = {"class": "input"}


class SetupForm(forms.Form):
    """Code, name and password of the first administrator."""

    code = forms.CharField(
        label=gettext_lazy("Kode penyiapan"), max_length=60,
        help_text=gettext_lazy("Tertulis di terminal tempat Tanggap dijalankan."),
        widget=forms.TextInput(attrs={"class": "input code", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    full_name = forms.CharField(
        label=gettext_lazy("Nama lengkap"), max_length=200, widget=forms.TextInput(attrs=_INPUT)
    )
    username = forms.CharField(
        label=gettext_lazy("Nama pengguna"), max_length=150,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "username"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Surel"), widget=forms.EmailInput(attrs={**_INPUT, "autocomplete": "email"})
    )
    password = forms.CharField(
        label=gettext_lazy("Kata sandi"), max_length=500,
        help_text=gettext_lazy("Paling sedikit 10 huruf. Kalimat yang panjang lebih baik daripada tanda yang rumit."),
        widget=forms.PasswordInput(attrs={**_INPUT, "autocomplete": "new-password"}),
    )  # fmt: skip


@page.never_kept
def setup(request: HttpRequest) -> HttpResponse:
    """The form while there is no account; afterwards the page does not exist."""
    if pending_code() is None:
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            create_first_account(
                typed["code"], username=typed["username"], email=typed["email"], password=typed["password"],
                full_name=typed["full_name"],
            )  # fmt: skip
        except WrongCode:
            form.add_error("code", _("Kode itu tidak cocok dengan yang tertulis di terminal."))
        except ValidationError as error:
            _add(form, error)
        else:
            return redirect("account_login")
    status = 422 if request.method == "POST" else 200
    return page.public(request, "account/setup.html", {"form": form}, status=status)


def _add(form: SetupForm, error: ValidationError) -> None:
    """Messages at their fields; those about the password alone carry no field."""
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            for message in messages:
                form.add_error(name if name in form.fields else None, message)
    else:
        for message in error.messages:
            form.add_error("password", message)
