"""Delegation for leave, on real pages: it begins and ends by the clock, and never brings a case to whom it is about."""

from __future__ import annotations

import pytest

from pages import Form, Page
from tanggap.actions.organisation import appoint, release
from tanggap.records.models import Holder, OrganisationAct, Post, User
from tanggap.records.verification import verify
from town import Officer, Town

LEADER, OPERATOR, DELEGATE = "wakil-dekan-umum", "operator-mipa-care", "kasubbag-akademik"
BACK = "Akhiri sekarang Kepala Subbagian Akademik, Wakil Dekan Bidang Umum dan Keuangan"


def at_leader(town: Town, story: str = "Proyektor mati.", *, about: str = "") -> str:
    rani = town.complainant()
    rani.report(town.key, story)
    if about:
        case = town.case(rani.register).pk
        form = town.on("coordinator").visit(f"/kasus/{case}").form("Tetapkan")
        form.put("to", about).write("Alasan", "Disebut pada laporan.").send()
    town.on(OPERATOR).finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    return rani.register


def away(officer: Officer, by: str, first: str = "2026-11-17", last: str = "2026-11-18", **more: str) -> Form:
    form = officer.visit("/cuti").form("Simpan").pick("Digantikan oleh", by)
    form.write("Tidak di tempat mulai", first).write("Sampai dengan", last)
    for label, words in more.items():
        form.write(label, words)
    return form


def test_whoever_is_away_names_a_colleague_who_has_the_duties_from_the_first_minute_to_the_last(town: Town) -> None:
    """S0-10: effective at once, told to the superior, shown to both, on record; the case needs no act for it."""
    register, leader, delegate = at_leader(town), town.on(LEADER), town.on(DELEGATE)
    page = leader.duties().click("Tidak di tempat").says("Saat ini ada 1 tugas terbuka pada jabatan Anda.")
    assert not page.has_form(BACK)
    done = away(leader, "Kepala Subbagian Akademik", Keperluan="Dinas luar").send()
    done.says("Tersimpan.", "Anda digantikan", "17 November 2026 sampai 18 November 2026")
    leader.duties().says("Anda digantikan Kepala Subbagian Akademik sebagai Plh.")
    delegate.duties().says("Anda Plh. Wakil Dekan Bidang Umum dan Keuangan, menggantikan")
    town.on("dekan").duties().says("tidak di tempat, digantikan Kepala Subbagian Akademik")
    assert "Kepala Subbagian Akademik" not in town.on("kadep-fisika").duties().main
    opened = town.kinds(register).count("StepOpened")
    for moment, holds in (("2026-11-16 23.59", False), ("2026-11-17 00.00", True), ("2026-11-18 23.59", True)):
        town.clock.at(moment)
        assert delegate.has_duty(register) is holds
    kinds = town.kinds(register)
    assert (kinds.count("StepOpened"), kinds.count("Assigned")) == (opened, 0), "no event says so: the clock does"
    delegate.open(register).says("Wakil Dekan Bidang Umum dan Keuangan")
    assert leader.has_duty(register), "who is away may still act"
    town.clock.at("2026-11-19 00.00")
    assert not delegate.has_duty(register)
    assert "Anda Plh." not in delegate.duties().text
    town.on("auditor").visit("/organisasi/ub-fmipa/riwayat").says("tidak di tempat 17 November 2026", "Dinas luar")
    assert not list(verify(at=town.clock.now))


def test_the_delegate_does_the_step_and_the_log_says_by_which_post(town: Town) -> None:
    register = at_leader(town)
    away(town.on(LEADER), "Kepala Subbagian Akademik").send()
    town.clock.at("2026-11-17 08.00")
    town.on(DELEGATE).finish(register, "langkah 3", pick={"Pihak yang dikomplain": "Departemen Kimia"})
    done = next(
        entry.event
        for entry in town.entries(register)
        if getattr(entry.event, "visit", "") == "3#1" and entry.event.kind == "StepDone"
    )  # type: ignore[attr-defined]
    assert done.post == LEADER


def test_it_can_be_ended_early_by_oneself_and_by_the_superior_and_by_nobody_else(town: Town) -> None:
    """S2: the holding of somebody else is not there for who has nothing to do with it."""
    leader, delegate = town.on(LEADER), town.on(DELEGATE)
    away(leader, "Kepala Subbagian Akademik", "2026-11-16").send()
    holding = Holder.objects.get(kind="plh")
    register = at_leader(town)
    assert delegate.has_duty(register)
    mine = leader.visit("/cuti").form(BACK)
    for other in (delegate, town.on("kadep-fisika"), town.on("auditor")):
        form = other.duties().forms()[0]
        form.action, form.method = "/cuti/akhiri", "post"
        token = [one for one in other.visit("/cuti").forms() if "csrfmiddlewaretoken" in one.sent]
        stolen = token[0] if token else form
        stolen.action, stolen.method = "/cuti/akhiri", "post"
        stolen.put("holding", str(holding.pk)).put("institution", "ub-fmipa")
        stolen.sent.setdefault("csrfmiddlewaretoken", [""])
        stolen.send(expect=404 if token else 403)
    assert Holder.objects.get(pk=holding.pk).until_at == holding.until_at
    town.clock.later(minutes=5)
    town.on("dekan").visit("/cuti").says("Yang tidak di tempat di bawah Anda").form(
        "Akhiri penggantian Kepala Subbagian Akademik, Wakil Dekan Bidang Umum dan Keuangan"
    ).send()
    assert not delegate.has_duty(register)
    mine.send(expect=404)
    assert [one.kind for one in OrganisationAct.objects.all()] == ["leave", "leave_end"]
    away(leader, "Kepala Subbagian Akademik", "2026-11-20", "2026-11-21").send()
    leader.visit("/cuti").form(BACK).send()
    assert not Holder.objects.filter(kind="plh", until_at__gt=town.clock.now).exists(), "it never began"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"first": "2026-11-15"}, "Tanggal itu sudah lewat"),
        ({"first": "2026-11-20", "last": "2026-11-19"}, "harus sesudah hari pertama"),
        ({"last": "2028-11-19"}, "Paling lama satu tahun"),
        ({"first": ""}, "Isi tanggalnya."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(town: Town, typed: dict[str, str], says: str) -> None:
    page = away(town.on(LEADER), "Kepala Subbagian Akademik", **typed).send(expect=422).says(says)
    assert page.form("Simpan").sent["person"] == [str(town.world.on[DELEGATE].pk)]
    assert not OrganisationAct.objects.exists()


def test_nobody_is_represented_twice_or_by_somebody_who_is_away_or_for_posts_of_others(town: Town) -> None:
    leader, delegate = town.on(LEADER), town.on(DELEGATE)
    away(delegate, "Ketua Departemen Fisika").send()
    away(leader, "Kepala Subbagian Akademik").send(expect=422).says("sendiri tidak di tempat pada masa itu")
    away(leader, "Ketua Departemen Fisika").send()
    away(leader, "Ketua Departemen Kimia").send(expect=422).says("Pada masa itu Anda sudah digantikan oleh")
    form = away(leader, "Ketua Departemen Kimia", "2026-11-23", "2026-11-24")
    form.put("posts", "dekan").send(expect=422)
    form.put("posts", LEADER).put("person", str(leader.user.pk)).send(expect=422)
    stranger = User.objects.get(username="ub-fmipa-stranger")
    form.put("person", str(stranger.pk)).send(expect=422)
    assert not town.on("auditor").visit("/cuti").says("Anda tidak memegang jabatan").has_form("Simpan")
    assert Holder.objects.filter(kind="plh").count() == 2


def test_the_party_complained_of_edits_delegation_today_and_the_case_comes_to_neither(town: Town) -> None:
    """S4: complained of as head of chemistry, leader by another post; names a delegate before and after the binding."""
    chemist = town.world.on["kadep-kimia"]
    release(town.world.on[LEADER].holdings.get(), at=town.clock.now)
    appoint(Post.objects.get(key=LEADER), chemist, from_at=town.clock.now)
    party, delegate = town.on("kadep-kimia"), town.on(DELEGATE)
    form = away(party, "Kepala Subbagian Akademik", "2026-11-16", "2026-11-30")
    form.pick("Untuk jabatan", "Wakil Dekan Bidang Umum dan Keuangan").send()
    ordinary = at_leader(town)
    assert delegate.has_duty(ordinary)
    about_him = at_leader(town, "Nilai kimia tertukar.", about="kadep-kimia")
    case = town.case(about_him).pk
    for officer in (party, delegate):
        assert not officer.has_duty(about_him)
        officer.visit(f"/kasus/{case}", expect=404)
        assert about_him not in officer.visit("/kabar").text
    assert town.on("dekan").has_duty(about_him)
    page = town.on("dekan").open(about_him)
    page.says("Dekan, menggantikan Wakil Dekan Bidang Umum dan Keuangan", "dialihkan dari")
    opened = next(entry.event for entry in town.entries(about_him) if getattr(entry.event, "visit", "") == "3#1")
    assert opened.instead == ((LEADER, "respondent"),)  # type: ignore[attr-defined]
    for officer in (party, delegate):
        before = officer.visit("/cuti").main
        assert "1 tugas terbuka" in before if officer is party else "1 tugas terbuka" not in before
    town.on("kadep-kimia").visit("/cuti").form(BACK).send()
    assert not party.has_duty(about_him)


def test_a_delegation_over_an_open_step_takes_it_out_of_the_delegates_hands(town: Town) -> None:
    """S4: whoever has the case already is named today by the party complained of: the coordinator goes on."""
    rani = town.complainant()
    rani.report(town.key, "Nilai kimia tertukar.")
    case = town.case(rani.register).pk
    form = town.on("coordinator").visit(f"/kasus/{case}").form("Tetapkan")
    form.put("to", "kadep-kimia").write("Alasan", "Disebut pada laporan.").send()
    away(town.on("kadep-kimia"), "Staf Administrasi / Operator MIPA Care", "2026-11-16").send()
    page: Page = town.on(OPERATOR).open(rani.register)
    page.says("Tidak ada tugas bagi Anda pada laporan ini", "Tidak ada langkah yang terbuka bagi Anda.")
    assert not page.has_form("Selesaikan langkah 2")
    for button in ("Tugaskan", "Kirim disposisi", "Hentikan waktu dan minta"):
        assert not page.has_form(button)
    town.on("coordinator").visit(f"/kasus/{case}").form("Selesaikan langkah 2").choose("Ya").write(
        "Catatan", "Operator berhalangan."
    ).send()
    assert town.kinds(rani.register)[-1] == "StepOpened"
