"""What differs between two calendars, and which due moments move, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from tanggap.web import dates, printed
from tanggap.web.calendars.year import kind_word, span_words, week_words
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Holiday, Period


def differences(
    before: Mapping[str, WorkCalendar | None], after: Mapping[str, WorkCalendar | None], units: Mapping[str, str]
) -> list[str]:
    """Sentences for what changes from one set of calendars (by unit key) to another. ``units``: names by key."""
    found: list[str] = []
    for unit in sorted(before.keys() | after.keys()):
        was, now = before.get(unit), after.get(unit)
        if not unit and was is not None and now is not None:
            found += _holidays(was, now)
        where = units.get(unit, unit)
        if now is None:
            found.append(_("%(unit)s kembali mengikuti jam kerja lembaga.") % {"unit": where})
        else:
            found += _hours(was.periods if was is not None else (), now.periods, where)
    return found


def _holidays(was: WorkCalendar, now: WorkCalendar) -> list[str]:
    found = []
    if was.joint_leave_off != now.joint_leave_off:
        found.append(_("Cuti bersama menjadi hari libur.") if now.joint_leave_off else
                     _("Cuti bersama menjadi hari kerja."))  # fmt: skip
    then, new = ({(one.date, one.name): one for one in each.holidays} for each in (was, now))
    for place in sorted(then.keys() | new.keys()):
        before, after = then.get(place), new.get(place)
        if before is None and after is not None:
            found.append(_("Ditambah: %(day)s.") % {"day": day_words(after)})
        elif after is None and before is not None:
            found.append(_("Dihapus: %(day)s.") % {"day": day_words(before)})
        elif before != after and before is not None and after is not None:
            found.append(_("Diubah: %(day)s.") % {"day": day_words(after)})
    return found


def day_words(day: Holiday) -> str:
    """As in: Kamis, 24 Desember 2026, Cuti Bersama Natal (cuti bersama; SKB 1497/2025; perkiraan)."""
    notes = [kind_word(day.kind), day.decree, _("perkiraan") if day.estimated else ""]
    return f"{dates.weekday(day.date)}, {day.name} ({'; '.join(filter(None, notes))})"


def _hours(was: Iterable[Period], now: Iterable[Period], unit: str) -> list[str]:
    then, new = list(was), list(now)
    place = {"unit": unit} if unit else {}
    gone = _("Jam tidak berlaku lagi pada %(unit)s: %(hours)s.") if unit else _("Jam tidak berlaku lagi: %(hours)s.")
    comes = _("Jam baru pada %(unit)s: %(hours)s.") if unit else _("Jam baru: %(hours)s.")
    return [
        *(gone % {**place, "hours": period_words(one)} for one in then if one not in new),
        *(comes % {**place, "hours": period_words(one)} for one in new if one not in then),
    ]


def period_words(period: Period) -> str:
    """As in: Ramadan 1448 H (8 Februari 2027 sampai 9 Maret 2027), Senin-Kamis 08.00-15.00; Jumat 08.00-15.30."""
    days = "; ".join(f"{days} {hours}" for days, hours in week_words(period)) or _("selalu tutup")
    return f"{period.label or _('Jam kerja')} ({span_words(period)}), {days}"


# moves ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A due moment that moves, as a table shows it. ``is_late``: it lies in the past at once."""

    register: str
    what: str
    before: str
    after: str
    by: str
    is_late: bool
    breached: bool


class Told(Protocol):
    """What is known of a move, foretold or on record."""

    @property
    def clock(self) -> str: ...
    @property
    def no(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def before(self) -> datetime | None: ...
    @property
    def after(self) -> datetime | None: ...
    @property
    def breached(self) -> bool: ...


def move_row(move: Told, *, register: str, calendar: WorkCalendar, now: datetime) -> MoveRow:
    """The row of one move, moments on the clocks of ``calendar``. No ``register``: a confidential case."""
    before, after = move.before, move.after
    return MoveRow(
        register=register or _("Laporan rahasia"),
        what=clock_words(move),
        before=dates.deadline(before, calendar.tz) if before else "-",
        after=dates.deadline(after, calendar.tz) if after else "-",
        by=_by(before, after, calendar),
        is_late=late_at_once(move, now),
        breached=move.breached,
    )


def late_at_once(move: Told, now: datetime) -> bool:
    """True when the moved moment lies in the past, and its being late was not on record before."""
    return move.after is not None and move.after <= now and not move.breached


def _by(before: datetime | None, after: datetime | None, calendar: WorkCalendar) -> str:
    if before is None or after is None:
        return _("mulai dihitung") if before is None else _("tidak dihitung lagi")
    if after > before:
        return _("lebih lambat %(time)s") % {"time": dates.between(before, after, calendar)}
    return _("lebih awal %(time)s") % {"time": dates.between(after, before, calendar)}


def clock_words(move: Told) -> str:
    """What a clock counts, from what the record keeps of it: "langkah 3", "respons pertama langkah 2"."""
    kind, _colon, name = move.clock.partition(":")
    if kind == "clock" and name == "limit":
        return _("batas waktu seluruh laporan")
    if kind == "clock":
        return _("batas waktu %(name)s") % {"name": move.what or name}
    step = printed.numbered(move.no, move.what)
    if move.round > 1:
        step = _("%(step)s putaran %(round)d") % {"step": step, "round": move.round}
    words = {
        "respond": _("respons pertama %(step)s"),
        "timeout": _("batas tunggu %(step)s"),
        "disposition": _("disposisi pada %(step)s"),
    }
    return words[kind] % {"step": step} if kind in words else step
