"""Periodic duties with a database: each date opens its case once, whoever looks, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

import worlds
from tanggap.actions import deadlines, schedules
from tanggap.actions.calendars import renew_calendar
from tanggap.actions.cases import NotVisible
from tanggap.actions.intake import Incoming, NoProcedure, receive
from tanggap.actions.organisation import seed_organisation
from tanggap.actions.sops import approve, import_sop, withdraw
from tanggap.records import fences, queries, shelves, store
from tanggap.records.models import Case, Holiday, Institution, IntakeKey, Outbox, Schedule, SopVersion, TrackingCode
from tanggap.records.register import BadTemplate, check_template
from tanggap.records.schedules import AGAIN
from tanggap.records.verification import verify
from tanggap.sop import seeds
from tanggap.worker import loop

pytestmark = pytest.mark.django_db
CHECK = "komunikasi:1"


@pytest.fixture
def world() -> worlds.World:
    """Fakultas Teknik of UNMUL, in WITA: the readiness check is due monthly since 12 October 2025."""
    return worlds.build("unmul-ft")


def schedule(duty: str = CHECK) -> Schedule:
    return Schedule.objects.get(duty=duty)


def days(duty: str = CHECK) -> list[str]:
    found = Case.objects.filter(book="duty", procedure=duty).order_by("recorded_at")
    return [attributes["period"] for attributes in found.values_list("attributes", flat=True)]


def until(day: str, *, step: int = 1) -> datetime:
    """The worker looks every day from the last look up to ``day`` at noon in Samarinda."""
    last = datetime.fromisoformat(f"{day}T04:00+00:00")
    at = worlds.MONDAY - timedelta(days=400)
    while at < last:
        at = min(at + timedelta(days=step), last)
        while schedules.open_due(at=at):
            pass
    return last


def adopt(world: worlds.World, text: str, at: datetime) -> SopVersion:
    return approve(import_sop(world.institution, text, name="uji.toml", at=at), at=at)


def revised(every: str = "1 bulan", more: str = "") -> str:
    """Another version of UNMUL's document."""
    text = seeds.text("unmul-ft-komunikasi-pelanggan").replace('every = "1 bulan"', f'every = "{every}"')
    return text.replace(
        'title = "SOP KOMUNIKASI PELANGGAN"', f'title = "SOP KOMUNIKASI PELANGGAN"\nrevision = "1"\n{more}'
    )


def test_the_readiness_check_opens_each_month_on_a_working_day_at_the_opening_in_wita(world: worlds.World) -> None:
    """S3-2, S3-16: approved on Sunday 12 October 2025; the 12th is the day, the office opens on the first Monday."""
    assert schedule().next == date(2025, 10, 12)
    until("2026-02-20")
    assert days() == ["2025-10-12", "2025-11-12", "2025-12-12", "2026-01-12", "2026-02-12"]
    received = list(Case.objects.filter(book="duty").order_by("recorded_at").values_list("register", "received_at"))
    assert received[0][0] == "BERKALA-0001/2025"
    assert received[3][0] == "BERKALA-0001/2026"
    opening = schedule().look_at
    assert opening is not None
    assert opening.astimezone(UTC) == datetime(2026, 3, 12, 0, tzinfo=UTC)
    assert not list(verify(at=worlds.MONDAY))


def test_the_check_is_a_case_of_one_row_nobody_complained_in_and_its_end_needs_no_answer(world: worlds.World) -> None:
    """S3-2: "Disesuaikan" is measured and never late."""
    world.at = until("2025-10-13")
    row = Case.objects.get(book="duty")
    assert (row.promise_due_at, row.channel, row.kind) == (None, "jadwal", "")
    assert not TrackingCode.objects.filter(case=row).exists()
    assert {one.audience for one in Outbox.objects.filter(case=row)} == {"officers"}
    deadlines.expire_due(at=world.later(days=60))
    assert "Breached" not in {entry.event.kind for entry in store.load(row.pk).entries}
    world.complete(row.pk, "1#1", "kasubbag-akademik-kemahasiswaan")
    row.refresh_from_db()
    assert (row.status, row.late, row.answered) == ("closed", False, False)
    assert not list(verify(at=world.at))


def test_looking_again_or_from_two_workers_opens_nothing_twice(world: worlds.World) -> None:
    at = until("2025-10-13")
    assert schedules.open_due(at=at) == 0
    Schedule.objects.update(look_at=at - timedelta(hours=1))  # a worker that saw the row before the other moved it
    assert schedules.look(schedule().pk, at=at) is None
    assert days() == ["2025-10-12"]


def test_a_schedule_that_was_lost_with_a_restored_copy_finds_its_cases_again(world: worlds.World) -> None:
    at = until("2025-11-13")
    Schedule.objects.all().delete()
    schedules.renew_all(at=at)
    assert schedules.open_due(at=at) == 0
    assert schedule().last == date(2025, 11, 12)
    Schedule.objects.update(last=date(2025, 10, 12))  # an older copy of the row beside newer cases
    schedules.renew_all(at=at)
    schedules.open_due(at=at)
    assert days() == ["2025-10-12", "2025-11-12"]
    assert [flaw.kind for flaw in verify(at=at)] == ["schedule"]
    assert schedules.mend(at=at) == 1
    assert not list(verify(at=at))


def test_a_worker_that_dies_between_schedule_and_case_leaves_neither(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*args: object, **more: object) -> None:
        raise Killed

    at = worlds.MONDAY - timedelta(days=390)
    with monkeypatch.context() as patched:
        patched.setattr(store, "begin", die)
        with pytest.raises(Killed):
            schedules.open_due(at=at)
    assert schedule().last is None
    schedules.open_due(at=at)
    assert days() == ["2025-10-12"]


def test_a_look_that_fails_waits_a_while_and_holds_up_nobody(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at = worlds.MONDAY - timedelta(days=390)
    adopt(world, seeds.text("tanggap-pemantauan-sop").replace("2026-01-01", "2025-10-12"), at - timedelta(days=1))
    whole = schedules._opened

    def opened(row: Schedule, *args: object, **more: object) -> UUID:
        if row.duty == CHECK:
            raise ValueError("broken")
        return whole(row, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(schedules, "_opened", opened)
    schedules.open_due(at=at)
    assert schedule().look_at == at + AGAIN
    assert schedules.open_due(at=at) == 0
    assert "could not be looked at" in caplog.text


def test_three_months_away_open_the_latest_alone_and_the_record_says_how_many_passed(world: worlds.World) -> None:
    until("2025-12-20")
    world.at = until("2026-04-20", step=200)
    assert days()[-1] == "2026-04-12"
    assert len(days()) == 4
    last = Case.objects.get(book="duty", register="BERKALA-0001/2026")
    assert (last.attributes["skipped"], last.attributes["skipped_from"]) == ("3", "2026-01-12")


def test_a_revision_in_the_middle_takes_over_without_doubling_and_what_runs_stays_as_it_began(
    world: worlds.World,
) -> None:
    until("2025-11-13")
    first = Case.objects.get(register="BERKALA-0002/2025").sop_hash
    at = datetime(2025, 11, 20, 4, tzinfo=UTC)
    adopt(world, revised(), at)
    assert (schedule().anchor, schedule().next) == (date(2025, 10, 12), date(2025, 12, 12))
    until("2025-12-20")
    assert days() == ["2025-10-12", "2025-11-12", "2025-12-12"]
    assert Case.objects.get(register="BERKALA-0002/2025").sop_hash == first
    assert Case.objects.get(register="BERKALA-0003/2025").sop_hash != first
    adopt(world, revised("2 minggu"), datetime(2025, 12, 22, 4, tzinfo=UTC))
    assert schedule().next == date(2025, 12, 26)


def test_a_version_to_come_is_waited_for_and_begins_its_own_rhythm_that_day(world: worlds.World) -> None:
    until("2025-11-13")
    text = revised("1 minggu", more="effective_date = 2025-11-24\n")
    adopt(world, text, datetime(2025, 11, 14, 4, tzinfo=UTC))
    assert schedule().every == "1 bulan"
    assert schedule().look_at == datetime(2025, 11, 23, 16, tzinfo=UTC)
    until("2025-11-24")
    assert schedule().every == "1 minggu"
    assert days() == ["2025-10-12", "2025-11-12", "2025-11-19"]
    assert schedule().next == date(2025, 11, 26)


def test_a_withdrawn_sop_ends_its_schedules_and_one_that_returns_skips_nothing(world: worlds.World) -> None:
    until("2025-11-13")
    withdraw(world.version, at=datetime(2025, 11, 20, 4, tzinfo=UTC))
    assert schedule().look_at is None
    assert schedule().ended_at is not None
    until("2026-03-20")
    assert len(days()) == 2
    adopt(world, revised(), datetime(2026, 3, 20, 5, tzinfo=UTC))
    until("2026-04-14")
    assert days()[-1] == "2026-04-12"
    assert "skipped" not in Case.objects.get(register="BERKALA-0001/2026").attributes


def test_a_version_without_the_duty_ends_it(world: worlds.World) -> None:
    until("2025-11-13")
    adopt(world, revised().replace('every = "1 bulan"', ""), datetime(2025, 11, 20, 4, tzinfo=UTC))
    assert schedule().look_at is None


def test_the_quarterly_evaluation_falls_on_the_dates_of_its_file_not_on_the_day_of_adoption() -> None:
    """S4-9: Fakultas Ekonomika dan Bisnis UNESA evaluates its complaints every quarter."""
    world = worlds.build("unesa-feb")
    adopt(world, seeds.text("tanggap-evaluasi-pengaduan"), datetime(2026, 2, 20, 4, tzinfo=UTC))
    until("2026-10-02")
    assert days("evaluasi") == ["2026-04-01", "2026-07-01", "2026-10-01"]
    attributes = Case.objects.get(register="BERKALA-0002/2026").attributes
    assert (attributes["since"], attributes["period"]) == ("2026-04-01", "2026-07-01")


def test_books_and_reports_of_complaints_count_no_duty(world: worlds.World) -> None:
    world.at = until("2026-02-20")
    receipt = world.receive()
    assert receipt.register.startswith("0001/")
    everybody = world.reader(world.coordinator)
    key = world.institution.key
    assert [line.n for line in queries.register_book(everybody, key, year=2026)] == [1]
    assert [line.case for line in queries.unanswered(everybody)] == [receipt.case]
    assert [line.case for line in queries.unresolved(everybody)] == [receipt.case]
    assert queries.counts(everybody)["open"] == 1
    assert [line.case for line in queries.life_lines(everybody, key, first=None, until=None)] == [receipt.case]
    assert {line.procedure for line in queries.standing(everybody, key)} == {"komunikasi"}


def test_no_complaint_comes_by_the_way_of_duties_or_under_a_document_that_has_only_duties(world: worlds.World) -> None:
    receipt = world.receive(channel="jadwal")
    assert Case.objects.get(pk=receipt.case).channel == "web"
    withdraw(world.version, at=world.at)
    adopt(world, seeds.text("tanggap-pemantauan-sop"), world.at)
    with pytest.raises(NoProcedure):
        receive(
            world.institution.key,
            Incoming(text="x", sop_id="tanggap-pemantauan-sop"),
            key="k1",
            at=world.later(hours=1),
        )


def test_a_coordinator_opens_one_beside_the_schedule_with_a_reason_and_once(world: worlds.World) -> None:
    world.at = until("2025-10-20")
    who, row, key = world.reader(world.coordinator), schedule(), world.institution.key
    with pytest.raises(schedules.StillOpen):
        schedules.open_now(key, row.pk, reason="listrik padam", by=who, form_key="f1", at=world.at)
    world.complete(Case.objects.get(book="duty").pk, "1#1", "kasubbag-akademik-kemahasiswaan")
    made = schedules.open_now(key, row.pk, reason="listrik padam", by=who, form_key="f1", at=world.at)
    again = schedules.open_now(key, row.pk, reason="listrik padam", by=who, form_key="f1", at=world.later(minutes=1))
    assert made == again
    assert [entry.event.kind for entry in store.load(made).entries] == ["Received", "StepOpened", "Noted"]
    assert store.load(made).entries[0].by == world.coordinator.person
    assert schedule().next == date(2025, 11, 12)
    for other in (world.desk, world.auditor, world.stranger):
        with pytest.raises(NotVisible):
            schedules.open_now(key, row.pk, reason="x", by=world.reader(other), form_key="f2", at=world.at)
    assert not list(verify(at=world.at))


def test_numbers_of_duties_are_given_to_no_complaint() -> None:
    with pytest.raises(BadTemplate):
        check_template("BERKALA-{n:04}/{year}")


def test_the_loop_opens_what_is_due_and_heals_what_was_forgotten(world: worlds.World) -> None:
    at = worlds.MONDAY - timedelta(days=390)
    loop.look_round(at)
    assert days() == ["2025-10-12"]
    Schedule.objects.all().delete()
    schedules.renew_all(at=at)
    assert schedule().next == date(2025, 11, 12)


def test_asking_what_is_due_costs_one_query_when_nothing_is(
    world: worlds.World, django_assert_num_queries: object
) -> None:
    at = until("2025-10-20")
    with django_assert_num_queries(1):  # type: ignore[operator]
        schedules.open_due(at=at)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_case() -> None:
    world = worlds.build("unmul-ft")
    at, number = worlds.MONDAY - timedelta(days=390), schedule().pk
    start, opened = Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            opened.append(schedules.look(number, at=at))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(case is None for case in opened) == [False, True]
    assert len(days()) == 1
    assert IntakeKey.objects.count() == 1
    assert Institution.objects.get(pk=world.institution.pk).counters.get(book="duty").last == 1


TAMPERED = {
    "tanggal 2027-01-12 tercatat sudah dibuka, tetapi kasusnya tidak ada": {"last": date(2027, 1, 12)},
    "kasus tanggal 2025-11-12 sudah ada, tetapi jadwal menyebut 2025-10-12 sebagai terakhir": {
        "last": date(2025, 10, 12)
    },
    "dikatakan baru berlaku sejak 2027-01-01": {"since": date(2027, 1, 1)},
    "iramanya (1 bulan sejak 2025-10-30)": {"anchor": date(2025, 10, 30)},
    "iramanya (6 bulan sejak 2025-10-12)": {"every": "6 bulan"},
    "tanggal berikutnya 2026-12-12, seharusnya 2025-12-12": {"next": date(2026, 12, 12)},
    "dibuka pada 2027-01-01": {"look_at": datetime(2027, 1, 1, tzinfo=UTC)},
    "tidak mengikuti versi SOP yang berlaku": {"ended_at": worlds.MONDAY},
}


MENDED_TO = {
    "iramanya (1 bulan sejak 2025-10-30)": {"anchor": date(2025, 11, 12)},  # the same dates, from the last one
    "iramanya (6 bulan sejak 2025-10-12)": {"anchor": date(2025, 11, 12)},
    "tidak mengikuti versi SOP yang berlaku": {"since": date(2025, 11, 13)},
}


def test_verify_counts_every_schedule_again_and_says_what_is_not_as_it_must_be(world: worlds.World) -> None:
    at = until("2025-11-13")
    right = Schedule.objects.filter(duty=CHECK).values().get()
    assert [flaw.says for flaw in verify(at=at)] == []
    for says, changes in TAMPERED.items():
        Schedule.objects.filter(pk=right["id"]).update(**changes)
        found = [flaw for flaw in verify(at=at) if flaw.kind == "schedule"]
        assert any(flaw.says.startswith(f"Jadwal {CHECK}: {says}") for flaw in found), (says, found)
        assert schedules.mend(at=at) == 1
        assert Schedule.objects.filter(pk=right["id"]).values().get() == right | MENDED_TO.get(says, {}), says
        assert not list(verify(at=at))
        Schedule.objects.filter(pk=right["id"]).update(**right)
    Schedule.objects.filter(pk=right["id"]).delete()
    (flaw,) = verify(at=at)
    assert flaw.says == f"Jadwal {CHECK}: SOP yang berlaku memuatnya, tetapi barisnya tidak ada."
    Schedule.objects.create(**right | {"duty": "hantu:1", "last": None})
    assert "Jadwal hantu:1: tetap berjalan, padahal tidak ada versi SOP yang memuatnya." in [
        flaw.says for flaw in verify(at=at)
    ]


def test_a_text_in_force_that_cannot_be_read_ends_no_report(world: worlds.World) -> None:
    """The version is named as a flaw, the schedules that hang on it are, and everything after them is looked at."""
    at = until("2025-11-13")
    with fences.lowered(connection):
        world.institution.sop_versions.update(text="bukan SOP")
    shelves.forget()
    flaws = list(verify(at=at))
    assert {"sop", "schedule", "log"} == {flaw.kind for flaw in flaws}
    assert "Jadwal tidak dapat diperiksa (SopErrors)." in [flaw.says for flaw in flaws]


def test_another_calendar_or_another_column_is_looked_at_at_once(world: worlds.World) -> None:
    """Until the worker has looked, nothing is wrong; then the opening is counted by what holds now."""
    at = until("2025-11-13")
    assert schedule().next == date(2025, 12, 12)
    Holiday.objects.create(institution=world.institution, date=date(2025, 12, 12), name="Libur setempat", kind="local")
    renew_calendar(world.institution, at=at, by="", why="libur")
    assert not list(verify(at=at))
    assert schedules.open_due(at=at) > 0
    assert schedule().look_at == datetime(2025, 12, 14, 23, 30, tzinfo=UTC), "Friday the 12th is none, Monday is"
    assert not list(verify(at=at))
    seed_organisation("unmul-ft", at=at)
    assert schedule().look_at == at, "the file may give the column to another post"
