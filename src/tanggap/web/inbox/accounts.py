"""Saluran: the accounts by which people reach an institution; their secrets go in and are never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions.cases import NotVisible
from tanggap.actions.channel_accounts import NameTaken, ask_test, save_account
from tanggap.channels import directory, email
from tanggap.channels.contract import Setting
from tanggap.records import queries
from tanggap.records.queries import AccountLine, InstitutionLine, Reader
from tanggap.web import page
from tanggap.web.calendars.pages import arranged, house_of

_DONE = "saluran-kabar"
_REFRESH_SECONDS = 3
_INPUT = {"class": "input"}


class AccountForm(forms.Form):
    """The fields every account has, and those its channel asks for (``s-<name>``)."""

    name = forms.CharField(max_length=80)
    unit = forms.ChoiceField(required=False, widget=forms.Select(attrs=_INPUT))

    def __init__(
        self, data: object = None, *, module: ModuleType, house: InstitutionLine, account: AccountLine | None
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.asked = directory.settings_of(module)
        self.forgotten: list[Setting] = []
        self._kept = account.kept if account is not None else frozenset()
        self._module, self._known = module, account.settings if account is not None else {}
        name, unit = self.fields["name"], self.fields["unit"]
        name.label, name.help_text = _("Nama saluran"), _("Untuk petugas, misalnya: Surel layanan akademik.")
        name.widget.attrs.update(_INPUT)
        name.initial = account.name if account is not None else _(module.LABEL)
        unit.label = _("Unit yang dituju")
        unit.help_text = _("Kosongkan bila alamat ini milik lembaga secara keseluruhan.")
        unit.choices = [("", _("Seluruh lembaga")), *queries.units_of(house.id).items()]  # type: ignore[attr-defined]
        unit.initial = account.unit if account is not None else ""
        for one in self.asked:
            self.fields[f"s-{one.name}"] = self._field(one)
        active = forms.BooleanField(required=False, label=_("Dipakai"))
        active.initial = account.active if account is not None else True
        self.fields["active"] = active

    def _field(self, one: Setting) -> forms.Field:
        stored = one.secret and one.name in self._kept
        help_text = _(one.help) if one.help else ""
        if stored:
            help_text = f"{help_text} {_('Tersimpan. Kosongkan bila tidak diganti.')}".strip()
        initial = "" if one.secret else self._known.get(one.name, one.default)
        if one.choices:
            words = [(value, _(word)) for value, word in one.choices]
            return forms.ChoiceField(
                label=_(one.label), help_text=help_text, required=False, choices=words, initial=initial,
                widget=forms.Select(attrs=_INPUT),
            )  # fmt: skip
        widget: forms.Widget = forms.TextInput(attrs=_INPUT)
        if one.secret:
            widget = forms.PasswordInput(attrs={**_INPUT, "autocomplete": "new-password"}, render_value=False)
        return forms.CharField(
            label=_(one.label), help_text=help_text, required=one.required and not stored, max_length=4000,
            widget=widget, initial=initial,
        )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """A stored secret is told to nobody it was not typed for, and what is wrong is said at its field."""
        typed = super().clean() or {}
        given = {one.name: str(typed.get(f"s-{one.name}", "")) for one in self.asked}
        self.forgotten = [one for one in self.asked if self._kept_for_another(one, given)]
        again = {one.name for one in self.forgotten}
        chosen = given | {name: given.get(name) or "*" for name in self._kept - again}
        for name, says in getattr(self._module, "wrong", lambda settings: {})(chosen).items():
            anew = _("Tujuannya diganti: ketiklah rahasia ini sekali lagi.")
            self.add_error(f"s-{name}", anew if name in again else _(says))
        return typed

    def _kept_for_another(self, one: Setting, given: Mapping[str, str]) -> bool:
        """True when the stored secret ``one`` would go elsewhere from now on, and was not typed anew."""
        if one.name not in self._kept or given[one.name]:
            return False
        return any(given[other] != self._known.get(other, self._usual(other)) for other in one.goes_to)

    def _usual(self, name: str) -> str:
        return next(one.default for one in self.asked if one.name == name)

    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The fields in order, under their headings; whether a heading is open, because something stands below it."""
        asked = {f"s-{one.name}": one for one in self.asked}
        found: list[tuple[str, list[forms.BoundField], bool]] = []
        for field in self.visible_fields():
            one = asked.get(field.name)
            heading = _(one.group) if one is not None and one.group else ""
            used = one is not None and (one.name in self._kept or (field.value() or "") not in ("", one.default))
            is_open = not heading or used or bool(field.errors)
            if found and found[-1][0] == heading:
                found[-1] = (heading, [*found[-1][1], field], found[-1][2] or is_open)
            else:
                found.append((heading, [field], is_open))
        return found

    def done(self) -> str:
        """What the page says of an account that was stored."""
        said = _("Saluran %(name)s tersimpan.") % {"name": self.cleaned_data["name"]}
        if self.forgotten:
            names = ", ".join(_(one.label) for one in self.forgotten)
            said += " " + _("Tujuannya diganti, maka dilupakan: %(names)s.") % {"names": names}
        return said

    def values(self, *, secret: bool) -> dict[str, str]:
        """What was entered: the secrets, or all the rest."""
        return {one.name: self.cleaned_data[f"s-{one.name}"] for one in self.asked if one.secret is secret}


@page.for_staff
def channels(request: HttpRequest, who: Reader) -> HttpResponse:
    """To the channels of the institution that is arranged, or of the one chosen."""
    houses, wanted = arranged(who), request.GET.get("institution", "")
    return redirect("channel_accounts", next((one.key for one in houses if one.key == wanted), houses[0].key))


@page.for_staff
def accounts(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The accounts of an institution, and how they stand."""
    house, known = house_of(who, key), directory.readable()
    lines = queries.accounts(house.id, at=who.at)
    told = [(one, _(known[one.channel].LABEL) if one.channel in known else one.channel, tone_of(one)) for one in lines]
    context = {
        "here": "channels",
        "house": house,
        "houses": arranged(who),
        "lines": told,
        "kinds": [(name, _(module.LABEL)) for name, module in known.items()],
        "done": request.session.pop(_DONE, ""),
    }
    return page.office(request, who, "inbox/accounts.html", context)


def tone_of(one: AccountLine) -> tuple[str, str, str]:
    """How an account stands: tone and shape of its badge, and the word."""
    if not one.active:
        return "", "none", _("tidak dipakai")
    if one.error:
        return "is-late", "late", _("bermasalah")
    if one.last_in_at is None:
        return "", "none", _("belum ada yang masuk")
    return "is-good", "good", _("baik")


@page.for_staff
def new_account(request: HttpRequest, who: Reader, key: str, channel: str) -> HttpResponse:
    """Add an account of a channel."""
    return _account(request, who, house_of(who, key), channel, None)


@page.for_staff
def account(request: HttpRequest, who: Reader, key: str, pk: int) -> HttpResponse:
    """Change an account."""
    house = house_of(who, key)
    found = next((one for one in queries.accounts(house.id, at=who.at) if one.id == pk), None)
    if found is None:
        raise Http404
    return _account(request, who, house, found.channel, found)


def _account(
    request: HttpRequest, who: Reader, house: InstitutionLine, channel: str, known: AccountLine | None
) -> HttpResponse:
    module = directory.readable().get(channel)
    if module is None:
        raise Http404
    form = AccountForm(request.POST if request.method == "POST" else None, module=module, house=house, account=known)
    if request.method == "POST" and form.is_valid() and _saved(form, who, house, channel, known):
        request.session[_DONE] = form.done()
        return redirect("channel_accounts", house.key)
    context = {
        "here": "channels", "house": house, "form": form, "title": known.name if known else _(module.LABEL),
        "label": _(module.LABEL), "account": known, "back": reverse("channel_accounts", args=[house.key]),
        "hook": _hook(known, module),
        "pipe": f"tanggap mail --account {known.key}" if known and channel == email.KEY else "",
        "wait": _REFRESH_SECONDS if known and known.testing else 0,
    }  # fmt: skip
    return page.office(request, who, "inbox/account.html", context, status=422 if form.errors else 200)


def _hook(known: AccountLine | None, module: ModuleType) -> str:
    """The address at which a platform delivers to this account."""
    if known is None or not hasattr(module, "answer_hook"):
        return ""
    return f"{settings.TANGGAP_BASE_URL}{reverse('hook', args=[known.key])}"


@page.for_staff
def try_account(request: HttpRequest, who: Reader, key: str, pk: int) -> HttpResponse:
    """Have the worker try whether an account works; its page says what came of it."""
    house = house_of(who, key)
    if request.method == "POST":
        try:
            ask_test(house.key, pk, by=who, at=who.at)
        except NotVisible:
            raise Http404 from None
    return redirect("channel_account", house.key, pk)  # without a fragment: the page could not reload itself


def _saved(form: AccountForm, who: Reader, house: InstitutionLine, channel: str, known: AccountLine | None) -> bool:
    try:
        save_account(
            house.key, by=who, at=who.at, account=known.id if known else None, channel=channel,
            name=form.cleaned_data["name"], unit=form.cleaned_data["unit"], active=form.cleaned_data["active"],
            settings=form.values(secret=False), secrets=form.values(secret=True),
            forget=[one.name for one in form.forgotten],
        )  # fmt: skip
    except NotVisible:
        raise Http404 from None
    except NameTaken:
        form.add_error("name", _("Sudah ada saluran dengan nama itu."))
        return False
    return True
