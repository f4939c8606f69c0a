"""`tanggap doctor`: is this installation well? Each line says what was looked at, and what to do."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tanggap.cli.terminal import green, red, table, yellow

NAME = "doctor"
HELP = "Memeriksa kesehatan pemasangan: setelan, basis data, kunci, cakram, jam, pekerja."
EXAMPLES = ["tanggap doctor", "tanggap doctor --json", "tanggap doctor --channels"]
NEEDS_DATABASE = True

_WELL, _LOOK, _ILL = "baik", "perhatikan", "rusak"
_DISK_MEGABYTES = 1024
_BEAT = timedelta(minutes=2)
_STUCK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: how it stands, what was looked at, and in words."""

    state: str
    what: str
    says: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")
    parser.add_argument("--channels", action="store_true", help="uji juga sambungan setiap saluran yang dipakai")


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when something is ill."""
    found = list(examine(datetime.now(UTC)))
    if args.channels:
        found += _channels()
    if args.json:
        told = [{"state": one.state, "what": one.what, "says": one.says} for one in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        colour = {_WELL: green, _LOOK: yellow, _ILL: red}
        print(table((colour[one.state](one.state.ljust(10)), one.what, one.says) for one in found))
    return 1 if any(one.state == _ILL for one in found) else 0


def examine(at: datetime) -> Iterator[Found]:
    """Everything there is to say, tables last: without them the rest still can be told."""
    yield _python()
    yield from _places()
    yield from _keys()
    yield _database()
    pending = _pending_migrations()
    yield pending
    if pending.state == _WELL:
        yield _key_check(at)
        yield from _tables(at)


def _python() -> Found:
    version = ".".join(map(str, sys.version_info[:3]))
    return Found(_WELL if sys.version_info >= (3, 11) else _ILL, "Python", version)


def _places() -> Iterator[Found]:
    from django.conf import settings

    data = Path(settings.TANGGAP_DATA)
    free = shutil.disk_usage(data).free // 1024**2
    yield Found(_WELL if data.is_dir() else _ILL, "Folder data", str(data))
    says = f"{free:,} MB tersisa".replace(",", ".")
    yield Found(_WELL if free >= _DISK_MEGABYTES else _LOOK, "Cakram", says)
    if settings.DEBUG:
        yield Found(_LOOK, "TANGGAP_DEBUG", "menyala: rincian galat terlihat siapa saja. Matikan di luar pengembangan.")
    secure = settings.TANGGAP_BASE_URL.startswith("https://")
    local = "127.0.0.1" in settings.TANGGAP_BASE_URL or "localhost" in settings.TANGGAP_BASE_URL
    yield Found(_WELL if secure or local else _LOOK, "Alamat", settings.TANGGAP_BASE_URL)


def _keys() -> Iterator[Found]:
    from django.conf import settings

    from tanggap.records.checks import unsafe_keys

    found = unsafe_keys()
    yield from (Found(_ILL, "Kunci", says) for says in found)
    if not found:
        yield Found(_WELL, "Kunci", f"{settings.TANGGAP_KEYS} (cadangkan terpisah dari data)")


def _key_check(at: datetime) -> Found:
    from tanggap.actions.setup import remember_keys

    if remember_keys(at=at):
        return Found(_WELL, "Pasangan kunci", "kunci dan basis data cocok")
    return Found(_ILL, "Pasangan kunci", "folder kunci ini bukan pasangan basis data ini")


def _database() -> Found:
    from django.db import DatabaseError, connection

    from tanggap.records.checks import unsafe_pragmas

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            version = f"{connection.display_name} {cursor.fetchone()[0]}"
        unsafe = unsafe_pragmas()
    except DatabaseError as error:
        return Found(_ILL, "Basis data", f"tidak menjawab: {error}")
    return Found(_ILL, "Basis data", unsafe[0]) if unsafe else Found(_WELL, "Basis data", version)


def _pending_migrations() -> Found:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Found(_ILL, "Tabel", str(error))
    if pending:
        return Found(_ILL, "Tabel", f"{len(pending)} perubahan tabel belum dijalankan. Jalankan: tanggap serve")
    return Found(_WELL, "Tabel", "mutakhir")


def _tables(at: datetime) -> Iterator[Found]:
    from django.db import connection

    from tanggap.records import fences, queries
    from tanggap.records.models import CaseEvent, Institution
    from tanggap.records.recount import outdated
    from tanggap.records.shelves import in_force

    missing = fences.missing(connection)
    says = f"hilang: {', '.join(missing)}" if missing else "catatan tidak dapat diubah atau dihapus"
    yield Found(_ILL if missing else _WELL, "Pagar catatan", says)
    institutions = list(Institution.objects.all())
    yield Found(_WELL if institutions else _LOOK, "Lembaga", f"{len(institutions)} lembaga")
    for row in institutions:
        if not in_force(row, at):
            yield Found(_LOOK, row.short_name, "belum ada SOP yang berlaku: pengaduan belum dapat diterima")
    newest = CaseEvent.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    if newest is not None and newest > at + timedelta(minutes=1):
        yield Found(_ILL, "Jam", f"catatan terakhir dari masa depan ({newest:%Y-%m-%d %H.%M} UTC). Periksa jam mesin.")
    else:
        yield Found(_WELL, "Jam", f"{at:%Y-%m-%d %H.%M} UTC")
    behind = outdated(at).count()
    if behind:
        yield Found(_LOOK, "Hitungan", f"{behind} perkara dihitung menurut aturan lama; pekerja memperbaruinya sendiri")
    yield from _clocks()
    seen = queries.seen_last()
    alive = seen is not None and at - seen < _BEAT
    last = f"terakhir terlihat {seen:%Y-%m-%d %H.%M} UTC" if seen else "belum pernah terlihat"
    yield Found(_WELL if alive else _LOOK, "Pekerja", "hidup" if alive else f"{last}. Jalankan: tanggap serve")
    yield from _notices(at)
    yield from _arrivals(at)


def _clocks() -> Iterator[Found]:
    from tanggap.records import queries
    from tanggap.web.dates import stretch

    for one in queries.clock_troubles():
        words = ("maju", "lebih cepat") if one.by > timedelta(0) else ("mundur", "lebih lambat")
        says = f"{one.worker} {stretch(abs(one.by))} {words[1]} daripada jam basis data. Periksa NTP."
        if one.at is not None:
            when = f"{one.at:%Y-%m-%d %H.%M} UTC"
            says = f"{one.worker} melompat {words[0]} {stretch(abs(one.by))} pada {when}. Periksa NTP."
            if one.held:
                side = "sesudah" if one.by > timedelta(0) else "sebelum"
                says = (
                    f"{one.worker} tidak mengerjakan apa pun: jamnya {stretch(abs(one.by))} {side} tanda hidup "
                    f"terakhir ({when}). Betulkan jam mesin; bila jam itu benar: tanggap clock --confirm"
                )
        yield Found(_ILL if one.held else _LOOK, "Jam pekerja", says)


def _arrivals(at: datetime) -> Iterator[Found]:
    from tanggap.actions import kept_reports
    from tanggap.records import queries

    health = queries.inbox_health(at=at)
    stuck = health.oldest is not None and at - health.oldest > _STUCK
    says = f"{health.accounts} saluran dipakai, {health.due} kiriman belum dibaca"
    if health.oldest is not None:
        says += f", tertua {health.oldest:%Y-%m-%d %H.%M} UTC"
    yield Found(_LOOK if stuck else _WELL, "Kotak masuk", says)
    for name, error in health.errors:
        yield Found(_LOOK, f"Saluran {name}", error)
    kept = kept_reports.left_lying(at=at)
    if kept:
        yield Found(_LOOK, "Laporan tersimpan", f"{kept} laporan web belum menjadi perkara. Periksa pekerja dan SOP")
    if health.review:
        yield Found(_LOOK, "Kiriman ditinjau", f"{health.review} menunggu petugas. Tindak lanjuti di /kotak-masuk")


def _channels() -> Iterator[Found]:
    """Each account in use, tried as its button does."""
    from tanggap.actions.channel_accounts import active_accounts
    from tanggap.worker.calling import Caller
    from tanggap.worker.probing import probe_account

    caller = Caller()
    for account in active_accounts():
        tried = probe_account(account.pk, caller)
        yield Found(_WELL if tried.well else _LOOK, f"Uji {account.channel} {account.name}", tried.says)


def _notices(at: datetime) -> Iterator[Found]:
    from django.conf import settings

    from tanggap.records import queries

    if not settings.TANGGAP_SENDS_MAIL:
        yield Found(_LOOK, "Surel", "belum diatur: kabar hanya dibaca di Tanggap. Isi TANGGAP_EMAIL_URL")
    health = queries.outbox_health(at=at)
    says = f"{health.waiting} menunggu, {health.due} di antaranya sudah waktunya"
    stuck = health.oldest_due is not None and at - health.oldest_due > _STUCK
    if health.oldest_due is not None:
        says += f" sejak {health.oldest_due:%Y-%m-%d %H.%M} UTC"
    yield Found(_LOOK if stuck else _WELL, "Antrean kabar", says)
    if health.failed:
        says = f"{health.failed} kabar tidak dapat dikirim. Tindak lanjuti di /pemberitahuan/antrean"
        yield Found(_LOOK, "Kabar gagal", says)
