"""S1, UC3 Universitas Jember: the ladder of four rungs, and the answer and the archive after every one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from pages import Page
from tanggap.actions.sops import approve, import_sop
from town import Complainant, Officer, Town

QUESTION = "Kapan batas akhir pembayaran UKT semester depan?"
ANSWER = "Batas akhir pembayaran UKT adalah 15 Januari 2027."
TELLING, ASKING = "Memberikan jawaban kepada pengirim aduan", "Data dan informasi sudah ada?"
RUNGS = (
    ("staf-humas", "langkah 1", "5 menit"),
    ("wakor-pkih", "langkah 2", "1 jam"),
    ("koordinator-pkih", "langkah “Melaporkan ke Ka Biro III jika data dan informasi belum ada”", "2 jam"),
)


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """UC3: Humas at the desk, Wakor coordinates."""
    town = town_of("unej-uc3")
    town.give("staf-humas", desk=True)
    town.give("wakor-pkih", coordinator=True)
    return town


def ask(town: Town) -> Complainant:
    """A question by the web form, addressed to a unit."""
    sender = town.complainant()
    receipt = sender.report(
        town.key, QUESTION, choice=("Pertanyaan", "Terbuka"), pick={"Unit yang dituju": "Biro Umum dan Keuangan"},
        write={"Nama": "Sari Pengirim"},
    )  # fmt: skip
    # 5 menit, 1 jam, 2 jam, 30 menit, 5 menit from Monday 08.00: 11.40 before the break.
    receipt.says("Jawaban paling lambat Senin, 16 November 2026 pukul 11.40 WIB", "SOP PKIH HUM-08")
    return sender


def climb(town: Town, sender: Complainant, rungs: int) -> None:
    """``rungs`` times "tidak", each within its time."""
    for post, step, time in RUNGS[:rungs]:
        officer = town.on(post)
        card = officer.open(sender.register).says(ASKING, f"Waktu {time}", QUESTION)
        assert [one.split()[0] for one in card.form(f"Selesaikan {step}").choices] == ["ya", "tidak"]
        town.clock.later(minutes=4)
        officer.finish(sender.register, step, choice="tidak", reason=f"Belum ada data di {post}.")


def answer_and_record(town: Town, sender: Complainant) -> Page:
    """The last two rows: the answer to the sender by its own step, and the record of sender and addressee."""
    staff, number = town.on("staf-humas"), sender.register
    unanswered = staff.finish(number, f"langkah “{TELLING}”", expect=422)
    unanswered.says("Tuliskan jawaban kepada pelapor.")
    town.clock.later(minutes=3)
    staff.finish(number, f"langkah “{TELLING}”", answer=ANSWER, pick={"Disampaikan melalui": "Surel"})
    sender.track().says(ANSWER)
    archive = staff.open(number).says("Mencatat pengirim dan tujuan aduan", "Arsip", "Sari Pengirim")
    archive.says("Biro Umum dan Keuangan", "Unit yang dituju", "Melalui: Surel")
    town.clock.later(minutes=2)
    staff.finish(number, "langkah 3", reason="Dicatat: Sari Pengirim kepada Biro Umum dan Keuangan.")
    assert sender.status() == "Selesai"
    return staff.look_up(number)


@pytest.mark.parametrize("rungs", [0, 1, 2])
def test_a_yes_on_any_rung_ends_the_ladder_with_an_answer(town: Town, rungs: int) -> None:
    """S1-3, S1-4, S1-5, S1-6, S1-7, S1-10, S1-11, X-1, X-3: "ya" on rung one, two or three."""
    sender = ask(town)
    climb(town, sender, rungs)
    post, step, _time = RUNGS[rungs]
    town.clock.later(minutes=2)
    town.on(post).finish(sender.register, step, choice="ya", reason="Data dari Biro Keuangan: 15 Januari 2027.")
    for above, _step, _time in RUNGS[rungs + 1 :]:
        assert not town.on(above).has_duty(sender.register), "nobody above is asked"
    told = answer_and_record(town, sender)
    told.says("Data dari Biro Keuangan: 15 Januari 2027.", ANSWER, "menjawab pelapor")
    kinds = town.kinds(sender.register)
    assert kinds.count("StepDone") == rungs + 3
    assert "Breached" not in kinds


def test_the_whole_ladder_ends_with_the_head_of_the_bureau(town: Town) -> None:
    """S1-4, S1-6, S1-7, S1-8, S1-9, S1-10: four rungs, 30 menit for the last, then down again to Humas."""
    sender = ask(town)
    climb(town, sender, 3)
    head = town.on("kabiro-iii")
    card = head.open(sender.register).says("Ka Biro III memberikan jawaban", "Waktu 30 menit")
    for post, _step, _time in RUNGS:
        card.says(f"Belum ada data di {post}.")
    assert card.form("Selesaikan langkah “Ka Biro III memberikan jawaban”").choices == [], "the last rung decides alone"
    waiting = town.on("wakor-pkih").visit("/belum-ditanggapi").says(sender.register, "Kepala Biro III")
    assert "Sisa" in waiting.main, "unanswered cases are listed with what is left of the promise"
    town.clock.later(minutes=20)
    head.finish(sender.register, "langkah “Ka Biro III memberikan jawaban”", reason="Jawabannya 15 Januari 2027.")
    answer_and_record(town, sender).says("Jawabannya 15 Januari 2027.")
    town.on("wakor-pkih").visit("/belum-ditanggapi").says_not(sender.register)
    staff = town.on("staf-humas")
    staff.visit("/register").says(sender.register, "Biro Umum dan Keuangan", "Pertanyaan")
    staff.look_up(sender.register).click("Cetak berkas kasus").says(ANSWER, "Sari Pengirim", "Dicetak")


def test_what_nobody_answers_is_listed_warned_of_and_told_in_the_record(town: Town) -> None:
    """S1-9: late shows as late with its words; no case can end without an answer and without a reason."""
    sender, staff, lead = ask(town), town.on("staf-humas"), town.on("wakor-pkih")
    town.clock.later(minutes=4)
    assert "is-risk" in staff.duties().html, "a minute left is a risk"
    town.clock.later(minutes=3)
    late = staff.duties().says("Lewat 2 menit", "1 tugas lewat waktu.")
    assert late.root.all("li", class_="is-late")
    staff.open(sender.register).says("Lewat waktu: waktu langkah 1 berakhir 16 November 2026, 08.05 WIB.")
    ending = lead.look_up(sender.register).form("Akhiri laporan").pick("Dicatat sebagai", "Diarsipkan")
    ending.send(expect=422).says("Tuliskan alasannya.")
    ending.write("Alasan", "Pengirim tidak dapat dihubungi.").send()
    lead.look_up(sender.register).says("Tanpa jawaban kepada pelapor.", "Pengirim tidak dapat dihubungi.")
    assert sender.status() == "Diarsipkan"


def test_a_revision_takes_new_cases_and_leaves_running_ones_where_they_began(town: Town) -> None:
    """S1-12: the case of this morning keeps its 5 menit; the case after the revision has 10."""
    before = ask(town)
    text = (files("tanggap") / "seeds" / "sop" / "unej-uc3.toml").read_text("utf-8")
    text = text.replace('time = "5 menit"\noutput = "Informasi"', 'time = "10 menit"\noutput = "Informasi"')
    text = re.sub("revised_date = .*", "revised_date = 2026-11-16", text, count=1)
    town.clock.later(minutes=1)
    approve(import_sop(town.institution, text, name="unej-uc3.toml", at=town.clock.now), at=town.clock.now)
    town.clock.later(minutes=1)
    after = town.complainant()
    after.report(town.key, "Aduan sesudah revisi.")
    staff = town.on("staf-humas")
    staff.open(before.register).says("Waktu 5 menit", "Sisa 3 menit")
    staff.open(after.register).says("Waktu 10 menit", "Sisa 10 menit")
    town.clock.later(minutes=1)
    for sender in (before, after):
        staff.finish(sender.register, "langkah 1", choice="ya")
    staff.open(before.register).says("Memberikan jawaban kepada pengirim aduan")
    town.complainant().visit(f"/sop/{town.key}/unej-uc3").says("10 menit", "16 November 2026")


def test_somebody_outside_the_ladder_can_neither_see_nor_act(town: Town) -> None:
    """S1-4: the case does not exist for other units; for a rung above it begins to exist when asked."""
    sender = ask(town)
    address = f"/kasus/{town.case(sender.register).pk}"
    officers: list[Officer] = [town.on("kepala-perpustakaan"), town.on("koordinator-pkih"), town.on("stranger")]
    for officer in officers:
        officer.visit(address, expect=404)
    climb(town, sender, 2)
    town.on("koordinator-pkih").visit(address).says(QUESTION)
    town.on("kepala-perpustakaan").visit(address, expect=404)


def test_a_question_nobody_takes_climbs_to_wakor_coordinator_and_head_of_the_bureau(town: Town) -> None:
    """S1-9: reminded before it is late, then each superior sees it among their tasks, why and since when; one gives it
    to herself and answers. Nobody outside the line learns of it.
    """
    sender = ask(town)
    number, address = sender.register, f"/kasus/{town.case(sender.register).pk}"
    staff, coordinator, head = (town.on(post) for post in ("staf-humas", "koordinator-pkih", "kabiro-iii"))
    town.clock.later(minutes=3)
    staff.visit("/kabar").says("Pengingat: belum dikerjakan", number)
    coordinator.visit(address, expect=404)

    town.clock.later(minutes=2)
    town.on("wakor-pkih").duties().says("Eskalasi kepada Anda", number, "Eskalasi tingkat 1", "Karena lewat waktu")
    coordinator.visit(address, expect=404)

    town.clock.at("2026-11-17 16.00")
    found = coordinator.duties().says("Eskalasi kepada Anda, 1", "Eskalasi tingkat 2", "Ada pada Staf Humas.")
    assert not coordinator.has_duty("nomor yang tidak ada")
    found.says_not("Tidak ada tugas untuk Anda sekarang")
    page = coordinator.open(number).says("Eskalasi", "Tingkat 2: Koordinator PKIH", "Tingkat 1: Wakil Koordinator PKIH")
    page.says("Karena lewat waktu (waktu langkah 1), sejak 17 November 2026, 16.00 WIB.")
    assert not page.has_form("Selesaikan langkah 1"), "the row is still that of Humas"
    head.visit(address, expect=404)

    town.clock.at("2026-11-18 16.00")
    head.visit("/kabar").says("Eskalasi kepada Anda", number)
    town.on("wakor-pkih").visit("/belum-teratasi").says(number, "Eskalasi tingkat 3")
    town.on("kepala-perpustakaan").visit(address, expect=404)
    town.on("kepala-perpustakaan").duties().says_not(number)

    coordinator.open(number).form("Tugaskan").pick("Pelaksana baru", "Koordinator PKIH").send()
    coordinator.finish(number, "langkah 1", choice="ya", reason="Data dari Biro Keuangan.")
    answer_and_record(town, sender)
    assert [kind for kind in town.kinds(number) if kind in ("Reminded", "Escalated")] == [
        "Reminded",
        *["Escalated"] * 3,
    ]
    coordinator.duties().says_not("Eskalasi kepada Anda")
