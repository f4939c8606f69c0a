"""Another version of the SOP comes into force while a hundred cases stand at every row."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

import worlds
from tanggap.actions import deadlines, intake
from tanggap.actions.sops import approve, import_sop, withdraw
from tanggap.casework.commands import Migrate
from tanggap.casework.refusals import Refused
from tanggap.records import store
from tanggap.records.models import Case, Column, Duty, SopVersion
from tanggap.records.verification import verify
from tanggap.sop.seeds import text

pytestmark = pytest.mark.django_db
OPERATOR, LEADER, OTHER = "operator-mipa-care", "wakil-dekan-umum", "kasubbag-akademik"
WAY = (
    ("2#1", OPERATOR, {"choice": "ya"}),
    ("3#1", LEADER, {"binds": {"dikomplain": (OTHER,)}}),
    ("4#1", OTHER, {}),
    ("5#1", LEADER, {"choice": "ya"}),
    ("6#1", OPERATOR, {"answer": "Nilai sudah terbit."}),
)
ROWS = ("2", "3", "4", "5", "6", "7")


def next_version(world: worlds.World) -> SopVersion:
    """Row 4 is called otherwise and has half a day; the role of row 3 is another; the old one is withdrawn."""
    changed = text("ub-fmipa-mipa-care").replace('no = "4"', 'id = "klarifikasi"\nno = "4"', 1)
    changed = changed.replace('next = "4"', 'next = "klarifikasi"').replace('time = "1 Hari"', 'time = "4 Jam"')
    changed = changed.replace('"pimpinan"', '"atasan"').replace('number = "UN10/', 'number = "BARU/UN10/', 1)
    made = import_sop(world.institution, changed, name="baru.toml", at=world.at)
    leader = world.institution.posts.get(key=LEADER)
    Column.objects.create(institution=world.institution, sop_id=made.sop_id, role="atasan", post=leader)
    withdraw(world.version, at=world.at)
    approve(made, at=world.at)
    return made


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> worlds.World:
    monkeypatch.setattr(intake, "hash_code", lambda code: "$argon2id$")  # nobody opens these by code
    return worlds.build()


def finish(world: worlds.World, case: UUID, n: int) -> None:
    visit, post, more = WAY[n]
    world.complete(case, visit, post, **more)


def at_every_row(world: worlds.World, *, each: int) -> dict[str, list[UUID]]:
    """The cases, by the row at which they stand."""
    found: dict[str, list[UUID]] = {}
    for done, row in enumerate(ROWS):
        found[row] = [world.receive().case for _ in range(each)]
        for case in found[row]:
            for n in range(done):
                finish(world, case, n)
    return found


def stands() -> list[tuple[object, ...]]:
    """Everything that a version says of the cases."""
    duties = Duty.objects.order_by("pk").values_list("case", "name", "no", "what", "due_at", "posts__name")
    return [*duties, *Case.objects.order_by("pk").values_list("pk", "sop_hash", "seq", "next_moment")]


def test_running_cases_stay_on_the_version_they_began_with_until_somebody_moves_them(world: worlds.World) -> None:
    """F19, I10: nothing moves by itself, the old version finishes what it began, and a move is an event with a map."""
    cases = at_every_row(world, each=17)
    assert Case.objects.count() == 102
    before = stands()
    new = next_version(world)
    assert stands() == before
    assert not list(verify(at=world.at))

    begun = world.receive().case
    assert Case.objects.get(pk=begun).sop_hash == new.hash
    for done, row in enumerate(ROWS[:-1]):  # one of each goes on, by the old
        finish(world, cases[row][0], done)
        log = store.load(cases[row][0])
        assert (log.row.sop_hash, log.state.open) == (world.version.hash, {ROWS[done + 1]: f"{ROWS[done + 1]}#1"})

    # row 4 has no row of its name there: somebody must say which
    with pytest.raises(Refused, match="rows_not_mapped"):
        world.act(Migrate(new.hash, log.state.procedure), cases["4"][1], world.coordinator)
    still = stands()
    assert {row[1] for row in still if row[0] == cases["4"][1] and len(row) == 4} == {world.version.hash}


def test_a_move_to_the_new_version_is_an_act_with_a_map_and_brings_its_times(world: worlds.World) -> None:
    """F19: one of each row moves; those beside it do not."""
    cases = at_every_row(world, each=2)
    new = next_version(world)
    procedure = store.load(cases["2"][0]).state.procedure
    untouched = [row for row in stands() if row[0] not in {group[0] for group in cases.values()}]
    for row, group in cases.items():
        rows = {"4": "klarifikasi"} if row == "4" else {}
        acted = world.act(Migrate(new.hash, procedure, rows), group[0], world.coordinator)
        assert acted.entries[0].event.kind == "Migrated"
        moved = store.load(group[0])
        assert (moved.state.sop, list(moved.state.open)) == (new.hash, [rows.get(row, row)])
    clarified = Duty.objects.get(case=cases["4"][0])
    assert (clarified.row, clarified.due_at) == ("klarifikasi", clarified.opened_at + timedelta(hours=4))
    assert Duty.objects.get(case=cases["4"][1]).due_at != clarified.due_at
    assert [row for row in stands() if row[0] not in {group[0] for group in cases.values()}] == untouched
    finish(world, cases["3"][0], 1)
    assert list(store.load(cases["3"][0]).state.open) == ["klarifikasi"], "and goes on by the new"
    assert not list(verify(at=world.at))


def test_time_goes_on_by_the_version_a_case_began_with(world: worlds.World) -> None:
    """F19: half a day later the new standard of row 4 has passed, and the old one has not."""
    case = world.receive().case
    for n in range(2):
        finish(world, case, n)
    new = next_version(world)
    other = world.receive().case
    for n in range(2):
        finish(world, other, n)
    assert Duty.objects.get(case=other).row == "klarifikasi"
    deadlines.expire_due(at=world.later(hours=5))
    assert (Case.objects.get(pk=case).late, Case.objects.get(pk=other).late) == (False, True)
    assert Case.objects.get(pk=other).sop_hash == new.hash
    assert not list(verify(at=world.at))
