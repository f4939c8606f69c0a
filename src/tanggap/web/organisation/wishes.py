"""What a form of these pages asks for: read, and turned into a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from tanggap.actions.arranging import Change
from tanggap.actions.holdings import End, Hold
from tanggap.actions.joining import Invite, Uninvite
from tanggap.actions.staff import POWERS, AddPerson, ChangeDetails, ChangePowers, IssueLink, SwitchOff, SwitchOn
from tanggap.actions.structure import AddKind, ChangeColumn, ChangePost, ChangeUnit, DropKind
from tanggap.records import queries
from tanggap.records.queries import HoldingLine, InstitutionLine, PersonLine, PostLine, Reader
from tanggap.web import dates
from tanggap.web.organisation import forms


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish. ``form``: as typed; ``make`` asks a valid one. ``at_once``: nothing of it needs to be foretold.

    ``note``: what the page of the form says above it.
    """

    form: forms.Wish
    title: str
    make: Callable[[], Change]
    back: tuple[str, ...]
    at_once: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """The institution as forms need it: whom and what can be chosen."""

    house: InstitutionLine
    who: Reader

    def posts(self) -> list[PostLine]:
        """Every post."""
        return queries.posts(self.house.id, who=self.who)

    def post_options(self, but: str = "") -> list[tuple[str, str]]:
        """Posts to choose from."""
        names = queries.post_names(self.house.id)
        return [(key, name) for key, name in names.items() if key != but]

    def unit_options(self, but: str = "") -> list[tuple[str, str]]:
        """Units to choose from."""
        return [(key, name) for key, name in queries.units_of(self.house.id).items() if key != but]

    def persons(self) -> list[PersonLine]:
        """Everybody with an account here."""
        return queries.staff(self.house.id, at=self.who.at)

    def person_options(self) -> list[tuple[str, str]]:
        """People to choose from: those who may sign in, with the post that tells namesakes apart."""
        return [(str(one.id), named(one)) for one in self.persons() if one.active]

    def post(self, key: str) -> PostLine:
        """A post. Raises ``Http404``."""
        found = queries.post(self.house.id, key, who=self.who)
        if found is None:
            raise Http404
        return found[0]

    def person(self, pk: int | None) -> PersonLine:
        """Somebody with a part here. Raises ``Http404``."""
        found = queries.staff(self.house.id, at=self.who.at, only=pk) if pk is not None else []
        if not found:
            raise Http404
        return found[0]


def named(one: PersonLine) -> str:
    """Somebody with the post that tells namesakes apart."""
    return f"{one.name}, {one.posts[0].post_name}" if one.posts else one.name


def read(typed: QueryDict, office: Office) -> Asked:
    """The wish that ``typed`` says. Raises ``Http404`` for what no page of ours sends."""
    reader = _READERS.get(typed.get("what", ""))
    if reader is None:
        raise Http404
    return reader(typed, office)


def _number(typed: QueryDict, name: str) -> int | None:
    words = typed.get(name, "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 15 else None


# holders --------------------------------------------------------------------------------------------------------------


def own_holders(post: PostLine) -> list[tuple[str, str]]:
    """Those who hold a post in their own right."""
    return [(str(one.user), one.name) for one in post.holders if one.in_own_right]


def hold_form(post: PostLine, office: Office, typed: QueryDict | None = None) -> forms.HoldForm:
    """The form to appoint somebody to a post."""
    today = {"what": "hold", "post": post.key, "first": dates.local(office.who.at, office.house.zone).date()}
    return forms.HoldForm(typed, initial=today, persons=office.person_options(), own=own_holders(post))


def _hold(typed: QueryDict, office: Office) -> Asked:
    post = office.post(typed.get("post", ""))
    form = hold_form(post, office, typed)

    def make() -> Change:
        said, zone = form.cleaned_data, office.house.zone
        return Hold(
            post.key, int(said["person"]), said["capacity"],
            forms.begins(said["first"], zone, now=office.who.at),
            forms.ends(said["last"], zone) if said["last"] else None,
            int(said["instead_of"]) if said.get("instead_of") else None,
        )  # fmt: skip

    return Asked(form, _("Tetapkan pemegang %(post)s") % {"post": post.name}, make, ("organisation_post", post.key))


def _end(typed: QueryDict, office: Office) -> Asked:
    post = office.post(typed.get("post", ""))
    form = forms.EndForm(typed)
    line = _holding(post, _number(typed, "holding"))

    def make() -> Change:
        last = form.cleaned_data["last"]
        return End(line.id, forms.ends(last, office.house.zone) if last else office.who.at)

    title = _("Akhiri jabatan %(person)s sebagai %(post)s") % {"person": line.name, "post": post.name}
    return Asked(form, title, make, ("organisation_post", post.key))


def _holding(post: PostLine, pk: int | None) -> HoldingLine:
    found = next((one for one in (*post.holders, *post.coming) if one.id == pk), None)
    if found is None:
        raise Http404
    return found


# units, posts, columns ------------------------------------------------------------------------------------------------


def unit_form(office: Office, key: str = "", typed: QueryDict | None = None) -> forms.UnitForm:
    """The form of a unit: an empty one, or that of ``key``. Raises ``Http404``."""
    known = next((one for one in queries.units(office.house.id) if one.key == key), None)
    if key and known is None:
        raise Http404
    initial: dict[str, Any] = {"what": "unit"}
    if known is not None:
        initial |= {"key": key, "name": known.name, "parent": known.parent,
                    "may_be_complained_of": known.may_be_complained_of}  # fmt: skip
    return forms.UnitForm(typed, initial=initial, units=office.unit_options(but=key))


def _unit(typed: QueryDict, office: Office) -> Asked:
    key = typed.get("key", "")
    form = unit_form(office, key, typed)

    def make() -> Change:
        said = form.cleaned_data
        return ChangeUnit(" ".join(said["name"].split()), key, said["parent"], said["may_be_complained_of"])

    title = _("Ubah unit") if key else _("Tambah unit")
    return Asked(form, title, make, ("organisation",), at_once=True)


def _kind(typed: QueryDict, office: Office) -> Asked:
    form = forms.KindForm(typed)

    def make() -> Change:
        return AddKind(" ".join(form.cleaned_data["label"].split()), form.cleaned_data["counts_as"])

    return Asked(form, _("Tambah jenis laporan"), make, ("organisation_kinds",), at_once=True)


def _kind_off(typed: QueryDict, office: Office) -> Asked:
    key = typed.get("key", "")
    return Asked(
        forms.Wish(typed),
        _("Jenis tidak ditawarkan lagi"),
        lambda: DropKind(key),
        ("organisation_kinds",),
        at_once=True,
    )


def post_form(office: Office, key: str = "", typed: QueryDict | None = None) -> forms.PostForm:
    """The form of a post: an empty one, or that of ``key``. Raises ``Http404``."""
    initial: dict[str, Any] = {"what": "post"}
    if key:
        known = office.post(key)
        initial |= {"key": key, "name": known.name, "unit": known.unit, "superior": known.superior,
                    "is_fallback": known.is_fallback}  # fmt: skip
    return forms.PostForm(typed, initial=initial, units=office.unit_options(), posts=office.post_options(but=key))


def _post(typed: QueryDict, office: Office) -> Asked:
    key = typed.get("key", "")
    form = post_form(office, key, typed)
    moves = bool(key) and typed.get("unit", "") != form.initial["unit"]  # to the office hours of another unit

    def make() -> Change:
        said = form.cleaned_data
        name = " ".join(said["name"].split())
        return ChangePost(name, key, said["unit"], said["superior"], said["is_fallback"])

    title = _("Ubah jabatan") if key else _("Tambah jabatan")
    back = ("organisation_post", key) if key else ("organisation",)
    return Asked(form, title, make, back, at_once=not moves)


def column_form(office: Office, sop: str, role: str, typed: QueryDict | None = None) -> forms.ColumnForm:
    """The form of a column."""
    filled = queries.columns(office.house.id).get((sop, role), [])
    initial = {"what": "column", "sop": sop, "role": role, "posts": filled}
    return forms.ColumnForm(typed, initial=initial, posts=office.post_options())


def _column(typed: QueryDict, office: Office) -> Asked:
    sop, role = typed.get("sop", ""), typed.get("role", "")
    label = queries.staffed_columns(office.house.id).get(sop, {}).get(role)
    if label is None:
        raise Http404
    form = column_form(office, sop, role, typed)

    def make() -> Change:
        return ChangeColumn(sop, role, tuple(form.cleaned_data["posts"]))

    return Asked(form, _("Pelaksana “%(role)s”") % {"role": label}, make, ("organisation_columns",))


# people ---------------------------------------------------------------------------------------------------------------


def _person(typed: QueryDict, office: Office) -> Asked:
    form = forms.PersonForm(typed)

    def make() -> Change:
        said = form.cleaned_data
        name = " ".join(said["full_name"].split())
        return AddPerson(said["username"].strip(), name, said["email"].strip(), said["nip"].strip(), form.powers())

    return Asked(form, _("Tambah orang"), make, ("organisation_people",), at_once=True)


def _invite(typed: QueryDict, office: Office) -> Asked:
    form = forms.InviteForm(typed)
    return invitation(form, lambda: Invite(form.powers()))


def invitation(form: forms.InviteForm, make: Callable[[], Change]) -> Asked:
    """The wish for a link to join, with what the page says of it."""
    note = _("Anda mendapat tautan untuk diserahkan. Pemilik akun masuk, membaca wewenang ini, lalu menyetujui.")
    title = _("Undang yang sudah mempunyai akun")
    return Asked(form, title, make, ("organisation_people",), at_once=True, note=note)


def _uninvite(typed: QueryDict, office: Office) -> Asked:
    return Asked(forms.Wish(typed), _("Batalkan undangan"), Uninvite, ("organisation_people",), at_once=True)


def details_form(one: PersonLine, typed: QueryDict | None = None) -> forms.DetailsForm:
    """The form of the name and address of an account."""
    initial = {"what": "details", "person": one.id, "full_name": one.full_name, "nip": one.nip, "email": one.email}
    return forms.DetailsForm(typed, initial=initial, auto_id="data-%s")


def _details(typed: QueryDict, office: Office) -> Asked:
    one = office.person(_number(typed, "person"))
    form = details_form(one, typed)

    def make() -> Change:
        said = form.cleaned_data
        return ChangeDetails(one.id, " ".join(said["full_name"].split()), said["email"].lower(), said["nip"].strip())

    back = ("organisation_person", str(one.id))
    return Asked(form, _("Ubah data %(person)s") % {"person": one.name}, make, back, at_once=True)


def powers_form(one: PersonLine, typed: QueryDict | None = None) -> forms.PowersForm:
    """The form of what somebody may do."""
    ticked = {f"may_{name}": name in one.powers for name in POWERS}
    return forms.PowersForm(typed, initial={"what": "powers", "person": one.id, **ticked}, auto_id="wewenang-%s")


def _powers(typed: QueryDict, office: Office) -> Asked:
    one = office.person(_number(typed, "person"))
    form = powers_form(one, typed)

    def make() -> Change:
        return ChangePowers(one.id, form.powers())

    back = ("organisation_person", str(one.id))
    return Asked(form, _("Wewenang %(person)s") % {"person": one.name}, make, back)


_BUTTONS: Mapping[str, tuple[Callable[[int], Change], Callable[[], str], bool]] = {
    "off": (SwitchOff, lambda: _("Matikan akun %(person)s"), False),
    "on": (SwitchOn, lambda: _("Hidupkan kembali akun %(person)s"), False),
    "link": (IssueLink, lambda: _("Tautan kata sandi untuk %(person)s"), True),
}


def _button(typed: QueryDict, office: Office) -> Asked:
    one = office.person(_number(typed, "person"))
    wish, title, at_once = _BUTTONS[typed.get("what", "")]
    back = ("organisation_person", str(one.id))
    return Asked(forms.OneForm(typed), title() % {"person": one.name}, lambda: wish(one.id), back, at_once=at_once)


_READERS: Mapping[str, Callable[[QueryDict, Office], Asked]] = {
    "hold": _hold,
    "end": _end,
    "unit": _unit,
    "kind": _kind,
    "kind_off": _kind_off,
    "post": _post,
    "column": _column,
    "person": _person,
    "invite": _invite,
    "uninvite": _uninvite,
    "details": _details,
    "powers": _powers,
    **dict.fromkeys(_BUTTONS, _button),
}
"""The wish a form names, and how it is read."""
