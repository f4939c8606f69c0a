"""Institutions, SOP versions, calendars, accounts: what is set up, and what a change of it does to what runs."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

import worlds
from tanggap.actions.accounts import create_account
from tanggap.actions.calendars import renew_calendar
from tanggap.actions.organisation import (
    OrganisationRefused,
    import_organisation,
    seed_organisation,
    seed_organisations,
)
from tanggap.actions.setup import WrongCode, create_first_account, pending_code, remember_keys
from tanggap.actions.sops import AlreadyApproved, approve, import_sop, withdraw
from tanggap.records import queries
from tanggap.records.models import (
    CalendarVersion,
    Case,
    Column,
    Duty,
    Holiday,
    Installation,
    Institution,
    Post,
    SopVersion,
    Unit,
    User,
)
from tanggap.records.verification import verify
from tanggap.sop.errors import SopErrors
from tanggap.sop.load import load

KEYS = ["ub-fmipa", "unej-uc3", "its-bapkm", "unmul-ft", "unesa-feb"]
SEEDS = files("tanggap") / "seeds"


def sop_text(key: str) -> str:
    (file,) = [file for file in (SEEDS / "sop").iterdir() if file.name.startswith(key) and file.name.endswith(".toml")]
    return file.read_text("utf-8")


def test_five_institutions_come_with_tanggap_in_their_order() -> None:
    assert seed_organisations() == KEYS


@pytest.mark.django_db
@pytest.mark.parametrize("key", KEYS)
def test_every_column_of_the_institutions_sop_has_a_post_and_every_ladder_ends_at_the_fallback(key: str) -> None:
    """S0-10, S3-8, S3-14, X-1."""
    world = worlds.build(key)
    sop = load(world.version.text, name=key)
    staffed = {role.id for role in sop.roles if str(role.party or "") not in {"complainant", "outside"}}
    assert set(Column.objects.filter(sop_id=sop.id).values_list("role", flat=True)) == staffed
    fallback = Post.objects.get(is_fallback=True)
    for post in Post.objects.exclude(pk=fallback.pk):
        seen = {post.pk}
        above = post.superior
        while above is not None and above.pk not in seen:
            seen.add(above.pk)
            last, above = above, above.superior
        assert last == fallback, f"{post} does not lead to the fallback"
    assert Unit.objects.filter(may_be_complained_of=True).count() >= 5
    for unit in Unit.objects.filter(may_be_complained_of=True, children=None):
        assert unit.posts.exists(), f"{unit} has nobody to clarify"


@pytest.mark.django_db
def test_clocks_run_in_the_institutions_own_zone() -> None:
    """S3-16: the Faculty of Engineering works in WITA."""
    seed_organisation("unmul-ft", at=worlds.MONDAY)
    calendar = queries.calendar_of("unmul-ft")
    assert calendar.zone == "Asia/Makassar"
    opening = calendar.next_open(datetime(2026, 11, 16, 0, 0, tzinfo=ZoneInfo("Asia/Makassar")))
    assert opening.isoformat() == "2026-11-16T07:30:00+08:00"
    with pytest.raises(LookupError):
        queries.calendar_of("entah")


@pytest.mark.django_db
def test_reading_an_organisation_again_changes_what_differs_and_doubles_nothing() -> None:
    institution = seed_organisation("ub-fmipa", at=worlds.MONDAY)
    before = (Unit.objects.count(), Post.objects.count(), Column.objects.count(), CalendarVersion.objects.count())
    revision = institution.revision
    again = seed_organisation("ub-fmipa", at=worlds.MONDAY)
    assert again.revision != revision
    assert before == (
        Unit.objects.count(), Post.objects.count(), Column.objects.count(), CalendarVersion.objects.count(),
    )  # fmt: skip


MISTAKES = {
    "key": ({"name": ""}, "wajib ada"),
    "unknown": ({"sandi": "x"}, "tidak dikenal"),
    "doubled": ({"unit": [{"key": "a", "name": "A"}], "post": [{"key": "a", "name": "A"}]}, "lebih dari sekali"),
    "superior": ({"post": [{"key": "a", "name": "A", "superior": "b"}]}, "Jabatan “b”"),
    "unit": ({"post": [{"key": "a", "name": "A", "unit": "b"}]}, "Unit “b”"),
    "column": ({"column": {"sop": {"peran": ["x"]}}}, "Jabatan “x”"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistaken_organisation_is_refused_in_a_sentence_and_leaves_nothing(what: str) -> None:
    more, says = MISTAKES[what]
    with pytest.raises(OrganisationRefused, match=says):
        import_organisation({"key": "x", "name": "X", "short_name": "X", **more}, at=worlds.MONDAY)
    assert not Institution.objects.exists()


# SOP versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_running_case_stays_on_its_version_and_new_ones_begin_under_the_new() -> None:
    """S1-12: the revision of 11 January 2022 supersedes that of 15 February 2021."""
    world = worlds.build("unej-uc3")
    old = world.receive().case
    text = sop_text("unej-uc3").replace('time = "1 jam"', 'time = "3 jam"')
    version = import_sop(world.institution, text, name="uc3.toml", at=world.at)
    assert [line.hash for line in queries.current_sops("unej-uc3", at=world.at)] == [world.version.hash]
    approve(version, at=world.later(hours=1))
    new = world.receive().case
    hashes = {pk: str(sop) for pk, sop in Case.objects.values_list("pk", "sop_hash")}
    assert hashes == {old: world.version.hash, new: version.hash}
    for case in (old, new):
        world.complete(case, "terima#1", "staf-humas", choice="tidak")
    due = {duty.case_id: duty.due_at - duty.opened_at for duty in Duty.objects.all() if duty.due_at}
    assert (due[old], due[new]) == (timedelta(hours=1), timedelta(hours=3))
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_a_version_with_a_later_effective_date_waits_for_it() -> None:
    institution = seed_organisation("ub-fmipa", at=worlds.MONDAY)
    text = sop_text("ub-fmipa").replace("effective_date = 2022-01-03", "effective_date = 2026-12-01")
    version = approve(import_sop(institution, text, name="x", at=worlds.MONDAY), at=worlds.MONDAY)
    assert version.effective_at == datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert queries.current_sops("ub-fmipa", at=worlds.MONDAY) == []
    assert len(queries.current_sops("ub-fmipa", at=worlds.MONDAY + timedelta(days=20))) == 1


@pytest.mark.django_db
def test_a_withdrawn_version_takes_no_new_complaint_and_finishes_the_old() -> None:
    world = worlds.build()
    case = world.receive().case
    withdraw(world.version, at=world.at)
    assert queries.current_sops("ub-fmipa", at=world.at) == []
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    assert Case.objects.get(pk=case).seq > 4


@pytest.mark.django_db
def test_an_sop_is_kept_once_approved_once_and_a_broken_file_not_at_all() -> None:
    institution = seed_organisation("ub-fmipa", at=worlds.MONDAY)
    one = import_sop(institution, sop_text("ub-fmipa"), name="x", at=worlds.MONDAY)
    assert import_sop(institution, sop_text("ub-fmipa"), name="y", at=worlds.MONDAY) == one
    approve(one, at=worlds.MONDAY)
    with pytest.raises(AlreadyApproved):
        approve(one, at=worlds.MONDAY)
    with pytest.raises(SopErrors):
        import_sop(institution, "format = 1\n[sop", name="rusak.toml", at=worlds.MONDAY)
    assert SopVersion.objects.count() == 1


# calendars ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_holiday_moves_what_is_open_by_a_recorded_version_and_nothing_that_is_closed() -> None:
    """A cuti bersama decreed while cases run."""
    world = worlds.build()
    closed, case = world.receive().case, world.receive().case
    world.complete(closed, "2#1", "operator-mipa-care", choice="tidak", answer="sudah")
    world.act(worlds.Complete("7#1"), closed, worlds_complainant())
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    before = Duty.objects.get(case=case).due_at
    assert before is not None
    Holiday.objects.create(
        institution=world.institution, date=date(2026, 11, 18), name="Cuti bersama", kind="joint_leave", decree="SKB 9"
    )
    assert Duty.objects.get(case=case).due_at == before, "rows alone change nothing"
    assert renew_calendar(world.institution, at=world.at, by="u1", why="SKB 9") == 1
    after = Duty.objects.get(case=case).due_at
    assert after == before + timedelta(days=1) + timedelta(minutes=30)  # Thursday 16.00 -> Friday 16.30
    assert renew_calendar(world.institution, at=world.at, by="u1", why="lagi") == 0
    last = CalendarVersion.objects.last()
    assert last is not None
    assert (last.made_by, last.why) == ("u1", "SKB 9")
    assert not list(verify(at=world.at))


def worlds_complainant() -> object:
    from tanggap.actions.cases import THE_COMPLAINANT

    return THE_COMPLAINANT


# accounts -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_account_needs_the_code_of_the_terminal_which_dies_with_it() -> None:
    """No default password, a one-time code."""
    code = pending_code()
    assert code is not None
    assert pending_code() == code
    facts = {"username": "ketua", "email": "ketua@kampus.example", "password": "kuda-baterai-staples", "full_name": "K"}
    for wrong in ("", "0000-0000-0000-0000", code[:-1]):
        with pytest.raises(WrongCode):
            create_first_account(wrong, **facts)
    user = create_first_account(code.lower(), **facts)
    assert user.check_password(facts["password"])
    assert pending_code() is None
    with pytest.raises(WrongCode):
        create_first_account(code, **{**facts, "username": "kedua"})
    institution = seed_organisation("ub-fmipa", at=worlds.MONDAY)
    part = queries.reader(User.objects.get(), at=worlds.MONDAY).part(institution.pk)
    assert part.admin
    assert not part.reads_all


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["pendek", "password123", "1234567890", "ketua-kampus"])
def test_a_weak_password_is_refused_and_no_account_is_left(password: str) -> None:
    with pytest.raises(ValidationError):
        create_account(username="ketua-kampus", email="k@kampus.example", password=password, full_name="K")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_name_is_taken_once_and_long_or_odd_passwords_are_welcome() -> None:
    for number, password in enumerate(("x1 " * 40, "sangat rahasia 🙂🙂🙂")):
        made = create_account(username=f"u{number}", email=f"u{number}@x.example", password=password, full_name="")
        assert made.check_password(password)
    with pytest.raises(ValidationError):
        create_account(username="u0", email="lain@x.example", password="kuda-baterai-staples", full_name="")


@pytest.mark.django_db
def test_another_key_directory_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from django.conf import settings

    assert remember_keys(at=worlds.MONDAY)
    assert remember_keys(at=worlds.MONDAY)
    assert Installation.objects.count() == 1
    monkeypatch.setattr(settings, "TANGGAP_KEYS", tmp_path / "lain")  # type: ignore[operator]
    assert not remember_keys(at=worlds.MONDAY)


def test_every_seed_organisation_is_toml_with_known_keys() -> None:
    for key in KEYS:
        data = tomllib.loads((SEEDS / "organisation" / f"{key}.toml").read_text("utf-8"))
        assert data["key"] == key
        assert 0 < data["accent"]["chroma"] <= 0.13
