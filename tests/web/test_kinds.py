"""Kinds of report: a list that every institution lets grow by its own names, each counted as one of the usual."""

from __future__ import annotations

import pytest

from tanggap.actions.cases import act
from tanggap.actions.contents import new_content
from tanggap.casework.commands import Classify
from tanggap.records.models import Case, Institution, Membership, OrganisationAct, User
from town import Officer, Town

STORY = "Mohon salinan jadwal ujian."


@pytest.fixture
def admin(town: Town) -> Officer:
    """Who arranges the institution."""
    user = User.objects.create(username="pengelola", full_name="Putri Pengelola")
    Membership.objects.create(institution=town.institution, user=user, admin=True)
    return Officer(user, address="198.51.100.77")


def add(admin: Officer, label: str = "Permohonan informasi", like: str = "Pertanyaan", *, expect: int = 200) -> object:
    form = admin.visit("/organisasi/ub-fmipa/jenis").form("Simpan")
    return form.write("Nama jenis", label).pick("Dihitung sebagai", like).send(expect=expect)


def test_a_kind_that_was_added_is_offered_and_the_case_goes_by_the_usual_one(town: Town, admin: Officer) -> None:
    """S1-2: pertanyaan, keluhan, saran, dan sebagainya."""
    add(admin).says("Permohonan informasi", "Pertanyaan")
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Permohonan informasi").says("Permohonan informasi")
    case = town.case(rani.register)
    assert (case.kind, case.attributes["sort"]) == ("question", "permohonan-informasi")
    town.give("operator-mipa-care", desk=True)
    town.on("operator-mipa-care").open(rani.register).says("Permohonan informasi")
    form = town.on("operator-mipa-care").visit("/catat").form("Catat dan cetak tanda terima")
    form.write("Uraian", STORY).pick("Jenis", "Permohonan informasi").send().says("Permohonan informasi")
    assert set(Case.objects.values_list("kind", flat=True)) == {"question"}
    assert "Permohonan informasi" in admin.visit("/organisasi/ub-fmipa/riwayat").text
    assert OrganisationAct.objects.get().kind == "kind"


def test_a_kind_that_is_offered_no_more_stays_the_name_of_what_came_under_it(town: Town, admin: Officer) -> None:
    """S1-2."""
    add(admin)
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Permohonan informasi")
    admin.visit("/organisasi/ub-fmipa/jenis").form("Tidak ditawarkan lagi Permohonan informasi").send()
    assert "Permohonan informasi" not in town.complainant().visit("/lapor/ub-fmipa").text
    town.give("operator-mipa-care", desk=True)
    town.on("operator-mipa-care").open(rani.register).says("Permohonan informasi")
    add(admin)
    assert [one["key"] for one in Institution.objects.get(key="ub-fmipa").kinds] == [
        "permohonan-informasi", "permohonan-informasi-2",
    ]  # fmt: skip


def test_a_report_that_is_of_another_kind_after_all_goes_by_the_name_of_that(town: Town, admin: Officer) -> None:
    """S1-2: what the page says is what the SOP and the law count it as."""
    add(admin)
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Permohonan informasi")
    town.give("operator-mipa-care", desk=True)
    reason = new_content("reason", "Ternyata keluhan.", author="operator", key="k1")
    other = Classify("kind", "complaint", reason.id)
    user = User.objects.get(holdings__post__key="operator-mipa-care")
    act(other, case=town.case(rani.register).pk, by=user, at=town.clock.now, key="k1", contents=(reason,))
    town.on("operator-mipa-care").open(rani.register).says("Keluhan").says_not("Permohonan informasi")


def test_the_same_name_twice_and_no_name_are_told_at_the_field(town: Town, admin: Officer) -> None:
    add(admin)
    add(admin, "permohonan INFORMASI", expect=422).says("Jenis dengan nama itu sudah ada.")
    add(admin, " ", expect=422).says("Isi namanya.")


def test_nobody_else_changes_the_list(town: Town, admin: Officer) -> None:
    town.on("operator-mipa-care").visit("/organisasi/ub-fmipa/jenis", expect=404)
