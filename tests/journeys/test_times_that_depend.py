"""Times that depend, through the pages: a ladder over a break and an evening, and a revision with times by urgency."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from pages import Page
from tanggap.actions.sops import approve, import_sop
from town import Complainant, Officer, Town


def due_in_list(officer: Officer, register: str) -> str:
    """What the list of duties says of one case."""
    return next(one.text for one in officer.duties().root.all("li", class_="duty") if register in one.text)


def deadlines(town: Town, officer: Officer, register: str) -> Page:
    """The page that explains."""
    return officer.visit(f"/kasus/{town.case(register).pk}/tenggat")


# UNEJ ----------------------------------------------------------------------------------------------------------------

RUNGS = (
    # post, how the button calls the row, when the officer says "tidak", what the card says then, and when it is due
    ("staf-humas", "langkah 1", "2026-11-16 13.01", "5 menit", "Jatuh tempo 13.02 WIB"),
    ("wakor-pkih", "langkah 2", "2026-11-16 14.00", "1 jam", "Jatuh tempo 14.01 WIB"),
    (
        "koordinator-pkih", "langkah “Melaporkan ke Ka Biro III jika data dan informasi belum ada”",
        "2026-11-16 15.45", "2 jam", "Jatuh tempo 16.00 WIB",
    ),
)  # fmt: skip
LAST = "langkah “Ka Biro III memberikan jawaban”"


@pytest.fixture
def uc3(town_of: Callable[[str], Town]) -> Town:
    """UC3 Jember: Humas at the desk, Wakor coordinates; Monday 11.57."""
    town = town_of("unej-uc3")
    town.give("staf-humas", desk=True)
    town.give("wakor-pkih", coordinator=True)
    town.clock.at("2026-11-16 11.57")
    return town


def test_a_question_climbs_all_four_rungs_against_its_clock_over_the_break_and_the_evening(uc3: Town) -> None:
    """S1-4, S1-9: 5 menit, 1 jam, 2 jam, 30 menit in working time, every due moment on the page, none broken."""
    town, sender = uc3, uc3.complainant()
    receipt = sender.report(town.key, "Kapan batas akhir pembayaran UKT?", choice=("Pertanyaan", "Terbuka"),
                            write={"Nama": "Sari Pengirim"})  # fmt: skip
    # 13.02, 14.02; 15.02 and an hour more to closing leaves two minutes: 07.32; 08.02; 08.07.
    receipt.says("Jawaban paling lambat Selasa, 17 November 2026 pukul 08.07 WIB")
    number = sender.register
    for post, step, moment, standard, due in RUNGS:
        officer = town.on(post)
        officer.open(number).says(f"Waktu {standard}", due)
        town.clock.at(moment)
        officer.finish(number, step, choice="tidak", reason=f"Belum ada data di {post}.")
    head = town.on("kabiro-iii")
    head.open(number).says("Waktu 30 menit", "Selasa, 17 November, 07.45 WIB")
    told = deadlines(town, head, number)
    told.says(
        "Senin, 16 November 2026 pukul 15.45 WIB: langkah dibuka", "“30 menit” dibaca sebagai 30 menit kerja",
        "Senin, 16 November 2026 pukul 15.45 sampai 16.00 WIB, 15 menit",
        "Senin, 16 November 2026 pukul 16.00 WIB sampai Selasa, 17 November 2026 pukul 07.30 WIB",
        "Selasa, 17 November 2026 pukul 07.30 sampai 07.45 WIB, 15 menit",
        "jatuh tempo Selasa, 17 November 2026 pukul 07.45 WIB",
    )  # fmt: skip
    told.says(
        "Senin, 16 November 2026 pukul 12.00 sampai 13.00 WIB", "jatuh tempo Senin, 16 November 2026 pukul 13.02 WIB"
    )
    told.says(
        "jatuh tempo Senin, 16 November 2026 pukul 14.01 WIB", "jatuh tempo Senin, 16 November 2026 pukul 16.00 WIB"
    )
    town.clock.at("2026-11-17 07.44")
    assert "is-risk" in head.duties().html
    head.finish(number, LAST, reason="15 Januari 2027.")
    staff = town.on("staf-humas")
    staff.open(number).says("Waktu 5 menit", "Jatuh tempo 07.49 WIB")
    town.clock.at("2026-11-17 07.48")
    staff.finish(number, "langkah “Memberikan jawaban kepada pengirim aduan”", answer="15 Januari 2027.",
                 pick={"Disampaikan melalui": "Surel"})  # fmt: skip
    sender.track().says("15 Januari 2027.")
    assert "Breached" not in town.kinds(number)
    deadlines(town, staff, number).says("Tepat waktu").says_not("Lewat 1 menit")


@pytest.mark.parametrize("rung", [0, 1, 2, 3])
def test_a_rung_that_is_not_climbed_in_time_is_late_from_its_own_moment_on(uc3: Town, rung: int) -> None:
    """S1-4: each rung has its own standard, and breaks by itself a minute after it, not before."""
    town, sender = uc3, uc3.complainant()
    sender.report(town.key, "Kapan?", choice="Pertanyaan")
    for post, step, moment, _standard, _due in RUNGS[:rung]:
        town.clock.at(moment)
        town.on(post).finish(sender.register, step, choice="tidak", reason="Belum ada.")
    before, due = (
        ("2026-11-16 13.01", "2026-11-16 13.02"), ("2026-11-16 14.00", "2026-11-16 14.01"),
        ("2026-11-16 15.59", "2026-11-16 16.00"), ("2026-11-17 07.44", "2026-11-17 07.45"),
    )[rung]  # fmt: skip
    town.clock.at(before)
    assert "Breached" not in town.kinds(sender.register)
    town.clock.later(minutes=2)
    late = [entry.event for entry in town.entries(sender.register) if entry.event.kind == "Breached"]
    assert [(one.clock.rpartition("#")[2], one.due) for one in late] == [("1", town.clock.moment(due))]
    town.on((*[one[0] for one in RUNGS], "kabiro-iii")[rung]).duties().says("1 tugas lewat waktu.")


# UNMUL ---------------------------------------------------------------------------------------------------------------


def test_handing_over_ends_one_clock_and_the_receiver_has_the_next_in_wita(town_of: Callable[[str], Town]) -> None:
    """S3-3, S3-6, S3-16: 1 hari for the first response, 10 menit each to hand over and to receive, over the evening.

    What lies between belongs to the receiver: the Kabag is late, the Kasubbag is not.
    """
    town = town_of("unmul-ft")
    kasubbag, kabag = town.on("kasubbag-akademik-kemahasiswaan"), town.on("kabag-tu")
    town.give("kabag-tu", coordinator=True)
    rani = town.complainant()
    town.clock.at("2026-11-16 09.00")
    rani.report(town.key, "Mohon jadwal laboratorium diumumkan.", choice="Aspirasi")
    number = rani.register
    kasubbag.open(number).says("Waktu 10 menit", "Jatuh tempo 09.10 WITA")
    kasubbag.finish(number, "langkah 2")
    kasubbag.open(number).says("Waktu 1 hari", "Jatuh tempo Selasa, 17 November, 16.00 WITA")
    town.clock.at("2026-11-16 15.50")
    kasubbag.finish(number, "langkah 3", choice="Belum")
    kasubbag.finish(number, "langkah 4", reason="Jadwal terlampir.")
    kasubbag.open(number).says("Waktu 10 menit", "Jatuh tempo 16.00 WITA")
    town.clock.at("2026-11-16 15.55")
    kasubbag.finish(number, "langkah 5", reason="Diserahkan langsung.")
    kabag.open(number).says("Waktu 10 menit", "Jatuh tempo Selasa, 17 November, 07.35 WITA")
    town.clock.at("2026-11-17 07.40")
    kabag.finish(number, "langkah 6")
    late = [entry.event.clock for entry in town.entries(number) if entry.event.kind == "Breached"]
    assert late == ["step:6#1"]
    deadlines(town, kabag, number).says(
        "jatuh tempo Selasa, 17 November 2026 pukul 07.35 WITA", "lewat 5 menit waktu kerja",
        ": 15 menit (16 November 2026, 15.55 WITA sampai 17 November 2026, 07.40 WITA)",
        ": 5 menit (16 November 2026, 15.50 WITA sampai 16 November 2026, 15.55 WITA)",
    ).says_not("WIB")  # fmt: skip


# UNESA ---------------------------------------------------------------------------------------------------------------

ADMIN, LEAD, UNIT = "admin-utama", "koordinator-layanan", "pengelola-bidang-2"
BY_URGENCY = """time = "5 hari"
counted_from = "receipt"
time_by = { urgensi = { mendesak = "2 jam", tinggi = "1x24 jam", sedang = "5 hari kerja", rendah = "2 minggu" } }
output = "Pengaduan di proses dan dijawab"""
BY_KIND = """time = "1 hari"
time_by = { jenis = { akademik = "3 hari", sarana = "2 jam" } }
output = "Laporan terkait pengaduan"""


@pytest.fixture
def feb(town_of: Callable[[str], Town]) -> Town:
    """FEB UNESA under a revision: row 5 has its time by urgency, counted from the receipt; row 6 by kind."""
    town = town_of("unesa-feb")
    for post in (ADMIN, "petugas-tu"):
        town.give(post, desk=True)
    town.give(LEAD, coordinator=True)
    text = (files("tanggap") / "seeds" / "sop" / "unesa-feb-pengaduan.toml").read_text("utf-8")
    text = text.replace('time = "5 hari"\noutput = "Pengaduan di proses dan dijawab', BY_URGENCY)
    text = text.replace('values = ["tinggi", "sedang"', 'values = ["mendesak", "tinggi", "sedang"')
    text = text.replace('time = "1 hari"\noutput = "Laporan terkait pengaduan', BY_KIND)
    assert text.count("time_by") == 2
    text = re.sub("revised_date = .*", "revised_date = 2026-11-16", text, count=1)
    approve(import_sop(town.institution, text, name="revisi.toml", at=town.clock.now), at=town.clock.now)

    return town


def classified(town: Town, urgency: str, kind: str) -> Complainant:
    """A complaint of Monday morning, classified and sent on to the unit that answers."""
    rani = town.complainant()
    rani.report(town.key, "Ruang kuliah B2 tidak mempunyai pendingin.", choice="Keluhan")
    town.on(ADMIN).finish(rani.register, "langkah 1")
    levels = {"Tingkat urgensi": urgency, "Jenis pengaduan": kind}
    town.on(LEAD).finish(rani.register, "langkah 2", choice="Langsung dijawab", pick=levels)
    return rani


def regrade(town: Town, register: str, urgency: str, reason: str) -> None:
    """The coordinator changes the urgency on the page of the case."""
    forms = town.on(LEAD).look_up(register).forms()
    form = next(one for one in forms if one.action.endswith("/klasifikasi") and one.sent["name"] == ["urgensi"])
    form.sent["value"], form.sent["reason"] = [urgency], [reason]
    form.send()


@pytest.mark.parametrize(
    ("urgency", "standard", "due"),
    [
        ("mendesak", "2 jam", "Jatuh tempo 10.00 WIB"),  # a level of the revision's own
        ("tinggi", "1x24 jam", "Selasa, 17 November, 08.00 WIB"),
        ("sedang", "5 hari kerja", "Senin, 23 November, 16.00 WIB"),
        ("rendah", "2 minggu", "Senin, 30 November, 23.59 WIB"),
    ],
)
def test_the_urgency_sets_the_time_of_the_answer(feb: Town, urgency: str, standard: str, due: str) -> None:
    """S4-6, S4-7: one row, three standards, each from the receipt; without the two levels nobody goes on."""
    rani = feb.complainant()
    rani.report(feb.key, "Nilai belum keluar.", choice="Keluhan")
    feb.on(ADMIN).finish(rani.register, "langkah 1")
    missing = feb.on(LEAD).finish(rani.register, "langkah 2", choice="Langsung dijawab", expect=422)
    missing.says("Lengkapi Tingkat urgensi.")
    levels = {"Tingkat urgensi": urgency, "Jenis pengaduan": "akademik"}
    feb.on(LEAD).finish(rani.register, "langkah 2", choice="Langsung dijawab", pick=levels)
    feb.on(UNIT).open(rani.register).says(f"Waktu {standard}", due)


@pytest.mark.parametrize(
    ("kind", "standard", "due"),
    [
        ("akademik", "3 hari", "Kamis, 19 November, 16.00 WIB"),
        ("sarana", "2 jam", "10.00 WIB"),
        ("lainnya", "1 hari", "Selasa, 17 November, 16.00 WIB"),
    ],
)
def test_the_kind_sets_the_time_of_the_report(feb: Town, kind: str, standard: str, due: str) -> None:
    """S4-6, S4-7: a kind that is not listed has the printed time."""
    rani = classified(feb, "sedang", kind)
    feb.on(UNIT).finish(rani.register, "langkah 5", answer="Sudah diperbaiki.")
    feb.on(UNIT).open(rani.register).says(f"Waktu {standard}", due)


def test_a_new_urgency_counts_from_the_receipt_is_late_at_once_and_says_why(feb: Town) -> None:
    """S4-6, S4-7, S4-8: "rendah" becomes "tinggi" on Tuesday noon; it was due on Tuesday 08.00."""
    rani, unit, lead = classified(feb, "rendah", "sarana"), feb.on(UNIT), feb.on(LEAD)
    number = rani.register
    unit.open(number).says("Waktu 2 minggu", "Senin, 30 November, 23.59 WIB")
    assert "Senin, 30 November" in due_in_list(unit, number)
    feb.clock.at("2026-11-17 12.00")
    assert "Breached" not in feb.kinds(number)
    regrade(feb, number, "tinggi", "Ujian akhir dimulai besok di ruang ini.")
    unit.open(number).says("Waktu 1x24 jam", "Lewat 4 jam", "Jatuh tempo 08.00 WIB")
    assert "Lewat" in due_in_list(unit, number)
    unit.duties().says("1 tugas lewat waktu.")
    feb.clock.pass_by()
    late = [entry.event for entry in feb.entries(number) if entry.event.kind == "Breached"]
    assert [(one.clock, one.due) for one in late] == [("step:5#1", feb.clock.moment("2026-11-17 08.00"))]
    told = deadlines(feb, lead, number)
    told.says(
        "Senin, 16 November 2026 pukul 08.00 WIB: laporan diterima", "“1x24 jam” dibaca sebagai 24 jam nyata",
        "berubah", "Tingkat urgensi menjadi tinggi", "“2 minggu” menjadi “1x24 jam”, dihitung sejak mulai",
        "jatuh tempo Selasa, 17 November 2026 pukul 08.00 WIB",
    )  # fmt: skip
    lead.look_up(number).says("Ujian akhir dimulai besok di ruang ini.")

    feb.clock.at("2026-11-17 13.00")
    regrade(feb, number, "sedang", "Ujian dipindahkan.")
    unit.open(number).says("Waktu 5 hari kerja", "Senin, 23 November, 16.00 WIB")
    deadlines(feb, lead, number).says(
        "tercatat lewat waktu untuk jatuh tempo 17 November 2026, 08.00 WIB", "“1x24 jam” menjadi “5 hari kerja”"
    )
    unit.finish(number, "langkah 5", answer="Pendingin sudah dipasang.")
    assert feb.kinds(number).count("Breached") == 1, "a lateness once written stays, and is written once"


def test_the_page_of_the_sop_says_what_its_times_depend_on(feb: Town) -> None:
    """S4-7: in words, for everybody; the first version does not."""
    page = feb.complainant().visit(f"/sop/{feb.key}/unesa-feb-pengaduan")
    page.says(
        "Waktu menurut tingkat urgensi: mendesak: 2 jam; tinggi: 1x24 jam (24 jam nyata); sedang: 5 hari kerja; "
        "rendah: 2 minggu; selain itu: 5 hari",
        "Waktu menurut jenis pengaduan: akademik: 3 hari; sarana: 2 jam; selain itu: 1 hari",
        "Dihitung sejak laporan diterima", "Waktu dibaca: menit = menit kerja, jam = jam kerja, hari = hari kerja.",
    )  # fmt: skip
