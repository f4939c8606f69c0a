"""Several who may act, several who must, teams named for a case, and what stands in the way: on the page of a case."""

from __future__ import annotations

import pytest

from tanggap.actions.organisation import appoint, changed, release
from tanggap.actions.sops import approve, import_sop, withdraw
from tanggap.casework.events import Assigned, PartDone
from tanggap.records.models import Column, Post, User
from tanggap.records.verification import verify
from town import Officer, Town, assert_folds

TEAM = """
format = 1
[sop]
id = "uji-tim"
title = "Penanganan oleh tim"
[[role]]
id = "pelapor"
label = "Pelapor"
party = "complainant"
[[role]]
id = "operator"
label = "Operator"
[[role]]
id = "pimpinan"
label = "Pimpinan"
[[role]]
id = "dekan"
label = "Dekan"
[[role]]
id = "tim"
label = "Tim pemeriksa"
per_case = true
team = { min = 3, odd = true }
[[procedure]]
id = "p"
label = "Laporan"
step = [
    { no = "1", what = "Membentuk tim", who = "operator", binds = "tim" },
    { no = "2", what = "Memeriksa", who = "tim", joint = "all", question = "Terbukti?", choices = [
        { label = "Ya", next = "3" }, { label = "Tidak", next = "3" } ] },
    { no = "3", what = "Menyetujui", who = ["pimpinan", "dekan"], joint = "all" },
    { no = "4", what = "Menjawab", who = "operator", record = "answer" },
]
"""
OPERATOR, LEADER, DEAN = "operator-mipa-care", "wakil-dekan-umum", "dekan"
MEMBERS = ("kadep-fisika", "kadep-kimia", "kadep-biologi")
NAMES = ("Ketua Departemen Fisika", "Ketua Departemen Kimia", "Ketua Departemen Biologi")


@pytest.fixture
def team(town: Town) -> Town:
    """FMIPA working by an SOP with a team and a joint row."""
    withdraw(town.world.version, at=town.clock.now)
    approve(import_sop(town.institution, _inline(TEAM), name="uji.toml", at=town.clock.now), at=town.clock.now)
    for role, post in (("operator", OPERATOR), ("pimpinan", LEADER), ("dekan", DEAN)):
        row = Post.objects.get(institution=town.institution, key=post)
        Column.objects.create(institution=town.institution, sop_id="uji-tim", role=role, post=row)
    changed(town.institution)
    return town


def _inline(text: str) -> str:
    """Inline tables of TOML stand on one line."""
    head, _, rows = text.partition("step = [")
    return f"{head}step = [{' '.join(rows.split())}\n"


def reported(town: Town) -> str:
    rani = town.complainant()
    rani.report(town.key, "Proyektor mati.")
    return rani.register


def examined(town: Town) -> str:
    register = reported(town)
    town.on(OPERATOR).finish(register, "langkah 1", pick={"Tim pemeriksa": NAMES})
    return register


# several holders ------------------------------------------------------------------------------------------------------


def test_of_several_holders_any_takes_colleagues_see_it_and_it_is_handed_back(town: Town) -> None:
    """One post, two persons: who works on it is seen, may be relieved, and may leave it to the other."""
    sari = User.objects.create(username="sari", full_name="Sari Kedua", email="sari@contoh.example")
    appoint(Post.objects.get(key=OPERATOR), sari, from_at=town.clock.now)
    first, other, register = town.on(OPERATOR), Officer(sari, address="198.51.100.90"), reported(town)
    assert not first.open(register).has_form("Lepaskan")
    first.open(register).form("Saya kerjakan").send().says("Dikerjakan oleh Staf Administrasi")
    page = other.open(register).says("Dikerjakan oleh Staf Administrasi / Operator MIPA Care sejak")
    assert not page.has_form("Lepaskan")
    mine = first.open(register).form("Lepaskan")
    page.form("Saya kerjakan").send().says("Dikerjakan oleh Sari Kedua")
    mine.send(expect=409).says("Langkah ini tidak sedang Anda kerjakan.")
    other.open(register).form("Lepaskan").send().says("kembali kepada semua pelaksananya")
    page = first.open(register).says("Sari Kedua melepaskan langkah 2 kepada rekannya.")
    page.says_not("Dikerjakan oleh")
    other.finish(register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    assert not first.has_duty(register)
    assert_folds(town.case(register).pk, at=town.clock.now)


def test_work_is_assigned_to_a_post_that_is_shown_with_whoever_holds_it(town: Town) -> None:
    """By the performer or the coordinator; posts it is about are not offered, vacant ones say so."""
    Post.objects.create(institution=town.institution, key="baru", name="Jabatan Baru")
    budi = User.objects.create(username="budi", full_name="Budi Santoso", email="budi@contoh.example")
    appoint(Post.objects.get(key="kabag-tu"), budi, from_at=town.clock.now)
    register = reported(town)
    form = town.on("coordinator").look_up(register).form("Tetapkan")
    form.put("to", "kadep-kimia").write("Alasan", "Disebut pada laporan.").send()
    form = town.on(OPERATOR).open(register).form("Tugaskan")
    said = [one.text for one in form.field("Pelaksana baru").all("option")]
    assert "Kepala Bagian Tata Usaha: Budi Santoso, Kepala Bagian Tata Usaha" in said
    assert "Jabatan Baru (kosong)" in said
    assert not [one for one in said if "Kimia" in one]
    form.pick("Pelaksana baru", "Kepala Bagian Tata Usaha").send()
    assert town.on("kabag-tu").has_duty(register)
    form = town.on("coordinator").look_up(register).form("Tugaskan").put("to", "kadep-kimia")
    form.send(expect=403).says("Pihak yang dikeluhkan tidak boleh menangani langkah ini.")


# teams and joint performers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ((), "Tetapkan Tim pemeriksa."),
        (NAMES[:2], "Tim ini sedikitnya 3 jabatan; yang dipilih 2."),
        ((*NAMES, "Ketua Departemen Matematika"), "Jumlah anggota tim harus ganjil; yang dipilih 4."),
    ],
)
def test_a_team_that_the_sop_does_not_allow_is_refused_in_words_at_its_field(
    team: Town, members: tuple[str, ...], says: str
) -> None:
    register = reported(team)
    page = team.on(OPERATOR).open(register).says("Pilih semua anggotanya, paling sedikit 3. Jumlahnya harus ganjil.")
    form = page.form("Selesaikan langkah 1").pick("Tim pemeriksa", *members).write("Catatan", "Tim dibentuk.")
    page = form.send(expect=422).says(says)
    assert page.form("Selesaikan langkah 1").sent["reason"] == ["Tim dibentuk."]


def test_every_member_acts_who_has_and_who_has_not_is_seen_and_they_must_agree(team: Town) -> None:
    """S0-10: a team named for this case; a joint row stays open until all have named the same exit."""
    register = examined(team)
    officers = [team.on(member) for member in MEMBERS]
    officers[0].open(register).says("Semua harus bertindak", "Ketua Departemen Kimia: belum")
    officers[0].finish(register, "langkah 2", choice="Ya")
    assert not officers[0].has_duty(register), "who has done their part has no duty any more"
    page = officers[1].open(register).says("Ketua Departemen Fisika: Ya (Ketua Departemen Fisika, 16 November 2026")
    page.says("Ketua Departemen Biologi: belum")
    officers[1].finish(register, "langkah 2", choice="Tidak")
    officers[2].finish(register, "langkah 2", choice="Ya")
    case = team.case(register)
    assert "2#1" in [duty.visit for duty in case.duties.all()], "they do not agree yet"
    form = officers[1].visit(f"/kasus/{case.pk}").form("Selesaikan langkah 2").choose("Ya")
    form.send().says("Langkah selesai dan tercatat.")
    assert len([one for one in team.entries(register) if isinstance(one.event, PartDone)]) == 3  # type: ignore[attr-defined]
    for post in (LEADER, DEAN):
        team.on(post).open(register).says("Semua harus bertindak")
    team.on(LEADER).finish(register, "langkah 3")
    team.on(DEAN).finish(register, "langkah 3")
    team.on(OPERATOR).finish(register, "langkah 4", answer="Sudah diperbaiki.")
    assert team.case(register).status == "closed"
    assert not list(verify(at=team.clock.now))


def test_the_coordinator_changes_the_team_and_gives_one_part_to_somebody_else(team: Town) -> None:
    register = examined(team)
    coordinator, case = team.on("coordinator"), f"/kasus/{team.case(register).pk}"
    form = coordinator.visit(case).form("Tetapkan Tim pemeriksa").pick("Tim pemeriksa", *NAMES[:2])
    coordinator.visit(case)
    refused = form.send(expect=422).says("Tim ini sedikitnya 3 jabatan; yang dipilih 2.")
    form = refused.form("Tetapkan Tim pemeriksa").pick("Tim pemeriksa", *NAMES[:2], "Ketua Departemen Statistika")
    form.send().says("Pelaksana untuk laporan ini ditetapkan.", "Pelaksana langkah 2 sekarang")
    assert team.on("kadep-statistika").has_duty(register)
    assert not team.on("kadep-biologi").has_duty(register)
    form = coordinator.visit(case).form("Tugaskan").pick("Bagian siapa", "Ketua Departemen Kimia")
    form.pick("Pelaksana baru", "Ketua Departemen Biologi").send()
    assert team.on("kadep-biologi").has_duty(register)
    assert not team.on("kadep-kimia").has_duty(register)
    assert team.on("kadep-fisika").has_duty(register)


def test_who_is_complained_of_is_no_member_and_stands_in_no_joint_row(team: Town) -> None:
    """S4: neither the head of chemistry in the team, nor the leader in the joint row: the next above, as an event."""
    register = reported(team)
    coordinator, case = team.on("coordinator"), f"/kasus/{team.case(register).pk}"
    form = coordinator.visit(case).form("Tetapkan", within="Untuk koordinator").put("to", "kadep-kimia")
    form.write("Alasan", "Disebut pada laporan.").send()
    form = team.on(OPERATOR).open(register).form("Selesaikan langkah 1").pick("Tim pemeriksa", *NAMES)
    form.send(expect=422).says("Pihak yang dikeluhkan tidak boleh menjadi anggota tim.")
    form.pick("Tim pemeriksa", NAMES[0], NAMES[2], "Ketua Departemen Statistika").send()
    for member in ("kadep-fisika", "kadep-biologi", "kadep-statistika"):
        team.on(member).finish(register, "langkah 2", choice="Ya")
    form = coordinator.visit(case).form("Tetapkan", within="Untuk koordinator").put("to", LEADER)
    form.write("Alasan", "Ternyata menyangkut pimpinan.").send()
    assert not team.on(LEADER).has_duty(register)
    page = team.on(DEAN).open(register)
    page.says("dialihkan dari Wakil Dekan Bidang Umum dan Keuangan (pihak yang dikeluhkan)")
    page.says("menggantikan Wakil Dekan Bidang Umum dan Keuangan (pihak yang dikeluhkan)")
    moved = next(one.event for one in team.entries(register) if isinstance(one.event, Assigned))  # type: ignore[attr-defined]
    assert moved.instead == ((LEADER, "respondent"),)


# nobody ---------------------------------------------------------------------------------------------------------------


def test_what_nobody_can_do_any_more_stands_on_the_coordinators_list_by_the_clock_alone(town: Town) -> None:
    """A post that became vacant after its row opened; and one whose holder stands in for the party complained of."""
    vacant, barred, fine = reported(town), reported(town), reported(town)
    coordinator = town.on("coordinator")
    assert "tanpa pelaksana" not in coordinator.visit("/belum-teratasi").text
    for register in (vacant, fine):
        town.on(OPERATOR).finish(register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    form = coordinator.look_up(fine).form("Tugaskan").pick("Pelaksana baru", "Wakil Dekan Bidang Akademik")
    form.send()
    form = coordinator.look_up(barred).form("Tetapkan").put("to", "kadep-kimia")
    form.write("Alasan", "Disebut pada laporan.").send()
    tomorrow = town.clock.moment("2026-11-17 00.00")
    release(town.world.on[LEADER].holdings.get(), at=tomorrow)
    appoint(Post.objects.get(key="kadep-kimia"), town.world.on[OPERATOR], from_at=tomorrow, kind="plh")
    assert "tanpa pelaksana" not in coordinator.visit("/belum-teratasi").text
    town.clock.at("2026-11-17 00.00")
    page = coordinator.visit("/belum-teratasi").click("2 tanpa pelaksana").says(vacant, barred, "Belum ada pelaksana")
    page.says_not(fine)
    for register in (vacant, barred):
        assert coordinator.look_up(register).has_form(
            "Selesaikan langkah 3" if register == vacant else "Selesaikan langkah 2"
        )
