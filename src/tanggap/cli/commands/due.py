"""`tanggap due`: what a printed time means from a given moment, or every deadline of a case; explained line by line."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tanggap.cli.terminal import CannotGoOn, bold, table, yellow
from tanggap.worktime import dates
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, UnreadableDuration, parse
from tanggap.worktime.explanation import Explanation
from tanggap.worktime.office_hours import CalendarRefused

if TYPE_CHECKING:
    from tanggap.casework.explained import Explained
    from tanggap.records.queries import CaseDeadlines

NAME = "due"
HELP = "Menghitung kapan suatu waktu pada SOP jatuh tempo menurut kalender kerja lembaga, atau tenggat suatu kasus."
EXAMPLES = [
    'tanggap due "3 hari" --from "2026-11-20 16.20" --institution ub-fmipa',
    'tanggap due "15 menit" --from sekarang --institution unmul-ft --explain',
    'tanggap due "1x24 jam" --from 2026-11-20T16:20+07:00 --institution unej-uc3 --json',
    "tanggap due 0001/PGD/FMIPA/XI/2026 --explain",
]

_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura", "z": "UTC", "utc": "UTC"}
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[ T](?:pukul )?(?P<clock>\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)"
    r"\s*(?P<zone>wib|wita|wit|utc|z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_MOMENT_FORMS = "seperti “2026-11-20 16.20”, “2026-11-20T16:20+07:00” atau sekarang"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "duration",
        metavar="WAKTU",
        nargs="?",
        help="waktu seperti tercetak pada SOP, misalnya “3 hari”; atau nomor register: semua tenggat kasus itu",
    )
    parser.add_argument("--from", dest="start", metavar="SAAT", help="saat mulai: “2026-11-20 16.20” atau sekarang")
    parser.add_argument("--institution", metavar="KUNCI", help="kunci lembaga, misalnya ub-fmipa")
    parser.add_argument("--case", metavar="REGISTER", help="nomor register, bila tidak dikenali sebagai WAKTU")
    parser.add_argument(
        "--explain", action="store_true", help="jelaskan baris demi baris: mulai, jeda, libur, jatuh tempo"
    )
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Print when the time is due, or the deadlines of a case. Raises :class:`CannotGoOn` for words it cannot read."""
    register = args.case or _register(args)
    if register:
        return _of_case(register, args)
    missing = [name for name, given in (
        ("WAKTU", args.duration is not None), ("--from", args.start), ("--institution", args.institution)
    ) if not given]  # fmt: skip
    if missing:
        raise CannotGoOn(f"Masih kurang: {', '.join(missing)}. Lihat: tanggap due --help")
    try:
        duration = parse(args.duration)
        calendar = calendar_of(args.institution)
        explained = calendar.explain(read_moment(args.start, calendar.tz), duration)
    except (UnreadableDuration, CalendarRefused) as error:
        raise CannotGoOn(str(error)) from None
    language = language_of_the_reader()
    if args.json:
        print(json.dumps(_as_data(explained, args.institution, calendar), ensure_ascii=False, indent=2))
    elif args.explain:
        print(_reading(duration, language))
        print(table((line.kind.caption(language), line.told(language)) for line in explained))
    else:
        print(_sentence(explained, language))
    return 0


def _register(args: argparse.Namespace) -> str:
    """What stands in the place of a time, when it is the number of a case: it has a slash, and no start is named."""
    written = str(args.duration or "").strip()
    if args.start or "/" not in written or " " in written:
        return ""
    try:
        parse(written)
    except UnreadableDuration:
        return written
    return ""  # "1/2jam"


def calendar_of(institution_key: str) -> WorkCalendar:
    """The calendar of an institution: from the database where it stands there, else the one Tanggap starts with.

    Raises :class:`CannotGoOn` for an institution nobody knows.
    """
    from tanggap.actions import holidays

    stored = _stored_calendar(institution_key)
    if stored is not None:
        return stored
    try:
        return holidays.seed_calendar(institution_key)
    except LookupError:
        known = ", ".join(holidays.seed_institutions())
        raise CannotGoOn(f"Lembaga “{institution_key[:60]}” tidak dikenal; yang dikenal: {known}.") from None


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A moment typed by a person; without a zone it is by the clocks of ``zone``. Raises :class:`CannotGoOn`."""
    words = " ".join(text.split())
    if words.lower() == "sekarang":
        return datetime.now(UTC).astimezone(zone)
    found = _MOMENT.fullmatch(words)
    try:
        if found is None:
            raise ValueError(words)
        read = datetime.fromisoformat(f"{found['date']}T{found['clock'].replace('.', ':').zfill(5)}")
        return read.replace(tzinfo=_zone(found["zone"]) or zone).astimezone(zone)
    except (ValueError, OverflowError):
        raise CannotGoOn(f"Saat “{words[:60]}” tidak dapat dibaca; tulis {_MOMENT_FORMS}.") from None


def _zone(written: str | None) -> tzinfo | None:
    if not written:
        return None
    known = _ZONES.get(written.lower())
    return ZoneInfo(known) if known else datetime.strptime(written.replace(":", ""), "%z").tzinfo


def _stored_calendar(institution_key: str) -> WorkCalendar | None:
    """The calendar in the database; ``None`` when there is no database, or the institution is not in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")
    import django
    from django.db import DatabaseError, connection

    django.setup()
    if connection.vendor == "sqlite" and not _exists(connection.settings_dict["NAME"]):
        return None
    from tanggap.records import queries

    try:
        return queries.calendar_of(institution_key)
    except LookupError:
        return None
    except DatabaseError:
        print(yellow("Basis data tidak dapat dibaca; memakai kalender bawaan.", sys.stderr), file=sys.stderr)
        return None


def _exists(name: object) -> bool:
    # Asking SQLite would create the file. A database in memory (the tests') has no file and is there.
    return str(name).startswith("file:") or ":memory:" in str(name) or Path(str(name)).exists()


def language_of_the_reader() -> str:
    """The first language of this installation (TANGGAP_LANGUAGE): id or en."""
    from tanggap.web import dates as pages

    return pages.language()


def _reading(duration: Duration, language: str) -> str:
    printed, reads = bold(f"“{duration.printed}”"), "is read as" if language == "en" else "dibaca sebagai"
    return f"{printed} {reads} {duration.told(language)}."


def _sentence(explained: Explanation, language: str) -> str:
    english, reading = language == "en", _reading(explained.duration, language)
    if explained.due is None:
        never = "It is measured, but never late." if english else "Waktunya diukur, tetapi tidak pernah terlambat."
        return f"{reading} {never}"
    return f"{reading} {'Due' if english else 'Jatuh tempo'} {bold(dates.moment(explained.due, language))}."


def _as_data(explained: Explanation, institution_key: str, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "printed": explained.duration.printed,
        "amount": explained.duration.amount,
        "unit": explained.duration.unit.value,
        "meaning": explained.duration.meaning,
        "institution": institution_key,
        "zone": calendar.zone,
        "calendar": explained.version,
        "start": explained.start.isoformat(),
        "due": explained.due.isoformat() if explained.due else None,
        "due_text": dates.moment(explained.due) if explained.due else None,
        "explanation": [
            {
                "kind": line.kind.value,
                "begin": line.begin.isoformat(),
                "end": line.end.isoformat() if line.end else None,
                "text": line.text,
            }
            for line in explained
        ],
    }


# a case --------------------------------------------------------------------------------------------------------------


def _of_case(register: str, args: argparse.Namespace) -> int:
    """Print every deadline of a case: one line each, or line by line, or as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")
    import django

    django.setup()
    from tanggap.records import queries

    found = queries.case_of_register(register, institution=args.institution or "")
    if not found:
        raise CannotGoOn(f"Kasus bernomor “{register[:60]}” tidak ada.")
    if len(found) > 1:
        known = ", ".join(key for _, key in found)
        raise CannotGoOn(f"Nomor itu ada pada beberapa lembaga ({known}); sebutkan dengan --institution.")
    at = datetime.now(UTC)
    told = queries.deadlines_of(found[0][0], at=at)
    if args.json:
        print(json.dumps(_case_as_data(told), ensure_ascii=False, indent=2))
    else:
        _print_case(told, at=at, explain=args.explain)
    return 0


def _print_case(told: CaseDeadlines, *, at: datetime, explain: bool) -> None:
    from tanggap.web import explained
    from tanggap.web.duties.deadlines import figures, totals

    print(f"{bold(told.register)}, {told.institution.short_name}")
    print(table(figures(told.custody)))
    rounds = [(one.title, f"{one.rounds}x", one.used) for one in totals(told)]
    if rounds:
        print(table(rounds))
    views = explained.views(told, at=at)
    if not explain:
        print(table((view.title, view.due or "-", str(view.badge.words)) for view in views))
        return
    for view in views:
        print(f"\n{bold(view.title)} ({view.badge.words})")
        print(table((row.caption, row.words) for row in view.rows))


def _case_as_data(told: CaseDeadlines) -> dict[str, Any]:
    held = told.custody
    return {
        "register": told.register,
        "institution": told.institution.key,
        "zone": told.shelf.calendar.zone,
        "promise": {
            "due": told.promised.due_at.isoformat(), "source": told.promised.source, "same": told.promised.same,
        } if told.promised is not None else None,
        "working_minutes": {
            "ours": _minutes(held.ours), "complainant": _minutes(held.complainant), "others": _minutes(held.others),
        } if held is not None else None,
        "clocks": [_clock_as_data(one) for one in told.clocks],
    }  # fmt: skip


def _clock_as_data(one: Explained) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "kind": one.kind,
        "standard": one.standard.printed,
        "meaning": one.standard.meaning,
        "from": one.counted_from,
        "start": one.starts_at.isoformat(),
        "due": _iso(one.due_at),
        "fixed": one.fixed,
        "paused": one.paused,
        "breaches": one.breaches,
        "ended": _iso(one.ended_at),
        "how": one.ended,
        "breached": _iso(one.breached_at),
        "late_minutes": _minutes(one.late_by),
        "used_minutes": _minutes(one.used) if one.used is not None else None,
        "pauses": [
            {"reason": stop.reason, "by": stop.by, "since": _iso(stop.since), "to": _iso(stop.to), "ended": stop.ended}
            for stop in one.stops
        ],
        "extensions": [
            {"at": _iso(more.at), "by": more.by, "amount": more.amount, "until": _iso(more.until)} for more in one.more
        ],
        "held": [
            {"posts": share.posts, "since": _iso(share.since), "to": _iso(share.to), "minutes": _minutes(share.used)}
            for share in one.shares
        ],
        "explanation": [{"kind": line.kind.value, "text": line.text} for part in one.parts for line in part],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _minutes(time: timedelta) -> int:
    return time // timedelta(minutes=1)
