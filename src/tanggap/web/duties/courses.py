"""The menu of the desk and the coordinator on the case page: what changes the course of a whole case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from tanggap.casework import commands as c
from tanggap.casework.courses import Courses, Extendable, courses, rows_for
from tanggap.casework.shelf import Power
from tanggap.casework.state import BACK, RELATED
from tanggap.records import queries
from tanggap.records.queries import CasePage
from tanggap.sop.flow import Flow
from tanggap.web import dates, printed
from tanggap.web.duties.acts import Form, Incomplete, Wish
from tanggap.web.words import CaseWords

Pair = tuple[str, str]
PREFIX = "baris-"
"""Begins the names of the fields by which rows are mapped."""


@dataclass(frozen=True, slots=True)
class RowLine:
    """One open row, and what it may go on as in the new version."""

    name: str
    label: str
    options: tuple[Pair, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version that the case may go on under."""

    value: str
    label: str
    rows: tuple[RowLine, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """What is offered. Field names are those of the template."""

    clocks: tuple[Pair, ...] = ()
    procedures: tuple[Pair, ...] = ()
    versions: tuple[VersionLine, ...] = ()
    relations: tuple[Pair, ...] = ()
    may_withdraw: bool = False
    may_close: bool = False

    @property
    def any(self) -> bool:
        """True when there is anything in it."""
        return bool(
            self.clocks or self.procedures or self.versions or self.relations or self.may_withdraw or self.may_close
        )  # fmt: skip


def menu(found: CasePage, words: CaseWords, *, at: datetime) -> Menu:
    """What this reader may do with the whole case."""
    if found.redacted or not found.actor.may(Power.DESK, Power.COORDINATOR):
        return Menu()
    current = queries.current_versions(found.institution.key, at=at)
    offered: Courses = courses(found.state, found.shelf, found.actor, current=current)
    return Menu(
        clocks=tuple((one.target, _clock(words, one)) for one in offered.extend),
        procedures=tuple((f"{sop}/{name}", _procedure(found, sop, name)) for sop, name in offered.move),
        versions=tuple(_version(found, words, sop, name) for sop, name in offered.migrate),
        relations=_relations(found) if offered.may_link else (),
        may_withdraw=offered.may_withdraw,
        may_close=offered.may_close,
    )


def _clock(words: CaseWords, one: Extendable) -> str:
    said = words.clock(one.target)
    said = said[:1].upper() + said[1:]
    if one.most:
        return _("%(clock)s (paling banyak %(most)s, atau sampai suatu waktu)") % {"clock": said, "most": one.most}
    return said if one.lengthens else _("%(clock)s (sampai suatu waktu)") % {"clock": said}


def _procedure(found: CasePage, version: str, name: str) -> str:
    sop = found.shelf.sops[version]
    label = sop.procedure(name).label or sop.identity.title or name
    return label if version == found.state.sop else f"{sop.identity.title}: {label}"


def _version(found: CasePage, words: CaseWords, version: str, procedure: str) -> VersionLine:
    sop, there = found.shelf.sops[version], found.shelf.flow(version, procedure)
    effective = sop.identity.effective_date
    label = " ".join(filter(None, (sop.identity.number, _("revisi %(n)s") % {"n": sop.identity.revision or "-"})))
    if effective is not None:
        label += ", " + _("berlaku %(date)s") % {"date": dates.day(effective)}
    mapped = rows_for(found.state, found.shelf, version, procedure)
    return VersionLine(
        f"{version}/{procedure}", label, tuple(_row(words, there, row, options) for row, options in mapped.items())
    )


def _row(words: CaseWords, there: Flow, row: str, options: tuple[str, ...]) -> RowLine:
    named = tuple((one, _row_name(there, one)) for one in options)
    return RowLine(f"{PREFIX}{row}", words.row(row), named, row if row in options else "")


def _row_name(flow: Flow, row: str) -> str:
    step = flow.steps[row]
    return f"{printed.number(step)}. {printed.title_and_rest(step.what)[0][:90]}"


def _relations(found: CasePage) -> tuple[Pair, ...]:
    """*Terkait*, and the relations that the SOP counts from or looks at."""
    named = {procedure.window.relation for procedure in found.sop.procedures if procedure.window is not None}
    for step in (step for procedure in found.sop.procedures for step in procedure.steps):
        told = (*step.independent_of, step.counted_from)
        named |= {word.split(":")[1] for word in told if word.startswith("linked:")}
    return ((RELATED, _("Terkait")), *((name, name.replace("_", " ")) for name in sorted(named)))


# the forms as commands ------------------------------------------------------------------------------------------------


def _extend(form: Form) -> Wish:
    by = form.word("by")
    command = c.Extend(
        form.word("target"), by, None if by else form.moment("until"), form.content("reason", "reason")
    )  # fmt: skip
    return form.wish(command, _("Waktu diperpanjang; alasannya tercatat."))


def _move(form: Form) -> Wish:
    version, _slash, procedure = form.word("procedure").partition("/")
    command = c.Move(procedure, form.content("reason", "reason"), "" if version == form.case.state.sop else version)
    return form.wish(command, _("Laporan dipindahkan ke prosedur lain."))


def _migrate(form: Form) -> Wish:
    version, _slash, procedure = form.word("version").partition("/")
    rows = {name.removeprefix(PREFIX): form.word(name) for name in form.post if name.startswith(PREFIX)}
    return form.wish(c.Migrate(version, procedure, rows), _("Laporan dilanjutkan dengan versi SOP yang baru."))


def _link(form: Form) -> Wish:
    known = dict(_relations(form.case))
    number, relation = form.word("number"), form.one_of("relation", known, RELATED)
    if not number:
        raise Incomplete(number=_("Tulis nomor register laporan lain."))
    other = queries.linked_case(form.reader, form.case.id, number, relation)
    if other is None:
        raise Incomplete(number=_("Nomor itu tidak ada di antara laporan lembaga ini yang dapat Anda lihat."))
    wish = form.wish(
        c.Link(relation, str(other.case), other.moments, other.performers), _("Kedua laporan terhubung.")
    )  # fmt: skip
    back = RELATED if relation == RELATED else f"{BACK}{relation}"
    return replace(wish, mirror=(other.case, c.Link(back, str(form.case.id))))


def _withdraw(form: Form) -> Wish:
    reason = form.content("reason", "reason", audience="complainant")
    if not reason:
        raise Incomplete(reason=_("Tuliskan bagaimana pelapor menyampaikannya."))
    return form.wish(c.Withdraw(reason), _("Pencabutan oleh pelapor tercatat."))


VERBS: Mapping[str, Callable[[Form], Wish]] = {
    "perpanjang": _extend,
    "pindah": _move,
    "versi": _migrate,
    "hubungkan": _link,
    "cabut": _withdraw,
}
"""The verb in the address of a form of the menu, and how it is read."""

FIELDS: Mapping[tuple[str, str], str] = {
    ("perpanjang", "extension_not_allowed"): "by",
    ("perpanjang", "extension_used_up"): "by",
    ("perpanjang", "unreadable_time"): "by",
    ("perpanjang", "law_clock"): "target",
    ("perpanjang", "clock_unknown"): "target",
    ("perpanjang", "unknown_visit"): "target",
    ("pindah", "unknown_sop"): "procedure",
    ("pindah", "unknown_procedure"): "procedure",
    ("pindah", "nothing_changed"): "procedure",
    ("versi", "rows_not_mapped"): "version",
    ("versi", "unknown_sop"): "version",
    ("versi", "unknown_procedure"): "version",
    ("versi", "nothing_changed"): "version",
}
"""The field of a form of the menu that a refusal is about, where it is another than elsewhere."""


def place_of(verb: str, field: str) -> str:
    """The id of a field of the menu; empty for a verb that is not in it."""
    return f"{verb}-{field or 'reason'}" if verb in VERBS else ""
