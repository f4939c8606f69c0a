"""The calendar pages: a year in shapes and words, changes shown before they are made, and who may make them."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest

from pages import Form, Page
from tanggap.actions.calendars import current_plan
from tanggap.records.models import CalendarMove, CalendarVersion, Holiday, Membership, OfficeHours, Unit, User
from tanggap.worktime.office_hours import HolidayKind
from town import Officer, Town

BOSS = "kabag-tu"
HOME = "/kalender/ub-fmipa"


@pytest.fixture
def admin(town: Town) -> Officer:
    """Somebody who arranges the institution and has no other part in it."""
    user = User.objects.create(username="pengelola", full_name="Putri Pengelola", email="p@contoh.example")
    Membership.objects.create(institution=town.institution, user=user, officer=False, admin=True)
    return Officer(user, address="198.51.100.77")


def second_admin(town: Town) -> Officer:
    user = User.objects.create(username="pengelola2", full_name="Dwi Kedua", email="d@contoh.example")
    Membership.objects.create(institution=town.institution, user=user, officer=False, admin=True)
    return Officer(user, address="198.51.100.78")


def open_case(town: Town) -> str:
    """A complaint before the leader, due on Thursday at 16.00: its register number."""
    rani = town.complainant()
    rani.report(town.key, "Proyektor mati.")
    town.on("operator-mipa-care").finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    return rani.register


def day_off(admin: Officer, day: str = "2026-11-18", *, name: str = "Cuti bersama mendadak", decree: str = "") -> Page:
    """Type a day off, as far as the preview."""
    form = admin.visit(HOME).click("Tambah hari libur").form("Lihat pratinjau")
    form.write("Tanggal", day).write("Nama hari libur", name).pick("Jenis", "Cuti bersama")
    return form.write("Nomor keputusan", decree).send()


def apply(preview: Page, why: str = "Surat edaran") -> Form:
    (button,) = [one for form in preview.forms() for one in form.buttons if one.text.startswith("Terapkan")]
    return preview.form(button.text).write("Alasan perubahan", why)


# who ------------------------------------------------------------------------------------------------------------------


def test_only_who_arranges_the_institution_finds_its_calendar(town: Town, admin: Officer) -> None:
    """T: for everybody else there is no such page, not even for the auditor or another institution's administrator."""
    paths = ("", "/hari", "/jam", "/libur", "/riwayat")
    for path in paths:
        admin.visit(f"{HOME}{path}")
        for other in (town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), town.on("auditor")):
            other.visit(f"{HOME}{path}", expect=404)
    assert admin.visit("/kalender").url == HOME
    for path in ("/kalender/unej-uc3", f"{HOME}/riwayat/99999", f"{HOME}?unit=entah", f"{HOME}/jam?unit=entah"):
        admin.visit(path, expect=404)
    assert "/login/" in town.complainant().visit(HOME).url
    assert "Kalender" in admin.duties().links
    assert "Kalender" not in town.on("wakil-dekan-umum").duties().links
    form = day_off(admin).forms()[-1]
    town.on("auditor").client.force_login(town.on("auditor").user)
    stolen = town.on("auditor").duties().forms()[0]
    stolen.action, stolen.method = form.action, "post"
    stolen.sent = {**form.sent, "csrfmiddlewaretoken": stolen.sent.get("csrfmiddlewaretoken", [""])}
    stolen.send(expect=404)
    assert CalendarVersion.objects.count() == 1


# the picture ----------------------------------------------------------------------------------------------------------


def test_a_year_shows_each_sort_of_day_by_shape_letter_and_word(admin: Officer) -> None:
    page = admin.visit(f"{HOME}?tahun=2026")
    page.says("Kalender kerja 2026", "17 libur nasional", "8 cuti bersama", "hari kerja dengan jam lain", "Versi 1")
    page.says("Ramadan 1447 H", "23\u201324: Cuti Bersama Hari Raya Idul Fitri (cuti bersama)", "37,5 jam seminggu")
    assert len(page.root.all("table", class_="cal")) == 12
    days = {one.first("span").text: one for one in page.root.all("table", class_="cal")[2].all("td") if one.text}
    assert days["19"].attrs["class"].startswith("is-public")
    assert "Hari Suci Nyepi (libur nasional)" in days["19"].text
    assert "is-joint" in days["18"].attrs["class"]
    assert "is-closed" in days["14"].attrs["class"]
    assert "is-other" in days["17"].attrs["class"]
    assert "is-work" in days["25"].attrs["class"]
    assert sum("is-" in one.attrs.get("class", "") and bool(one.text) for one in page.root.all("td")) >= 365
    assert "2027" in admin.visit(f"{HOME}?tahun=2027").says("perkiraan").heading
    assert admin.visit(f"{HOME}?tahun=999999").heading.endswith("2199")
    assert admin.visit(f"{HOME}?tahun=x").heading.endswith("2026")


# one change, from wish to record --------------------------------------------------------------------------------------


def test_a_change_is_foretold_in_words_then_confirmed_once_and_found_in_the_history(town: Town, admin: Officer) -> None:
    """F18: who, when, why, by which decree, and every due moment that moved, from when to when and by how much."""
    register = open_case(town)
    preview = day_off(admin, decree="SKB 9/2026")
    preview.says("Belum ada yang berubah.", "Ditambah: Rabu, 18 November 2026, Cuti bersama mendadak", register)
    preview.says("langkah 3", "Kamis, 19 November 2026 pukul 16.00 WIB", "Jumat, 20 November 2026 pukul 16.30 WIB")
    preview.says("lebih lambat 1 hari kerja", "Dihitung untuk 1 laporan yang masih terbuka")
    assert not CalendarMove.objects.exists()
    form = apply(preview, "SKB 9/2026 tentang cuti bersama")
    assert form.sent["decree_of"] == ["SKB 9/2026"]
    done = form.send().says("Kalender diterapkan.", "Kalender versi 2", "SKB 9/2026 tentang cuti bersama")
    done.says("Putri Pengelola", "langkah 3", "Jumat, 20 November 2026 pukul 16.30 WIB", "Ditambah: Rabu")
    town.on("wakil-dekan-umum").open(register).says("Jumat, 20 November, 16.30 WIB")
    moved = CalendarMove.objects.count()
    admin.visit(f"{HOME}/riwayat").says("Versi 2", "Putri Pengelola", "SKB 9/2026", str(moved), "Versi 1")
    assert form.send().url == done.url, "the same form again is the same act"
    assert CalendarVersion.objects.count() == 2


def test_a_reason_is_asked_and_what_was_typed_stays(town: Town, admin: Officer) -> None:
    register = open_case(town)
    refused = apply(day_off(admin), "  ").send(expect=422)
    refused.says("Perubahan belum diterapkan", "Isi alasannya", register, "Cuti bersama mendadak")
    assert CalendarVersion.objects.count() == 1
    apply(refused, "Surat edaran").send().says("Kalender diterapkan.")
    again = day_off(admin, "2026-11-19", name="Dies natalis").form("Ubah lagi").send()
    assert again.form("Lihat pratinjau").sent["name"] == ["Dies natalis"]
    assert again.form("Lihat pratinjau").sent["day"] == ["2026-11-19"]


def test_who_comes_second_is_told_who_changed_it_and_sees_a_new_preview(town: Town, admin: Officer) -> None:
    """409: nothing is lost, and nothing is overwritten."""
    register, second = open_case(town), second_admin(town)
    slow = day_off(second, "2026-11-19", name="Libur kedua")
    apply(day_off(admin), "Edaran pertama").send()
    page = apply(slow, "Edaran kedua").send(expect=409)
    page.says("Putri Pengelola mengubah kalender ini pada 16 November 2026, 08.05 WIB", "Edaran pertama", register)
    page.says("Perubahan Anda belum diterapkan", "Libur kedua", "Senin, 23 November 2026 pukul 16.00 WIB")
    assert apply(page).sent["why"] == ["Surat edaran"]
    assert page.form("Ubah lagi").sent["name"] == ["Libur kedua"]
    apply(page, "Edaran kedua").send().says("Kalender diterapkan.", "Kalender versi 3")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"Tanggal": ""}, "Isi tanggalnya."),
        ({"Tanggal": "besok"}, "Tulis tanggal seperti 2026-11-20."),
        ({"Tanggal": "0001-01-01"}, "Tulis tanggal seperti 2026-11-20."),
        ({"Nama hari libur": ""}, "Isi nama hari liburnya."),
        ({"Sampai tanggal": "2026-11-17"}, "Tanggal akhir harus sesudah tanggal awal"),
        ({"Sampai tanggal": "2027-11-17"}, "Tanggal akhir harus sesudah tanggal awal"),
        ({"Tanggal": "2026-12-25", "Nama hari libur": "Hari Raya Natal"}, "sudah tercatat pada tanggal itu"),
    ],
)
def test_a_day_off_that_cannot_be_is_given_back_with_its_reason(
    admin: Officer, typed: dict[str, str], says: str
) -> None:
    form = admin.visit(f"{HOME}/hari").form("Lihat pratinjau")
    form.write("Tanggal", "2026-11-18").write("Nama hari libur", "Libur").write("Nomor keputusan", "K-1")
    for label, words in typed.items():
        form.write(label, words)
    page = form.send(expect=422).says(says, "Yang Anda ketik masih ada di bawah.")
    assert page.form("Lihat pratinjau").sent["decree"] == ["K-1"]
    assert CalendarVersion.objects.count() == 1


def test_days_in_a_row_are_added_changed_and_removed(town: Town, admin: Officer) -> None:
    form = admin.visit(f"{HOME}/hari").form("Lihat pratinjau").write("Tanggal", "2026-11-18")
    form.write("Sampai tanggal", "2026-11-19").write("Nama hari libur", "Dies natalis").pick("Jenis", "Libur setempat")
    apply(form.tick("Masih perkiraan").send()).send()
    assert Holiday.objects.filter(name="Dies natalis", kind="local", estimated=True).count() == 2
    page = admin.visit(f"{HOME}/hari?tanggal=2026-11-19&nama={quote('Dies natalis')}")
    form = page.form("Lihat pratinjau").write("Tanggal", "2026-11-20").write("Nomor keputusan", "K-2")
    form.sent["estimated"] = []
    apply(form.send().says("Dihapus: Kamis, 19 November 2026", "Ditambah: Jumat, 20 November 2026")).send()
    assert Holiday.objects.get(date=date(2026, 11, 20)).decree == "K-2"
    page = admin.visit(f"{HOME}/hari?tanggal=2026-11-20&nama={quote('Dies natalis')}")
    apply(page.form("Hapus hari libur ini").send()).send()
    assert [one.date.day for one in Holiday.objects.filter(name="Dies natalis")] == [18]
    admin.visit(f"{HOME}/hari?tanggal=2026-11-20&nama=x", expect=404)


# hours ----------------------------------------------------------------------------------------------------------------


def test_hours_of_a_week_hold_from_a_day_on_and_ramadan_still_goes_before_them(town: Town, admin: Officer) -> None:
    form = admin.visit(HOME).click("Tambah jam kerja").form("Lihat pratinjau")
    form.write("Nama jam kerja", "Jam 2027").write("Berlaku mulai", "2027-01-01").write(
        "Senin", "08.00-11.00; 12.00-17.00"
    )
    form.write("Jumat", "tutup").write("Sabtu", "08.00 - 12.00")
    preview = form.send().says("Jam baru: Jam 2027 (mulai 1 Januari 2027)", "Senin 08.00\u201311.00, 12.00\u201317.00")
    apply(preview).send()
    periods = current_plan("ub-fmipa").hours[""]
    assert [one.label for one in periods][:3] == ["Jam kerja", "Jam 2027", "Ramadan 1445 H"]
    page = admin.visit(f"{HOME}?tahun=2027").says("Jam 2027", "Ramadan 1448 H")
    assert len(page.root.all("td", class_="is-other")) == 20


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"Senin": "16.00-08.00"}, "tidak benar"),
        ({"Senin": "pagi"}, "tidak dapat dibaca"),
        ({"Senin": "08.00-12.00, 11.00-16.00"}, "bertumpuk"),
        ({"Nama": ""}, "Isi namanya."),
        ({"Berlaku mulai": "2027-01-02", "Hari terakhir": "2027-01-01"}, "berakhir sebelum mulai"),
        (dict.fromkeys(("Senin", "Selasa", "Rabu", "Kamis", "Jumat"), ""), "satu pun jam kerja"),
        ({"Hari terakhir": "2026-11-01"}, "Dalam 400 hari mendatang kalender ini tidak memuat satu pun jam kerja."),
    ],
)
def test_hours_that_cannot_be_counted_by_are_refused_in_words_and_kept(
    admin: Officer, typed: dict[str, str], says: str
) -> None:
    """A calendar with no working time is refused; searches end."""
    OfficeHours.objects.exclude(position=0).delete()
    form = admin.visit(f"{HOME}/jam?masa=0").form("Lihat pratinjau").write("Rabu", "07.00-09.00")
    for label, words in typed.items():
        form.write(label, words)
    page = form.send(expect=422).says(says, "Yang Anda ketik masih ada di bawah.")
    kept = page.form("Lihat pratinjau").sent
    assert kept["wednesday"] == [typed.get("Rabu", "07.00-09.00")]
    assert CalendarVersion.objects.count() == 1


def test_a_unit_gets_hours_of_its_own_and_returns_to_those_of_all(town: Town, admin: Officer) -> None:
    unit = Unit.objects.filter(institution=town.institution).first()
    assert unit is not None
    form = admin.visit(HOME).form("Beri unit jam sendiri").pick("Unit", unit.name).send().form("Lihat pratinjau")
    assert form.sent["monday"] == ["07.30-12.00, 13.00-16.00"]
    apply(form.write("Senin", "09.00-12.00").send().says(f"Jam baru pada {unit.name}")).send().says(unit.name)
    page = admin.visit(HOME).click(unit.name).says(f"Jam kerja {unit.name}", "09.00\u201312.00")
    apply(page.form("Ikuti kembali jam lembaga").send().says("kembali mengikuti jam kerja lembaga")).send()
    assert not OfficeHours.objects.filter(unit=unit).exists()
    admin.visit(f"{HOME}?unit={unit.key}", expect=404)


def test_hours_are_removed_but_never_the_last(admin: Officer) -> None:
    page = admin.visit(f"{HOME}?tahun=2026")
    form = page.form("Hapus Ramadan 1447 H").send().says("Jam tidak berlaku lagi: Ramadan 1447 H")
    apply(form).send()
    assert not OfficeHours.objects.filter(label="Ramadan 1447 H").exists()
    OfficeHours.objects.exclude(position=0).delete()
    assert not admin.visit(HOME).has_form("Hapus Jam kerja")


# holidays of a year ---------------------------------------------------------------------------------------------------


def test_the_holidays_of_another_year_are_taken_over_with_their_decree(admin: Officer) -> None:
    page = admin.visit(HOME).click("Libur nasional 2028").says("Libur nasional dan cuti bersama 2028", "perkiraan")
    form = page.form("Lihat pratinjau").write("Nomor keputusan", "SKB 100/2027")
    left_out = form.sent["day"][:2]
    form.sent["day"] = form.sent["day"][2:]
    apply(form.send().says("SKB 100/2027")).send()
    days = Holiday.objects.filter(date__year=2028)
    assert days.exists()
    assert {(one.kind, one.decree, one.estimated) for one in days} == {("public", "SKB 100/2027", False)}
    left = admin.visit(f"{HOME}/libur?tahun=2028").form("Lihat pratinjau")
    assert left.sent["day"] == left_out
    left.sent["day"] = []
    left.send(expect=422).says("Pilih paling sedikit satu hari.")
    admin.visit(f"{HOME}/libur?tahun=999999", expect=404)


def test_holidays_without_a_decree_stay_estimates(admin: Officer) -> None:
    form = admin.visit(f"{HOME}/libur?tahun=2029").form("Lihat pratinjau")
    apply(form.send()).send()
    assert set(Holiday.objects.filter(date__year=2029).values_list("estimated", flat=True)) == {True}


def test_joint_leave_becomes_working_time_by_one_switch(town: Town, admin: Officer) -> None:
    page = admin.visit(HOME).form("Jadikan hari kerja").send().says("Cuti bersama menjadi hari kerja.")
    apply(page).send()
    page = admin.visit(f"{HOME}?tahun=2026").says("Cuti bersama adalah hari kerja.", "tetap bekerja")
    assert not page.root.all("td", class_="is-joint")
    assert {one.kind for one in current_plan("ub-fmipa").holidays} >= {HolidayKind.JOINT_LEAVE}
    page = page.form("Jadikan hari libur").send()
    page.form("Terapkan kalender")


# what no page of ours sends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        {"what": ["entah"]},
        {"what": ["hapus-hari"], "was_date": ["2026-01-01"], "was_name": ["x"]},
        {"what": ["hapus-jam"], "position": ["99"]},
        {"what": ["hapus-jam"], "position": ["-1"]},
        {"what": ["ikut"], "unit": ["entah"]},
        {"what": ["jam"], "unit": ["entah"]},
        {"what": ["libur"], "year": ["99999"]},
        {"what": ["cuti"], "off": ["tidak"], "step": ["apply"], "seen": ["x"]},
    ],
)
def test_what_no_page_sends_is_not_found(admin: Officer, sent: dict[str, list[str]]) -> None:
    form = admin.visit(HOME).form("Jadikan hari kerja")
    form.sent = {"csrfmiddlewaretoken": form.sent["csrfmiddlewaretoken"], **sent}
    form.send(expect=404)


def test_a_wish_that_changes_nothing_says_so(admin: Officer) -> None:
    form = admin.visit(HOME).form("Jadikan hari kerja").put("off", "ya")
    form.send(expect=422).says("Kalender tidak diubah", "Kalender sudah berbunyi demikian")
    admin.visit(f"{HOME}/ubah").says("Kalender kerja")


def test_a_confidential_case_is_counted_but_not_named(town: Town, admin: Officer) -> None:
    register = open_case(town)
    from tanggap.records.models import Case

    Case.objects.filter(register=register).update(confidential=True)
    preview = day_off(admin).says("Laporan rahasia").says_not(register)
    done = apply(preview).send().says("Laporan rahasia").says_not(register)
    assert done.status == 200


def test_the_pages_speak_english_too(admin: Officer) -> None:
    admin.visit(HOME).form("EN").send()
    page = admin.visit(f"{HOME}?tahun=2026").says("Working calendar 2026", "joint leave", "Office hours")
    page.says_not("Hari libur", "Jam kerja tahun lain")
