"""How complaints come in: everything is kept, numbers have no gaps, and the same form comes in once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection, connections

import worlds
from tanggap.actions import tracking
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import Upload
from tanggap.actions.intake import Complainant, Incoming, NoProcedure, receive
from tanggap.actions.organisation import import_organisation
from tanggap.actions.tracking import ALPHABET, TICKET_HOLDS, ComeBack, code_for, open_case, read_code
from tanggap.casework.refusals import Refused
from tanggap.records import queries, store
from tanggap.records.models import Attachment, Case, CaseEvent, Identity, IntakeKey, RegisterCounter, TrackingCode
from tanggap.records.register import BadTemplate, check_template, register_words
from tanggap.records.verification import verify


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def test_a_complaint_by_web_gets_number_code_and_promise_in_a_date(world: worlds.World) -> None:
    """S0-1, S4-8: received Monday 08.00; 15 menit, 3+1+1 hari, 2 jam lead to the answer by the SOP's own times."""
    receipt = world.receive()
    assert receipt.register == "0001/PGD/FMIPA/XI/2026"
    assert read_code(receipt.code) == receipt.code.replace("-", "")
    assert receipt.promise_due_at is not None
    assert receipt.promise_due_at.date() == date(2026, 11, 24)
    assert receipt.promise_source == "SOP UN10/F09/07/HK.01.02.a/001"
    page = queries.tracked_case(receipt.case, at=world.at)
    assert page.report is not None
    assert page.report.text == worlds.SECRET_TEXT
    assert [visit.id for visit in page.state.open_visits()] == ["2#1"]


@pytest.mark.django_db
def test_where_the_sop_names_no_time_the_promise_is_the_institutions_own(world: worlds.World) -> None:
    """S2-16, S0-12: "14 hari kalender" of UU 25/2009 stands in where the document names no time at all."""
    its = worlds.build("its-bapkm")
    receipt = its.receive()
    assert receipt.promise_source == "UU 25/2009"
    assert receipt.promise_due_at is not None
    assert receipt.promise_due_at.date() == date(2026, 11, 30)


def test_the_desk_records_a_call_that_came_earlier_with_all_its_facts(world: worlds.World) -> None:
    """S0-1, S1-7: typed by the operator; happened-at and recorded-at both stay."""
    called = world.at - timedelta(hours=1)
    incoming = Incoming(
        text="kabel proyektor rusak",
        channel="telepon",
        happened_at=called,
        addressee="Subbagian Umum",
        letter_number="12/B/2026",
        letter_date=date(2026, 11, 13),
        agenda_number="77",
        external={"ub-care": "UBC-991"},
        complainant=Complainant(name="Sari", affiliation="external", on_behalf_of="Himpunan"),
        identity="open",
    )
    receipt = receive("ub-fmipa", incoming, key=world.key(), at=world.at, by=world.reader(world.desk))
    row = Case.objects.get(pk=receipt.case)
    assert (row.received_at, row.recorded_at, row.channel) == (called, world.at, "telepon")
    page = queries.case_page(world.reader(world.desk), receipt.case)
    assert page is not None
    assert page.report is not None
    words = page.report.words
    assert (words["addressee"], words["letter_number"], words["letter_date"]) == (
        "Subbagian Umum", "12/B/2026", "2026-11-13",
    )  # fmt: skip
    assert (words["agenda_number"], words["external:ub-care"]) == ("77", "UBC-991")
    assert page.report.author == world.desk.person
    assert page.identity["on_behalf_of"] == "Himpunan"
    first = page.entries[0]
    assert (first.happened_at, first.recorded_at, first.by) == (called, world.at, world.desk.person)


def test_a_receipt_from_the_future_counts_as_now_and_strangers_do_not_record(world: worlds.World) -> None:
    incoming = Incoming(text="x", happened_at=world.at + timedelta(days=1))
    receipt = receive("ub-fmipa", incoming, key="a", at=world.at, by=world.reader(world.desk))
    assert receipt.received_at == world.at
    with pytest.raises(NotVisible):
        receive("ub-fmipa", incoming, key="b", at=world.at, by=world.reader(world.stranger))


@pytest.mark.parametrize("channel", ["surat", "lisan", "telepon", "web", "whatsapp", "burung merpati", ""])
def test_the_channel_chooses_the_procedure_and_an_unknown_one_is_no_obstacle(db: None, channel: str) -> None:
    """S4-2, S4-22: intake never refuses."""
    receipt = worlds.build("unesa-feb").receive(channel=channel)
    direct = channel in {"surat", "lisan", "telepon"}
    assert Case.objects.get(pk=receipt.case).procedure == ("langsung" if direct else "tidak-langsung")


ODD = [
    "",
    " ",
    "x" * 100_000,
    "NUL \0 di tengah",
    "lone \ud800 surrogate",
    "\u202ekanan ke kiri ﷽ 👨‍👩‍👧‍👦 é",
    "<script>alert(1)</script>' OR 1=1 -- {{ 7*7 }} %s %(x)s {x.__class__}",
    "\r\n.\r\n",
]


@pytest.mark.parametrize("text", ODD)
def test_no_text_is_too_odd_to_be_received(world: worlds.World, text: str) -> None:
    receipt = world.receive(
        text, title=text[:2000], service=text[:100], kind=text[:9], identity=text[:9], channel=text[:60],
        complainant=Complainant(name=text[:500], email=text[:90]), respondent=(text[:40],), attributes={text[:9]: text},
        files=(Upload(text[:200], text.encode("utf-8", "replace")),),
    )  # fmt: skip
    report = queries.tracked_case(receipt.case, at=world.at).report
    assert report is not None
    assert len(report.text) >= len(text) - text.count("\0") - text.count("\r")
    assert not list(verify(at=world.at))


def test_an_anonymous_complaint_keeps_nothing_of_the_person_even_when_it_was_typed(world: worlds.World) -> None:
    receipt = world.receive(identity="anonymous")
    assert not Identity.objects.filter(case=receipt.case).exists()
    assert "identity" not in {key.purpose for key in Case.objects.get(pk=receipt.case).keys.all()}


def test_the_same_form_sent_again_gets_the_same_number_and_code_and_makes_no_second_case(world: worlds.World) -> None:
    """Ten times, an hour apart."""
    first = world.receive(key="formulir-1")
    for _ in range(10):
        world.later(minutes=6)
        again = world.receive(key="formulir-1")
        assert replace(again, again=False) == replace(first, promise_due_at=again.promise_due_at)
        assert again.promise_due_at == first.promise_due_at
        assert again.again
    assert Case.objects.count() == CaseEvent.objects.filter(kind="Received").count() == 1


def test_the_same_key_with_another_text_is_told_apart(world: worlds.World) -> None:
    world.receive(key="formulir-1")
    with pytest.raises(Refused, match="key_reused"):
        world.receive("teks lain", key="formulir-1")


def test_two_institutions_may_get_the_same_form_key(world: worlds.World) -> None:
    other = worlds.build("unesa-feb")
    one, two = world.receive(key="sama"), other.receive(key="sama")
    assert one.case != two.case
    assert one.code != two.code


def test_numbers_begin_anew_with_the_year_of_the_institutions_own_zone(db: None) -> None:
    """S3-16: 31 December 16.30 UTC is New Year in Samarinda and not yet in Jakarta."""
    ub, unmul = worlds.build(), worlds.build("unmul-ft")
    ub.at = unmul.at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert ub.receive().register == "0001/PGD/FMIPA/XII/2026"
    assert unmul.receive().register == "0001/ASP/FT-UNMUL/I/2027"
    ub.later(hours=1)
    assert ub.receive().register == "0001/PGD/FMIPA/I/2027"


def test_a_letter_of_last_year_entered_this_year_stands_in_this_years_book(world: worlds.World) -> None:
    """S4-5: a book that was closed and printed is never written into again."""
    new_year = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    late = Incoming(text="Surat akhir tahun", channel="surat", happened_at=datetime(2026, 12, 30, 3, 0, tzinfo=UTC))
    receipt = receive("ub-fmipa", late, key="surat-lama", at=new_year)
    assert receipt.register == "0001/PGD/FMIPA/I/2027"
    assert receipt.received_at == late.happened_at


def test_an_institution_without_sop_says_so_and_an_unknown_one_is_not_found(db: None) -> None:
    import_organisation({"key": "kosong", "name": "Kosong", "short_name": "K"}, at=worlds.MONDAY)
    with pytest.raises(NoProcedure):
        receive("kosong", Incoming(text="x"), key="k", at=worlds.MONDAY)
    with pytest.raises(LookupError):
        receive("entah", Incoming(text="x"), key="k", at=worlds.MONDAY)


@pytest.mark.parametrize(
    "template", ["{n}", "{year}", "{n}/{year}/{x}", "{n.__class__}/{year}", "{n}/{year}/{", "{n!r}/{year}"]
)
def test_a_template_that_cannot_number_is_refused(template: str) -> None:
    with pytest.raises(BadTemplate):
        check_template(template)


def test_a_template_prints_every_field() -> None:
    class Own:
        short_name = "FT"
        register_template = "{n:04}/{institution}/{month:02}/{roman_month}/{year}"

    check_template(Own.register_template)
    assert register_words(Own(), n=129, year=2026, month=9) == "0129/FT/09/IX/2026"


# the code -------------------------------------------------------------------------------------------------------------


def tried(
    number: str, code: str, *, source: str = "1", at: datetime = worlds.MONDAY, ticket: str = ""
) -> tuple[UUID | None, int]:
    """What opened, or how many seconds one is asked to wait."""
    try:
        return open_case(number, code, source=source, at=at, ticket=ticket), 0
    except ComeBack as asked:
        return None, asked.seconds


def test_the_code_opens_its_case_however_it_is_typed(world: worlds.World) -> None:
    receipt = world.receive()
    for typed in (
        receipt.code,
        receipt.code.lower(),
        receipt.code.replace("-", " "),
        receipt.code.replace("0", "o").replace("1", "l"),
        f"  {receipt.code.replace('1', 'I')}  ",
    ):
        assert tried(f" {receipt.register.lower()} ", typed, source=typed)[0] == receipt.case


def test_a_wrong_code_and_an_absent_number_are_one_answer(world: worlds.World) -> None:
    """Also the code of another case, and a number with wildcards."""
    one, two = world.receive(), world.receive()
    for number, code in (
        (one.register, two.code), (one.register, "0000-0000-0000-0000"), (one.register, ""), ("9/X/2026", one.code),
        ("%", one.code), ("", ""), (one.register, one.code[:-1]), (one.register, one.code + "0"),
    ):  # fmt: skip
        assert tried(number, code, source=number + code)[0] is None


def test_an_absent_number_costs_the_same_work_as_a_wrong_code(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of the answer tells nothing."""
    receipt = world.receive()
    hashed: list[str] = []
    monkeypatch.setattr(tracking, "_matches", lambda stored, letters: bool(hashed.append(stored)))
    tried(receipt.register, "0000-0000-0000-0000")
    tried("9999/X/2026", "0000-0000-0000-0000")
    assert [one.split("$")[:4] for one in hashed] == [["", "argon2id", "v=19", "m=19456,t=2,p=1"]] * 2


def test_a_code_has_eighty_bits_without_letters_that_look_alike() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    codes = {code_for("x", str(number)) for number in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 19 and read_code(code) for code in codes)
    assert {letter for code in codes for letter in code} == {*ALPHABET, "-"}


def test_codes_are_kept_as_argon2id_of_modest_cost(world: worlds.World) -> None:
    world.receive()
    assert TrackingCode.objects.get().hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_guessing_is_slowed_from_one_place_and_on_one_number_and_nobody_waits_in_the_server(
    world: worlds.World,
) -> None:
    """S10."""
    receipt = world.receive()
    waits = [tried(receipt.register, "0000-0000-0000-0000", source="penyerang")[1] for _ in range(20)]
    assert waits[:10] == [0] * 10
    assert waits[10:] == [5] * 10
    assert tried("lain", "x", source="penyerang")[1] == 5, "absent and wrong are one answer"
    assert tried("lain lagi", "x", source="orang ketiga")[1] == 0
    later = worlds.MONDAY + timedelta(minutes=5)
    assert tried(receipt.register, receipt.code, source="pelapor", at=later) == (receipt.case, 0)


def test_the_owner_gets_in_after_the_wait_however_many_guess_at_the_number(world: worlds.World) -> None:
    """S10: slowed, never refused. The ticket is worth one guess, and no other one."""
    receipt = world.receive()
    for n in range(30):
        tried(receipt.register, "0000-0000-0000-0000", source=f"penyerang {n}")
    with pytest.raises(ComeBack) as asked:
        open_case(receipt.register, receipt.code, source="pelapor", at=worlds.MONDAY)
    ticket, soon = asked.value.ticket, worlds.MONDAY + timedelta(seconds=5)
    for n in range(30):
        tried(receipt.register, "0000-0000-0000-0000", source=f"penyerang {n}", at=soon)
    early = worlds.MONDAY + timedelta(seconds=3)
    assert tried(receipt.register, receipt.code, source="pelapor", at=early, ticket=ticket) == (None, 2)
    assert tried(receipt.register, "0000-0000-0000-0000", source="x", at=soon, ticket=ticket)[1] == 5
    assert tried("lain", receipt.code, source="x", at=soon, ticket=ticket) == (None, 0), "a number of its own"
    assert tried(receipt.register, receipt.code, source="pelapor", at=soon, ticket=ticket) == (receipt.case, 0)
    for forged in (f"0.{ticket[11:]}", f"1{ticket}", ticket[:-1], "x", ".", "9" * 40, "²." + "0" * 64):
        assert tried(receipt.register, receipt.code, source="pelapor", at=soon, ticket=forged)[1] == 5
    old = soon + TICKET_HOLDS
    assert tried(receipt.register, receipt.code, source="pelapor", at=old, ticket=ticket) == (receipt.case, 0)


def test_a_crowd_of_guesses_keeps_no_thread_waiting_for_its_turn_to_hash(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = world.receive()
    monkeypatch.setattr(tracking, "_HASHES_WITHIN", 0.01)
    with tracking._hashing, tracking._hashing:
        assert tried(receipt.register, receipt.code) == (None, 5)
    assert tried(receipt.register, receipt.code) == (receipt.case, 0)


# many at once, and a power cut ----------------------------------------------------------------------------------------


def _in_thread(work: object) -> object:
    try:
        return work()  # type: ignore[operator]
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_when_many_come_at_once() -> None:
    """S4-5: eight at a time; one of them is the same form sent by an impatient finger."""
    world = worlds.build()
    keys = [f"k{number}" for number in range(24)] + ["k0", "k0", "k1", "k1"]
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(_in_thread, lambda key=key: world.receive(f"isi {key}", key=key)) for key in keys]
        receipts = [job.result() for job in jobs]
    assert len({receipt.register for receipt in receipts}) == 24  # type: ignore[attr-defined]
    assert sorted(Case.objects.values_list("n", flat=True)) == list(range(1, 25))
    assert RegisterCounter.objects.get().last == 24
    assert not list(verify(at=world.at))


@pytest.mark.django_db(transaction=True)
def test_an_impatient_finger_spoils_no_file() -> None:
    """The same form with a file, four times at the same moment; the file that is kept can be read."""
    world, barrier = worlds.build(), Barrier(4)
    upload = Upload("bukti.txt", b"isi bukti")

    def send() -> UUID:
        barrier.wait()
        return world.receive("sama", key="sama", files=(upload,)).case

    with ThreadPoolExecutor(4) as pool:
        cases = {job.result() for job in [pool.submit(_in_thread, send) for _ in range(4)]}
    assert len(cases) == 1
    found = queries.tracked_file(cases.pop(), Attachment.objects.get().pk)  # type: ignore[arg-type]
    assert found is not None
    assert found.data == upload.data
    assert not list(verify(at=world.at))


KILLED = """
    import os, signal
    import django
    django.setup()
    from datetime import datetime
    from tanggap.actions.intake import Incoming, receive
    from tanggap.records import store
    store.{where} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
    receive("ub-fmipa", Incoming(text="terputus"), key="terputus", at=datetime.fromisoformat("{at}"))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["write_sealed", "_add_duties", "_add_parties"])
def test_a_process_killed_between_insert_and_commit_leaves_nothing_and_the_form_can_come_again(where: str) -> None:
    """Case, events, code and counter stand or fall together."""
    world = worlds.build()
    before = world.receive()
    script = textwrap.dedent(KILLED).format(where=where, at=world.at.isoformat())
    environment = {**os.environ, "TANGGAP_DATABASE_URL": _address(), "PYTHONPATH": os.pathsep.join(sys.path)}
    died = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert Case.objects.count() == IntakeKey.objects.count() == TrackingCode.objects.count() == 1
    assert RegisterCounter.objects.get().last == 1
    assert not list(verify(at=world.at))
    again = world.receive("terputus", key="terputus")
    assert again.register != before.register
    assert not again.again
    assert store.load(again.case).row.n == 2


def _address() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(str(name)).absolute()}"
    head, _, query = os.environ["TANGGAP_DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"
