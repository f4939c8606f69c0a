"""The organisation as it stands: posts and holders, columns, accounts, and the history of its changes."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tanggap.records import queries
from tanggap.records.queries import ActLine, InstitutionLine, PersonLine, PostLine, Reader
from tanggap.web import dates, labels, page
from tanggap.web.calendars.differences import move_row
from tanggap.web.calendars.pages import MOVES_SHOWN, arranged, house_of
from tanggap.web.organisation import forms, wishes, words
from tanggap.web.organisation.changing import DONE, form_page
from tanggap.web.organisation.wishes import Asked, Office

ACTS_SHOWN = 50


def _show(request: HttpRequest, who: Reader, house: InstitutionLine, template: str, **context: Any) -> HttpResponse:
    told = {"here": "organisation", "house": house, "done": request.session.pop(DONE, ""), **context}
    return page.office(request, who, template, told)


@page.for_staff
def organisations(request: HttpRequest, who: Reader) -> HttpResponse:
    """To the organisation that is arranged (or overseen), or to the one chosen."""
    wanted = request.GET.get("institution", "")
    overseen = [part.institution for part in who.parts.values() if part.auditor]
    if overseen and not any(part.admin for part in who.parts.values()):
        return redirect("organisation_history", overseen[0])
    houses = arranged(who)
    return redirect("organisation", next((one.key for one in houses if one.key == wanted), houses[0].key))


@page.for_staff
def organisation(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """Every post by its unit, with who holds it."""
    house = house_of(who, key)
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    posts = queries.posts(house.id, who=who)
    shown = [one for one in posts if _matches(one, asked.lower())]
    ordered = sorted(shown, key=lambda one: one.unit_name)
    groups = [
        (unit or _("Tanpa unit"), [_post_row(one, house.zone) for one in rows])
        for unit, rows in groupby(ordered, key=lambda one: one.unit_name)
    ]
    vacant = [one for one in posts if one.vacant]
    return _show(
        request, who, house, "organisation/board.html", groups=groups, q=asked, houses=arranged(who),
        posts=len(posts), vacant=len(vacant), waiting=sum(one.open_duties for one in vacant),
        units=queries.units(house.id),
    )  # fmt: skip


def _matches(one: PostLine, asked: str) -> bool:
    told = (one.name, one.unit_name, *(held.name for held in (*one.holders, *one.coming)))
    return not asked or asked in " ".join(told).lower()


def _post_row(one: PostLine, zone: str) -> dict[str, Any]:
    return {
        "post": one,
        "holders": [words.holder(held, zone) for held in one.holders],
        "coming": [words.holder(held, zone) for held in one.coming],
    }


@page.for_staff
def post(request: HttpRequest, who: Reader, key: str, post: str) -> HttpResponse:
    """One post: who holds it, who will, who did; and the forms to change that."""
    house = house_of(who, key)
    office, found = Office(house, who), queries.post(house.id, post, who=who)
    if found is None:
        raise Http404
    line, past = found
    ends = [
        (words.holder(one, house.zone), forms.EndForm(
            initial={"what": "end", "holding": one.id}, auto_id=f"akhir-{one.id}-%s", prefix=None
        ), one)
        for one in (*line.holders, *line.coming)
    ]  # fmt: skip
    labels = queries.staffed_columns(house.id)
    fills = [
        f"{labels.get(sop, {}).get(role, role)} ({sop})"
        for (sop, role), keys in queries.columns(house.id).items()
        if post in keys
    ]
    return _show(
        request, who, house, "organisation/post.html", post=line, ends=ends, fills=fills,
        past=[words.holder(one, house.zone) for one in past], form=wishes.hold_form(line, office),
        key=page.new_key(),
    )  # fmt: skip


@page.for_staff
def unit_form(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of a unit: a new one, or the one named."""
    office, named = Office(house_of(who, key), who), request.GET.get("unit", "")
    title = _("Ubah unit") if named else _("Tambah unit")
    return form_page(request, office, _asked(wishes.unit_form(office, named), title, ("organisation",)))


@page.for_staff
def post_form(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of a post: a new one, or the one named."""
    office, named = Office(house_of(who, key), who), request.GET.get("jabatan", "")
    title = _("Ubah jabatan") if named else _("Tambah jabatan")
    back = ("organisation_post", named) if named else ("organisation",)
    return form_page(request, office, _asked(wishes.post_form(office, named), title, back))


@page.for_staff
def kinds(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The kinds of report: the usual ones, and those the institution named itself (S1-2)."""
    house = house_of(who, key)
    usual = [word for word, _sentence in labels.KINDS.values()]
    own = [(one, labels.kind(one.counts_as)) for one in house.kinds if one.offered]
    form = forms.KindForm(initial={"what": "kind"})
    return _show(request, who, house, "organisation/kinds.html", usual=usual, own=own, form=form, key=page.new_key())


def _asked(form: forms.Wish, title: str, back: tuple[str, ...], *, at_once: bool = True) -> Asked:
    """A form that nobody has typed into yet."""
    return Asked(form, title, _nothing, back, at_once)


def _nothing() -> Any:
    raise AssertionError


# columns --------------------------------------------------------------------------------------------------------------


@page.for_staff
def columns(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """Which posts fill the columns (Pelaksana) of each SOP."""
    house = house_of(who, key)
    filled = queries.columns(house.id)
    posts = {one.key: one for one in queries.posts(house.id, who=who)}
    titles = {line.sop.id: line.sop.identity.title for line in queries.current_sops(key, at=who.at)}
    tables = [
        (titles.get(sop, sop), sop, [
            (role, label, [posts[one] for one in filled.get((sop, role), ())]) for role, label in roles.items()
        ])
        for sop, roles in queries.staffed_columns(house.id).items()
    ]  # fmt: skip
    return _show(request, who, house, "organisation/columns.html", tables=tables)


@page.for_staff
def column_form(request: HttpRequest, who: Reader, key: str, sop: str, role: str) -> HttpResponse:
    """The form of one column."""
    office = Office(house_of(who, key), who)
    label = queries.staffed_columns(office.house.id).get(sop, {}).get(role)
    if label is None:
        raise Http404
    title = _("Pelaksana “%(role)s”") % {"role": label}
    asked = _asked(wishes.column_form(office, sop, role), title, ("organisation_columns",), at_once=False)
    return form_page(request, office, asked)


# people ---------------------------------------------------------------------------------------------------------------


@page.for_staff
def people(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """Every account of the institution."""
    house = house_of(who, key)
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    everybody = queries.staff(house.id, at=who.at)
    rows = [
        (one, [words.holder(held, house.zone, post=True) for held in one.posts], words.powers(one.powers))
        for one in everybody
        if not asked or asked.lower() in f"{one.name} {one.username} {one.nip}".lower()
    ]
    return _show(request, who, house, "organisation/people.html", rows=rows, q=asked, count=len(everybody),
                 invited=queries.open_join_links(house.id, at=who.at), key=page.new_key())  # fmt: skip


@page.for_staff
def person_form(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of a new account."""
    office = Office(house_of(who, key), who)
    form = forms.PersonForm(initial={"what": "person"})
    return form_page(request, office, _asked(form, _("Tambah orang"), ("organisation_people",)))


@page.for_staff
def invite_form(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of a link for somebody who has an account already."""
    office = Office(house_of(who, key), who)
    return form_page(request, office, wishes.invitation(forms.InviteForm(initial={"what": "invite"}), _nothing))


@page.for_staff
def person(request: HttpRequest, who: Reader, key: str, person: int) -> HttpResponse:
    """One account: what it holds and may do."""
    house = house_of(who, key)
    one = Office(house, who).person(person)
    return _show(
        request, who, house, "organisation/person.html", one=one, details=wishes.details_form(one),
        powers=wishes.powers_form(one), held=[words.holder(held, house.zone, post=True) for held in one.posts],
        is_me=one.id == who.user.pk, may_link=_may_link(one), key=page.new_key(),
        may_change=not one.elsewhere or who.user.is_superuser,
    )  # fmt: skip


def _may_link(one: PersonLine) -> bool:
    """What is offered is what is accepted (:class:`tanggap.actions.staff.IssueLink`)."""
    return one.active and (one.fresh or not {"admin", "auditor"}.intersection(one.powers))


# history --------------------------------------------------------------------------------------------------------------


@page.for_staff
def history(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """Every change: who, when, what and why. Auditors read it too."""
    house = _overseen(who, key)
    before = page.whole_number(request.GET.get("sebelum", ""))
    acts = queries.organisation_acts(house.id, limit=ACTS_SHOWN + 1, before=before)
    names = _names(house, acts)
    lines = [(one, dates.stamp(one.made_at, house.zone), words.act(one, names)) for one in acts[:ACTS_SHOWN]]
    return _show(
        request, who, house, "organisation/history.html", lines=lines,
        older=acts[ACTS_SHOWN - 1].id if len(acts) > ACTS_SHOWN else None,
        arranges=who.part(house.id).admin,
    )  # fmt: skip


@page.for_staff
def act(request: HttpRequest, who: Reader, key: str, act: int) -> HttpResponse:
    """One change of units, with every due moment it moved."""
    house = _overseen(who, key)
    (one,) = queries.organisation_acts(house.id, limit=1, before=act + 1) or (None,)
    if one is None or one.id != act or "moved" not in one.data:
        raise Http404
    many, found = queries.organisation_moves(house.id, act, who=who, limit=MOVES_SHOWN)
    calendar = queries.calendar_of(key)
    moves = [move_row(line, register=line.register, calendar=calendar, now=one.made_at) for line in found]
    return _show(
        request, who, house, "organisation/act.html", act=one, said=words.act(one, _names(house, [one])),
        headline=words.moved(many), moves=moves, more=many - len(moves),
    )  # fmt: skip


def _overseen(who: Reader, key: str) -> InstitutionLine:
    """An institution that this reader arranges or oversees. Raises ``Http404``."""
    for house in queries.institutions():
        part = who.part(house.id)
        if house.key == key and (part.admin or part.auditor):
            return house
    raise Http404


def _names(house: InstitutionLine, acts: list[ActLine]) -> words.Names:
    persons = queries.people(person for one in acts for person in words.persons_in(one.data))
    columns = queries.staffed_columns(house.id) if any(one.kind == "column" for one in acts) else {}
    return words.Names(persons, queries.names_of(house.id), columns, house.zone)
