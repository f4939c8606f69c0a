"""Many reports from one address: none is refused, none is lost, and nobody else waits (S60)."""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import worlds
from tanggap.actions import kept_reports
from tanggap.actions.contents import Upload
from tanggap.actions.intake import Complainant, Incoming, NoProcedure, Receipt
from tanggap.actions.pace import slowed
from tanggap.records.models import Attachment, Case
from tanggap.records.queries.words import reports
from tanggap.records.verification import verify
from tanggap.worker.loop import look_round
from town import Complainant as Person
from town import Town

STORY = "Antrean loket panjang sekali sejak pagi."
MINE, THEIRS = "203.0.113.1", "203.0.113.77"


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four a minute instead of thirty, and less work: the same, and sooner."""
    monkeypatch.setattr(kept_reports, "A_MINUTE", 4)
    monkeypatch.setattr(kept_reports, "WORK_BITS", 8)
    for path in kept_reports.files.folder().glob("[01]?/*"):  # of the test before
        path.unlink()


def work(ticket: str) -> str:
    """What the page does in the browser."""
    return next(str(n) for n in count() if kept_reports.is_worked(ticket, str(n)))


def test_thirty_a_minute_go_through_then_each_waits_a_little_and_never_long(db: None) -> None:
    """S60, with its own figures; addresses of one IPv6 network count together, others do not."""
    at = worlds.MONDAY
    waits = [slowed("report", "10.0.0.1", per_minute=30, most=60, at=at) for _ in range(60)]
    assert waits == [0] * 30 + list(range(2, 61, 2))
    assert [slowed("report", "10.0.0.1", per_minute=30, most=60, at=at) for _ in range(500)] == [60] * 500
    assert slowed("report", "10.0.0.2", per_minute=30, most=60, at=at) == 0
    assert slowed("report", "10.0.0.1", per_minute=30, most=60, at=at + timedelta(minutes=3)) == 0
    assert (
        kept_reports.source_of("2001:db8:1:2:3::4") == kept_reports.source_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    )
    assert kept_reports.source_of("::ffff:10.0.0.1") == "10.0.0.1"


def test_of_many_from_one_address_none_is_refused_and_all_become_cases(town: Town) -> None:
    """S60: some by the work of their machine, some by waiting, without JavaScript; some close the page."""
    people = [Person(address=MINE) for _ in range(12)]
    pages = []
    for n, person in enumerate(people):
        form = person.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", f"{STORY} Nomor {n}.")
        form.attach("Berkas gambar", (f"bukti-{n}.txt", b"lihat ini"))
        pages.append(form.send(expect=200 if n < 4 else 202))
    assert all(page.heading == "Tanda terima laporan" for page in pages[:4])
    assert Case.objects.count() == 4
    other = Person(address=THEIRS)
    assert other.report("ub-fmipa", STORY).heading == "Tanda terima laporan", "another address never waits"
    for person, page in zip(people[4:7], pages[4:7], strict=True):
        form = page.says("Laporan Anda sudah disimpan").form("Ambil tanda terima")
        person.keep(form.put("proof", work(form.sent["ticket"][0])).send())
        person.track().says("Antrean loket")
    too_early = pages[7].form("Ambil tanda terima").put("proof", "1").send(expect=202)
    town.clock.later(minutes=2)
    for person, page in zip(people[7:9], (too_early, pages[8]), strict=True):
        person.keep(page.form("Ambil tanda terima").send())
    _closed_the_page(town, left=3)
    assert Case.objects.count() == 13
    first = people[9]
    first.keep(pages[9].form("Ambil tanda terima").send())
    first.track().says("Nomor 9")
    assert Case.objects.count() == 13, "who comes back late gets the receipt of what the worker received"
    assert Attachment.objects.count() == 12
    started = dict(Case.objects.values_list("pk", "received_at"))
    assert max(started.values()) <= worlds.MONDAY.replace(hour=1, minute=5, second=0), (
        "the clock runs since it was sent"
    )
    assert {f"{STORY} Nomor {n}." for n in range(12)} < {one["text"] for one in reports(list(started)).values()}
    assert not list(verify(at=town.clock.now))


def _closed_the_page(town: Town, *, left: int) -> None:
    """The worker receives what nobody came back for, after some minutes."""
    look_round(town.clock.now)
    waiting = kept_reports.waiting()
    assert len(waiting) == left
    for path in waiting:
        os.utime(path, (0, 0))
        assert STORY.encode() not in path.read_bytes(), "encrypted like everything people wrote"
    assert kept_reports.left_lying(at=town.clock.now) == left, "doctor tells of them"
    town.clock.later(minutes=10)
    look_round(town.clock.now)
    assert not kept_reports.waiting()


def _no_procedure(*_: object, **__: object) -> None:
    raise NoProcedure


def test_a_form_sent_again_is_one_report_and_one_that_was_changed_is_another(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reloading, going back, sending something else, no SOP for a while: nothing is swallowed, nothing doubled."""
    for n in range(4):
        Person(address=MINE).report(town.key, f"{STORY} {n}")
    rani = Person(address=MINE)
    form = rani.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", "Yang pertama saya tulis.")
    form.send(expect=202)
    last = form.send(expect=202)
    changed = form.write("Uraian", "Sesudah saya pikirkan lagi.").send(expect=202)
    assert len(kept_reports.waiting()) == 2
    town.clock.later(minutes=2)
    with monkeypatch.context() as closed:
        closed.setattr(kept_reports, "receive", _no_procedure)
        told = last.form("Ambil tanda terima").send(expect=202).says("Belum ada prosedur yang berlaku")
        assert "data-work" not in told.response.content.decode(), "its machine would send the same again without end"
        told.says_not("Tunggu", "pasti diproses")
    rani.keep(told.form("Ambil tanda terima").send())
    first = rani.code
    rani.keep(changed.form("Ambil tanda terima").send())
    assert rani.code != first
    rani.keep(last.form("Ambil tanda terima").send())
    assert rani.code == first
    assert Case.objects.count() == 6


def test_a_ticket_is_ours_its_own_and_no_work_is_worth_two(town: Town) -> None:
    incoming = Incoming(text=STORY, complainant=Complainant(name="Rani"), files=(Upload("a", b"1\n2"),))
    kept = [kept_reports.keep(town.key, incoming, key=f"kunci {n}", source=MINE, at=town.clock.now) for n in range(6)][
        4:
    ]
    one, two = (ticket.ticket for ticket in kept if ticket is not None)
    proof = work(one)
    assert not kept_reports.is_worked(two, proof)
    receipt, again = kept_reports.collect(town.key, one, proof=proof, at=town.clock.now)
    assert (again.text, again.complainant, again.files) == (STORY, incoming.complainant, incoming.files)
    assert receipt.code
    for odd in ("", "x.1.y", one[:-1], one.replace(".", ".9", 1), "." * 9, "é.1.é"):
        with pytest.raises(LookupError):
            kept_reports.collect(town.key, odd, proof=proof, at=town.clock.now)
    with pytest.raises(LookupError):
        kept_reports.collect("unej-uc3", two, proof=work(two), at=town.clock.now)
    page = town.complainant()
    form = page.visit("/lapor/ub-fmipa").form("Kirim laporan").put("ticket", "bukan milik kami")
    assert form.send().heading.startswith("Formulir"), "who comes with nothing of ours gets the form"


def test_when_nothing_can_be_kept_the_report_is_received_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no reason to turn anybody away."""

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    for n in range(4):
        Person(address=MINE).report(town.key, f"{STORY} {n}")
    monkeypatch.setattr(kept_reports.files, "write", full)
    assert Person(address=MINE).report(town.key, STORY).heading == "Tanda terima laporan"


def left(town: Town, many: int) -> list[str]:
    """The tickets of ``many`` reports that wait."""
    found = [
        kept_reports.keep(town.key, Incoming(text=f"{STORY} {n}"), key=f"kunci {n}", source=MINE, at=town.clock.now)
        for n in range(4 + many)
    ]
    return [one.ticket for one in found if one is not None]


def test_what_cannot_be_received_and_what_is_too_young_keep_no_other_from_being_received(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest first, however many there are for which there is no SOP."""
    left(town, 4)
    young = min(kept_reports.waiting(), key=lambda path: path.name)
    for path in kept_reports.waiting():
        moment = (town.clock.now - timedelta(minutes=0 if path == young else 20)).timestamp()
        os.utime(path, (moment, moment))
    assert kept_reports.waiting()[-1] == young
    refused, receive = [1, 2], kept_reports.receive

    def some(*args: Any, **more: Any) -> Receipt:
        if refused:
            raise NoProcedure(str(refused.pop()))
        return receive(*args, **more)

    monkeypatch.setattr(kept_reports, "receive", some)
    assert kept_reports.receive_left(at=town.clock.now, limit=1) == 1
    assert len(kept_reports.waiting()) == 3
    assert young.exists()


def test_a_report_that_is_received_while_others_look_is_neither_missed_nor_an_error(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ticket,) = left(town, 1)
    (path,) = kept_reports.waiting()
    ghost = path.with_name(f"{path.name}x")
    ghost.symlink_to("/tidak-ada")  # listed, and gone when it is asked
    monkeypatch.setattr(Path, "is_file", lambda _path: True)
    assert kept_reports.left_lying(at=town.clock.now + timedelta(days=40_000)) == 1
    ghost.unlink()
    read = Path.read_bytes

    def just_received(one: Path) -> bytes:
        if one == path and path.exists():
            kept_reports.files.rename(path.name, f"1{path.name[1:]}")
        return read(one)

    monkeypatch.setattr(Path, "read_bytes", just_received)
    assert kept_reports.collect(town.key, ticket, proof=work(ticket), at=town.clock.now)[0].code


def test_a_form_sent_again_while_it_waits_was_sent_when_it_was_sent_first(town: Town) -> None:
    (ticket,) = left(town, 1)
    (path,) = kept_reports.waiting()
    first = path.read_bytes()
    later = town.clock.now + timedelta(minutes=1)
    kept_reports.keep(town.key, Incoming(text=f"{STORY} 4"), key="kunci 4", source=MINE, at=later)
    assert path.read_bytes() == first
    _receipt, incoming = kept_reports.collect(town.key, ticket, proof=work(ticket), at=later)
    assert incoming.happened_at == town.clock.now
