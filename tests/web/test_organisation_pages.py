"""The organisation's pages: who holds what from when until when, accounts and powers, foretold and recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Browser, Form, Page
from tanggap.actions import joining
from tanggap.actions.calendars import change, current_plan, latest_version
from tanggap.actions.organisation import changed
from tanggap.records.models import (
    CaseParty,
    Column,
    Holder,
    JoinLink,
    Membership,
    OrganisationAct,
    OrganisationMove,
    Post,
    SignInLink,
    Unit,
    User,
)
from tanggap.records.projection import RESPONDENT
from tanggap.records.verification import verify
from tanggap.web.organisation import words
from tanggap.worktime.office_hours import Holiday, HolidayKind, Period
from town import Officer, Town

HOME = "/organisasi/ub-fmipa"
LEADER, OPERATOR = "wakil-dekan-umum", "operator-mipa-care"
EFFECT = "Lihat akibatnya"


def somebody(town: Town, username: str, name: str, **powers: bool) -> User:
    user = User.objects.create(username=username, full_name=name, email=f"{username}@contoh.example")
    user.set_password("kuda-baterai-staples")
    user.save()
    Membership.objects.create(institution=town.institution, user=user, **{"officer": False, **powers})
    return user


@pytest.fixture
def admin(town: Town) -> Officer:
    """Somebody who arranges the institution and has no other part in it."""
    return Officer(somebody(town, "pengelola", "Putri Pengelola", admin=True), address="198.51.100.77")


@pytest.fixture
def second(town: Town) -> Officer:
    """Another one."""
    return Officer(somebody(town, "pengelola2", "Dwi Kedua", admin=True), address="198.51.100.78")


@pytest.fixture
def budi(town: Town) -> User:
    """A colleague without a post."""
    return somebody(town, "budi", "Budi Santoso", officer=True)


def apply(preview: Page, why: str = "SK 12/2026", *, expect: int = 200) -> Page:
    return preview.form("Terapkan").write("Alasan", why).send(expect=expect)


def hold(page: Page, person: str, capacity: str = "Definitif", **dates: str) -> Form:
    form = page.form(EFFECT, within="Tetapkan pemegang").pick("Pemegang", person).pick("Sebagai", capacity)
    for label, typed in dates.items():
        form.write({"first": "Mulai tanggal", "last": "Hari terakhir"}[label], typed)
    return form


def ending(page: Page) -> Form:
    """The form that ends the first holding of a post's page."""
    return next(one for one in page.forms() if "holding" in one.sent)


def at_leader(town: Town) -> str:
    rani = town.complainant()
    rani.report(town.key, "Proyektor mati.")
    town.on(OPERATOR).finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    return rani.register


# who ------------------------------------------------------------------------------------------------------------------

PATHS = ("", "/unit", "/jabatan", f"/jabatan/{LEADER}", "/pelaksana",
         "/pelaksana/ub-fmipa-mipa-care/pimpinan", "/orang", "/orang/baru", "/riwayat")  # fmt: skip


def test_only_who_arranges_the_institution_finds_its_pages_and_the_auditor_its_history(
    town: Town, admin: Officer
) -> None:
    """S2: for everybody else, and for who arranges another institution, there is no such page."""
    elsewhere = Officer(somebody(town, "lain", "Orang Lain", admin=True), address="198.51.100.79")
    Membership.objects.all().filter(user=elsewhere.user).delete()
    for path in PATHS:
        admin.visit(f"{HOME}{path}")
        for other in (town.on(OPERATOR), town.on(LEADER), town.on("auditor"), elsewhere):
            expected = 200 if path == "/riwayat" and other is town.on("auditor") else 404
            other.visit(f"{HOME}{path}", expect=expected)
    assert "/login/" in town.complainant().visit(HOME).url
    assert admin.visit("/organisasi").url == HOME
    assert "Organisasi" in admin.duties().links
    assert "Organisasi" not in town.on(LEADER).duties().links
    assert town.on("auditor").visit("/organisasi").url == f"{HOME}/riwayat"
    for path in ("/jabatan/entah", "/orang/999999", "/pelaksana/entah/pimpinan", "/pelaksana/ub-fmipa-mipa-care/x",
                 "/unit?unit=entah", "/jabatan?jabatan=entah"):  # fmt: skip
        admin.visit(f"{HOME}{path}", expect=404)


def test_nothing_of_another_institution_is_named_by_a_form_of_this_one(
    town: Town, admin: Officer, town_of: object
) -> None:
    """S2: ids of posts, people and holdings of others are answered as what does not exist; nothing changes."""
    other = town_of("unesa-feb")  # type: ignore[operator]
    ours = set(town.institution.posts.values_list("key", flat=True))
    stranger = next(user for key, user in other.world.on.items() if key not in ours)
    holding = Holder.objects.get(user=stranger)
    admin.visit(f"{HOME}/orang/{stranger.pk}", expect=404)
    admin.visit(f"/organisasi/{other.key}", expect=404)
    page = admin.visit(f"{HOME}/jabatan/{LEADER}")
    before = list(Holder.objects.values())
    hold(page, "Dekan").put("person", str(stranger.pk)).send(expect=422)
    hold(page, "Dekan").put("post", holding.post.key).send(expect=404)
    form = ending(page)
    form.put("holding", str(holding.pk)).send(expect=404)
    for what in ("off", "link", "powers", "details"):
        form = admin.visit(f"{HOME}/orang/{town.world.desk.pk}").forms()[-1]
        form.put("what", what).put("person", str(stranger.pk)).send(expect=404)
    form.put("what", "entah").send(expect=404)
    assert list(Holder.objects.values()) == before
    assert not OrganisationAct.objects.exists()


# holders --------------------------------------------------------------------------------------------------------------


def test_a_new_holder_is_foretold_in_words_and_numbers_then_holds_from_that_day(
    town: Town, admin: Officer, budi: User
) -> None:
    """S0-10: the duties that change hands are told before; they do at the moment, and the history says who did it."""
    register, old = at_leader(town), town.world.on[LEADER]
    page = admin.visit(HOME).click("Wakil Dekan Bidang Umum dan Keuangan")
    page.says(old.shown_name, "1", "Dekanat")
    preview = hold(page, "Budi Santoso", first="2026-11-18").send()
    preview.says("Belum ada yang berubah.", "mulai 18 November 2026, 00.00 WIB", "1 tugas terbuka", old.shown_name)
    assert not OrganisationAct.objects.exists()
    done = apply(preview).says("Perubahan tersimpan", "Budi Santoso (sejak 18 November 2026)")
    form = ending(done).write("Hari terakhir", "2026-11-17")
    preview = form.send().says("Budi Santoso", "berpindah tangan")
    apply(preview, "Pensiun").says("17 November 2026")
    browser = Officer(budi, address="198.51.100.80")
    town.clock.at("2026-11-17 15.59")
    assert town.on(LEADER).has_duty(register)
    assert not browser.has_duty(register)
    town.clock.at("2026-11-18 00.00")
    assert not town.on(LEADER).has_duty(register)
    browser.finish(register, "langkah 3", pick={"Pihak yang dikomplain": "Departemen Kimia"})
    told = admin.visit(f"{HOME}/riwayat")
    told.says("Putri Pengelola", "menetapkan Budi Santoso sebagai pejabat definitif Wakil Dekan", "SK 12/2026")
    told.says("mengakhiri jabatan", "Pensiun")
    assert [one.kind for one in OrganisationAct.objects.all()] == ["hold", "end"]
    assert not list(verify(at=town.clock.now))


def test_ending_the_only_holder_says_how_many_duties_nobody_has_and_the_next_row_climbs(
    town: Town, admin: Officer
) -> None:
    """A vacant post: what is open waits for the coordinator, what opens next goes to the superior, and it is said."""
    register = at_leader(town)
    page = admin.visit(f"{HOME}/jabatan/{LEADER}")
    preview = ending(page).send()
    preview.says("1 tugas terbuka tidak lagi mempunyai pelaksana", "Langkah baru", "naik ke atasannya")
    town.clock.later(minutes=2)
    apply(preview).says("kosong")
    admin.visit(HOME).says("kosong, 1 tugas terbuka", "1 tugas terbuka pada jabatan yang kosong")
    rani = town.complainant()
    rani.report(town.key, "AC rusak.")
    town.on(OPERATOR).finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    assert town.on("dekan").has_duty(rani.register)
    assert not town.on("dekan").has_duty(register)


@pytest.mark.parametrize(
    ("post", "capacity", "dates", "says"),
    [
        (LEADER, "Plt.", {}, "Untuk yang berhalangan pilih Plh."),
        (LEADER, "Plh.", {}, "isi hari terakhirnya"),
        (LEADER, "Definitif", {"first": "2026-11-15"}, "Tanggal itu sudah lewat"),
        (LEADER, "Definitif", {"first": "2026-11-20", "last": "2026-11-19"}, "harus sesudah hari pertama"),
        (LEADER, "Definitif", {"first": "besok"}, "Tulis tanggal seperti 2026-11-20."),
        ("kosong", "Plh.", {"last": "2026-11-20"}, "Untuk jabatan kosong pilih Plt."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    town: Town, admin: Officer, budi: User, post: str, capacity: str, dates: dict[str, str], says: str
) -> None:
    Post.objects.create(institution=town.institution, key="kosong", name="Jabatan Kosong")
    changed(town.institution)
    page = hold(admin.visit(f"{HOME}/jabatan/{post}"), "Budi Santoso", capacity, **dates).send(expect=422)
    form = page.says(says, "Yang Anda ketik masih ada di bawah.").form(EFFECT)
    assert form.sent["person"] == [str(budi.pk)]
    assert not OrganisationAct.objects.exists()


def test_a_plt_looks_after_a_vacant_post_until_somebody_holds_it(town: Town, admin: Officer, budi: User) -> None:
    Holder.objects.filter(post__key=LEADER).delete()
    changed(town.institution)
    page = admin.visit(f"{HOME}/jabatan/{LEADER}")
    apply(hold(page, "Budi Santoso", "Plt.").send()).says("Budi Santoso (Plt., sejak 16 November 2026)")
    apply(hold(admin.visit(f"{HOME}/jabatan/{LEADER}"), "Dekan, Dekan", first="2026-11-18").send())
    assert Holder.objects.get(user=budi).until_at == town.clock.moment("2026-11-18 00.00")


def test_who_comes_second_is_told_who_changed_it_and_sees_the_effect_anew(
    town: Town, admin: Officer, second: Officer, budi: User
) -> None:
    """409: nothing is lost, nothing overwritten; the same form twice is one act."""
    slow = hold(second.visit(f"{HOME}/jabatan/{LEADER}"), "Budi Santoso", first="2026-11-18").send()
    quick = hold(admin.visit(f"{HOME}/jabatan/dekan"), "Budi Santoso", first="2026-11-18").send().form("Terapkan")
    quick.send()
    quick.send()
    assert OrganisationAct.objects.count() == 1
    page = apply(slow, expect=409).says("Putri Pengelola mengubah organisasi ini pada 16 November 2026, 08.05 WIB")
    apply(page)
    assert Holder.objects.filter(user=budi).count() == 2
    again = hold(second.visit(f"{HOME}/jabatan/dekan"), "Dekan, Dekan", first="2026-11-19").send(expect=422)
    again.says("sudah memegang jabatan ini")


# columns, units, posts ------------------------------------------------------------------------------------------------


def test_a_column_is_given_to_another_post_for_what_opens_from_then_on(town: Town, admin: Officer) -> None:
    """S3-8: the post that fills a column is a page's matter; what is open stays with whoever has it, and it is told."""
    register = at_leader(town)
    page = admin.visit(f"{HOME}/pelaksana").says("Wakil Dekan Bidang Umum dan Keuangan")
    (link,) = [one for said, one in page.links.items() if "pimpinan" in one]
    form = admin.visit(link).form(EFFECT).pick("Jabatan", "Wakil Dekan Bidang Akademik")
    apply(form.send().says("1 langkah yang sudah terbuka tetap pada pelaksananya yang lama."))
    rani = town.complainant()
    rani.report(town.key, "AC rusak.")
    town.on(OPERATOR).finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    assert town.on("wakil-dekan-akademik").has_duty(rani.register)
    assert town.on(LEADER).has_duty(register)
    told = admin.visit(f"{HOME}/riwayat")
    told.says("Wakil Dekan Bidang Akademik (semula Wakil Dekan Bidang Umum dan Keuangan)")
    admin.visit(link).form(EFFECT).send(expect=422).says("Tidak ada yang berubah.")
    every = admin.visit(link).form(EFFECT).pick("Jabatan", "Wakil Dekan Bidang Akademik", "Kepala Bagian Tata Usaha")
    apply(every.send())
    assert Column.objects.filter(sop_id="ub-fmipa-mipa-care", role="pimpinan").count() == 2


def test_units_and_posts_are_added_and_changed_and_never_in_a_ring(town: Town, admin: Officer) -> None:
    form = admin.visit(HOME).click("Tambah unit").form("Simpan").write("Nama unit", "Laboratorium Dasar")
    form.pick("Bagian dari", "Dekanat").send().says("Perubahan tersimpan")
    unit = Unit.objects.get(key="laboratorium-dasar")
    assert (unit.name, unit.parent.key, unit.may_be_complained_of) == ("Laboratorium Dasar", "dekanat", True)  # type: ignore[union-attr]
    form = admin.visit(HOME).click("Tambah jabatan").form("Simpan").write("Nama jabatan", "Kepala Laboratorium")
    form.pick("Unit", "Laboratorium Dasar").pick("Atasan", "Wakil Dekan Bidang Akademik").send()
    admin.visit(HOME).says("Kepala Laboratorium", "kosong")
    page = admin.visit(f"{HOME}/jabatan/kepala-laboratorium").click("Ubah jabatan")
    page.form("Simpan").write("Nama jabatan", "Kepala Lab").send().says("Kepala Lab")
    page = admin.visit(f"{HOME}/jabatan?jabatan=wakil-dekan-akademik")
    page.form("Simpan").pick("Atasan", "Kepala Lab").send(expect=422).says("lingkaran")
    page = admin.visit(f"{HOME}/jabatan?jabatan=dekan").form("Simpan").put("is_fallback").send(expect=422)
    page.says("Harus ada satu jenjang terakhir")
    page = admin.visit(f"{HOME}/jabatan?jabatan={LEADER}").form("Simpan").tick("Jenjang terakhir").send()
    assert Post.objects.get(is_fallback=True).key == LEADER
    page = admin.visit(f"{HOME}/unit?unit=dekanat").form("Simpan").pick("Bagian dari", "Laboratorium Dasar")
    page.send(expect=422).says("lingkaran")
    admin.visit(f"{HOME}/riwayat").says("menambah unit Laboratorium Dasar", "mengubah jabatan Kepala Lab")


def test_a_post_in_another_unit_is_foretold_with_the_deadlines_it_moves_and_the_record_lists_them(
    town: Town, admin: Officer
) -> None:
    """Found before anything changes, told again when the calendar changed meanwhile, and on record as one act."""
    register = at_leader(town)
    plan = current_plan(town.key)
    week = {day: ["08.00-11.00"] for day in ("monday", "tuesday", "wednesday", "thursday")}
    town_by = {"at": town.clock.now, "by": "u1", "why": "SK"}
    hours = {**plan.hours, "pimpinan-lain": (Period.from_dict(week),)}
    Unit.objects.create(institution=town.institution, key="pimpinan-lain", name="Unit Lain", position=99)
    change(town.key, replace(plan, hours=hours), seen=latest_version(town.institution), **town_by)
    wish = admin.visit(f"{HOME}/jabatan?jabatan={LEADER}").form("Simpan").pick("Unit", "Unit Lain")
    preview = wish.send().says("Belum ada yang berubah", register, "Pergeseran terjauh", "lebih awal")
    assert not OrganisationAct.objects.filter(kind="post").exists()
    day = Holiday(date(2026, 11, 17), "Libur mendadak", HolidayKind.PUBLIC, "SKB 9/2026")
    again = replace(current_plan(town.key), holidays=(*plan.holidays, day))
    change(town.key, again, seen=latest_version(town.institution), **town_by)
    preview = apply(preview, expect=409).says("berubah sesudah pratinjau Anda dibuat", register)
    apply(preview).says("Perubahan tersimpan")
    moved = OrganisationMove.objects.filter(act__kind="post")
    page = admin.visit(f"{HOME}/riwayat").says_not("tenggat bergeser").click("Lihat tenggatnya")
    page.says(register, "Semula", "Menjadi", "SK 12/2026", f"{moved.count()} tenggat bergeser.")
    town.on("auditor").visit(page.url).says(register)
    town.on(OPERATOR).visit(page.url, expect=404)
    admin.visit(f"{HOME}/riwayat/999999", expect=404)
    about = CaseParty.objects.create(case=moved[0].case, part=RESPONDENT, name="dekan")
    Holder.objects.create(post=Post.objects.get(key="dekan"), user=admin.user, from_at=town.clock.now)
    admin.visit(f"{HOME}/riwayat").click("Lihat tenggatnya").says("Tidak ada tenggat").says_not(register, "lagi.")
    about.delete()
    assert not list(verify(at=town.clock.now))


# people ---------------------------------------------------------------------------------------------------------------


def add(admin: Officer, **more: str) -> Page:
    form = admin.visit(f"{HOME}/orang").click("Tambah orang").form("Simpan")
    form.write("Nama lengkap", "Siti Baru").write("Nama pengguna", "siti").write("Surel", "siti@contoh.example")
    for label, words_ in more.items():
        form.write(label, words_)
    return form.send()


def link_on(page: Page) -> str:
    (found,) = re.findall(r"http\S+/undangan/\S+", page.text)
    return str(found)


def test_somebody_new_gets_a_link_once_sets_a_password_and_works(town: Town, admin: Officer) -> None:
    """S14, S15: no command line, no password that somebody else knows; the link is kept as a digest alone."""
    page = add(admin, NIP="198001012005011001")
    link = link_on(page.says("Ditampilkan sekali ini saja"))
    assert link.startswith("http://127.0.0.1:8000/undangan/")
    token = link.rpartition("/")[2]
    assert token not in repr(list(SignInLink.objects.values()) + list(OrganisationAct.objects.values()))
    siti = User.objects.get(username="siti")
    assert not siti.has_usable_password()
    apply(hold(admin.visit(f"{HOME}/jabatan/{OPERATOR}"), "Siti Baru").send())
    anyone = Browser(address="203.0.113.9")
    form = anyone.visit(f"/undangan/{token}").says("Siti Baru", "siti").form("Simpan kata sandi")
    form.write("Kata sandi", "pendek").send(expect=422)
    form.write("Kata sandi", "kuda-baterai-staples").send()
    anyone.visit(f"/undangan/{token}", expect=404).says("Tautan ini tidak berlaku")
    signed_in = (
        anyone.visit("/masuk").form("Masuk").write("Nama pengguna", "siti").write("Kata sandi", "kuda-baterai-staples")
    )
    signed_in.send().says("Tugas saya")
    admin.visit(f"{HOME}/orang").says("Siti Baru", "NIP 198001012005011001", "Staf Administrasi / Operator MIPA Care")
    told = admin.visit(f"{HOME}/riwayat").says("menambah akun Siti Baru dengan wewenang: petugas")
    told.says_not(token)


@pytest.fixture
def elsewhere(town: Town, town_of: Callable[[str], Town]) -> tuple[Town, Officer]:
    """A second institution and who arranges it."""
    other = town_of("unesa-feb")
    return other, Officer(somebody(other, "pengelola-b", "Bima Pengelola", admin=True), address="198.51.100.90")


def invite(other: Town, admin: Officer, *ticks: str) -> str:
    """The address of a new link to join ``other``."""
    form = admin.visit(f"/organisasi/{other.key}/orang").click("Undang yang sudah mempunyai akun").form("Simpan")
    page = form.tick(*ticks).send().says("Ditampilkan sekali ini saja", "masuk dengan akunnya sendiri")
    (found,) = re.findall(r"http://127.0.0.1:8000(/bergabung/\S+)", page.text)
    return str(found)


def test_who_has_an_account_joins_a_second_institution_by_a_link_under_their_own_sign_in(
    town: Town, admin: Officer, budi: User, elsewhere: tuple[Town, Officer]
) -> None:
    """No name is typed, so none can be tried out; neither institution reads of the other."""
    other, their_admin = elsewhere
    address = invite(other, their_admin, "Koordinator")
    token = address.rpartition("/")[2]
    assert token not in repr([*JoinLink.objects.values(), *OrganisationAct.objects.values()])
    assert "/login/" in Browser(address="203.0.113.9").visit(address).url
    me = Officer(budi, address="198.51.100.91")
    asked = me.visit(address).says("Budi Santoso (budi)", "koordinator, petugas", "tidak disebut")
    assert not Membership.objects.filter(institution=other.institution, user=budi).exists()
    form = asked.form("Bergabung")
    form.send().says("Anda sudah bergabung dengan")
    form.send().says("Anda sudah bergabung dengan")
    joined = Membership.objects.get(institution=other.institution, user=budi)
    assert (joined.coordinator, joined.officer, joined.desk, joined.admin) == (True, True, False, False)
    Officer(town.world.on[OPERATOR], address="198.51.100.92").visit(address, expect=404).says("tidak berlaku")
    theirs = their_admin.visit(f"/organisasi/{other.key}/orang/{budi.pk}")
    theirs.says("juga dipakai di lembaga lain").says_not("Terakhir masuk", town.institution.short_name, budi.email)
    their_admin.visit(f"/organisasi/{other.key}/riwayat").says("Budi Santoso bergabung atas undangan")
    ours = admin.visit(f"{HOME}/orang/{budi.pk}").says("juga dipakai di lembaga lain").text
    assert other.institution.short_name not in ours + admin.visit(f"{HOME}/riwayat").text
    their_admin.visit(f"{HOME}/orang/{budi.pk}", expect=404)
    assert not list(verify(at=town.clock.now))


def test_a_link_to_join_is_worth_nothing_when_old_withdrawn_or_of_who_arranges_no_more(
    town: Town, budi: User, elsewhere: tuple[Town, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, their_admin = elsewhere
    me = Officer(budi, address="198.51.100.91")
    me.visit("/bergabung/entah", expect=404)
    address = invite(other, their_admin)
    theirs = Officer(other.world.on[next(iter(other.world.on))], address="198.51.100.93")
    theirs.visit(address).form("Bergabung").send(expect=409).says("sudah mempunyai bagian")
    people = their_admin.visit(f"/organisasi/{other.key}/orang").says("1 undangan belum dipakai.")
    form = me.visit(address).form("Bergabung")
    people.form("Batalkan undangan").send().says_not("undangan belum dipakai.")
    form.send(expect=404).says("Tautan ini tidak berlaku")
    address = invite(other, their_admin)
    second, entered = town.world.on[OPERATOR], joining.write

    def slower() -> Any:
        monkeypatch.setattr(joining, "write", entered)
        assert joining.join(address.rpartition("/")[2], by=second, at=town.clock.now) is not None
        return entered()

    monkeypatch.setattr(joining, "write", slower)
    assert joining.join(address.rpartition("/")[2], by=budi, at=town.clock.now) is None, "somebody was quicker"
    assert JoinLink.objects.get(used_by__isnull=False).used_by == second
    address = invite(other, their_admin)
    town.clock.later(hours=24)
    me.visit(address, expect=404)
    address = invite(other, their_admin)
    Membership.objects.filter(user=their_admin.user).update(admin=False)
    me.visit(address, expect=404)
    assert not Membership.objects.filter(institution=other.institution, user=budi).exists()


def test_a_link_dies_after_a_day_with_a_newer_one_and_with_the_account(town: Town, admin: Officer) -> None:
    """S14: reuse, a day later, after another link, after the password changed, after the account was switched off."""
    first = link_on(add(admin)).rpartition("/")[2]
    siti = User.objects.get(username="siti")
    page = admin.visit(f"{HOME}/orang/{siti.pk}").says("belum menetapkan kata sandi")
    newer = link_on(page.form("Buat tautan kata sandi").send()).rpartition("/")[2]
    anyone = Browser()
    anyone.visit(f"/undangan/{first}", expect=404)
    anyone.visit(f"/undangan/{newer}")
    siti.set_password("sesuatu-yang-lain")
    siti.save()
    anyone.visit(f"/undangan/{newer}", expect=404)
    last = link_on(admin.visit(f"{HOME}/orang/{siti.pk}").form("Buat tautan kata sandi").send()).rpartition("/")[2]
    anyone.visit(f"/undangan/{last}")
    town.clock.later(hours=24)
    anyone.visit(f"/undangan/{last}", expect=404)
    for odd in ("x", "1-", "999999999999999999999-x", f"{siti.pk}-{'a' * 40}"):
        anyone.visit(f"/undangan/{odd}", expect=404)
    fresh = link_on(admin.visit(f"{HOME}/orang/{siti.pk}").form("Buat tautan kata sandi").send()).rpartition("/")[2]
    apply(admin.visit(f"{HOME}/orang/{siti.pk}").form("Matikan akun").send())
    anyone.visit(f"/undangan/{fresh}", expect=404)


def test_an_account_that_is_switched_off_is_out_at_the_next_click_and_its_post_is_vacant(
    town: Town, admin: Officer
) -> None:
    """S19: a live session ends with the account; the duties that nobody has are told before."""
    register, officer = at_leader(town), town.on(LEADER)
    assert officer.has_duty(register)
    page = admin.visit(f"{HOME}/orang/{officer.user.pk}").form("Matikan akun").send()
    apply(page.says("1 tugas terbuka tidak lagi mempunyai pelaksana"))
    assert "/login/" in officer.visit("/tugas").url
    admin.visit(f"{HOME}/jabatan/{LEADER}").says("kosong", "akun dimatikan")
    apply(admin.visit(f"{HOME}/orang/{officer.user.pk}").form("Hidupkan kembali").send())
    officer.client.force_login(User.objects.get(pk=officer.user.pk))
    assert officer.has_duty(register)


def test_what_is_wrong_with_an_account_is_said_at_its_field(town: Town, admin: Officer, budi: User) -> None:
    form = admin.visit(f"{HOME}/orang/baru").form("Simpan")
    form.send(expect=422).says("Isi namanya.", "Isi nama penggunanya.", "Isi alamat surelnya.")
    form.write("Nama lengkap", "B").write("Nama pengguna", "budi").write("Surel", "b@contoh.example")
    assert form.send(expect=422).form("Simpan").sent["email"] == ["b@contoh.example"]
    form.write("Nama pengguna", "bu di").send(expect=422)
    form.write("Nama pengguna", "baru").write("Surel", "BUDI@contoh.example").send(expect=422).says("sudah dipakai")
    form.write("Surel", "b@contoh.example").tick("Pengawas").send(expect=422).says("Pengawas tidak mempunyai")
    assert not User.objects.filter(username="baru").exists()
    page = admin.visit(f"{HOME}/orang/{budi.pk}")
    page.form("Simpan data").write("Nama lengkap", "Budi S., M.Si.").write("NIP", "1").send().says("Budi S., M.Si.")
    admin.visit(f"{HOME}/orang/{budi.pk}").form("Simpan data").send(expect=422).says("Tidak ada yang berubah.")
    admin.visit(f"{HOME}/riwayat").says("mengubah nama, NIP akun Budi S., M.Si.")


# maker and checker ----------------------------------------------------------------------------------------------------


def test_nobody_gives_themselves_power_or_work_while_somebody_else_could(
    town: Town, admin: Officer, second: Officer
) -> None:
    """S7: own powers, own posts, a column for a post one holds, one's post as next rung: a second administrator."""
    me = admin.user
    page = admin.visit(f"{HOME}/orang/{me.pk}")
    refused = page.form("Ubah wewenang").tick("Koordinator", "Petugas").send(expect=422)
    refused.says("Pengelola lain yang harus menjalankannya: Dwi Kedua")
    hold(admin.visit(f"{HOME}/jabatan/{LEADER}"), "Putri").send(expect=422).says("Dwi Kedua")
    apply(hold(second.visit(f"{HOME}/jabatan/kabag-tu"), "Putri").send())
    column = admin.visit(f"{HOME}/pelaksana/ub-fmipa-mipa-care/pimpinan").form(EFFECT)
    column.pick("Jabatan", "Kepala Bagian Tata Usaha").send(expect=422).says("Dwi Kedua")
    rung = admin.visit(f"{HOME}/jabatan?jabatan={LEADER}").form("Simpan").pick("Atasan", "Kepala Bagian Tata Usaha")
    rung.send(expect=422)
    last = admin.visit(f"{HOME}/jabatan?jabatan=kabag-tu").form("Simpan").tick("Jenjang terakhir")
    last.send(expect=422).says("Dwi Kedua")
    apply(second.visit(f"{HOME}/orang/{me.pk}").form("Ubah wewenang").tick("Koordinator").send())
    assert Membership.objects.get(user=me).coordinator
    assert [one.alone for one in OrganisationAct.objects.all()] == [False, False]


def test_the_only_administrator_may_but_the_auditors_are_told(town: Town, admin: Officer) -> None:
    """S7: recorded as done alone, marked in the history, and counted in the auditors' letterhead."""
    apply(hold(admin.visit(f"{HOME}/jabatan/{OPERATOR}"), "Putri").send())
    assert OrganisationAct.objects.get().alone
    page = town.on("auditor").duties()
    assert any("1 perubahan tanpa pengelola kedua" in said for said in page.links)
    town.on("auditor").visit(f"{HOME}/riwayat").says("Putri Pengelola", "tanpa pengelola kedua")
    page = admin.visit(f"{HOME}/orang/{admin.user.pk}").form("Ubah wewenang").put("may_admin").send(expect=422)
    page.says("Harus ada paling sedikit satu pengelola.")
    assert not admin.visit(f"{HOME}/orang/{admin.user.pk}").has_form("Matikan akun")


def test_an_administrator_cannot_sign_in_as_an_administrator_or_auditor(
    town: Town, admin: Officer, second: Officer
) -> None:
    """S7, M4: no link for the account of who watches over the other; what is not offered is not accepted either."""
    town.world.auditor.set_password("kuda-baterai-staples")
    town.world.auditor.save()
    for user in (second.user, town.world.auditor):
        page = admin.visit(f"{HOME}/orang/{user.pk}")
        assert not page.has_form("Buat tautan kata sandi")
        page.forms()[-1].put("what", "link").send(expect=422).says("Akun pengelola dan pengawas")
    assert not SignInLink.objects.exists()


def test_power_that_was_taken_away_is_gone_at_the_next_click(town: Town, admin: Officer, second: Officer) -> None:
    """S19, S7: also between a preview and its confirmation."""
    preview = hold(second.visit(f"{HOME}/jabatan/{LEADER}"), "Dekan").send()
    page = admin.visit(f"{HOME}/orang/{second.user.pk}").form("Ubah wewenang").put("may_admin")
    apply(page.send())
    apply(preview, expect=404)
    second.visit(HOME, expect=404)


def test_acts_are_for_good_and_a_change_of_them_is_found(town: Town, admin: Officer, budi: User) -> None:
    """S7: append-only below the pages too; a forged one breaks the chain."""
    from django.db import DatabaseError, transaction

    from tanggap.records.fences import lowered

    apply(hold(admin.visit(f"{HOME}/jabatan/{LEADER}"), "Budi").send())
    for wreck in (lambda rows: rows.update(alone=True), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            wreck(OrganisationAct.objects.all())
    with lowered(connection):
        OrganisationAct.objects.update(made_by="u1")
    assert [flaw.kind for flaw in verify(at=town.clock.now)] == ["organisation"]


def test_every_kind_of_act_and_every_refusal_has_its_sentence() -> None:
    assert words.told_kinds() == set(OrganisationAct.KINDS)
    from pathlib import Path

    import tanggap.actions as actions

    code = "".join(file.read_text("utf-8") for file in Path(actions.__path__[0]).glob("*.py"))
    raised = set(re.findall(r'NotArranged\(\s*"(\w+)"', code))
    assert raised == words.known_refusals()


# numbers --------------------------------------------------------------------------------------------------------------


def test_three_hundred_posts_cost_no_more_queries_than_a_dozen(town: Town, admin: Officer) -> None:
    """No query per row: neither on the board, nor in lists of people and columns, nor in what is foretold."""
    pages = ("", "/orang", "/pelaksana", f"/jabatan/{LEADER}", "/riwayat")

    def count() -> list[int]:
        found = []
        for path in pages:
            admin.visit(f"{HOME}{path}")
            with CaptureQueriesContext(connection) as asked:
                admin.visit(f"{HOME}{path}")
            found.append(len(asked))
        form = hold(admin.visit(f"{HOME}/jabatan/{LEADER}"), "Dekan", first="2026-11-20")
        with CaptureQueriesContext(connection) as asked:
            form.send()
        return [*found, len(asked)]

    before = count()
    users = [User(username=f"x{n}", full_name=f"Orang {n}", email=f"x{n}@contoh.example") for n in range(300)]
    User.objects.bulk_create(users)
    posts = [Post(institution=town.institution, key=f"p{n}", name=f"Jabatan {n}") for n in range(300)]
    Post.objects.bulk_create(posts)
    long_ago: datetime = town.clock.now.replace(year=2025)
    for post, user in zip(
        Post.objects.filter(key__startswith="p", key__regex=r"^p\d"),
        User.objects.filter(username__startswith="x"),
        strict=True,
    ):
        Holder.objects.create(post=post, user=user, from_at=long_ago)
    changed(town.institution)
    after = count()
    assert after == before, (before, after)
    assert max(after) <= 30
