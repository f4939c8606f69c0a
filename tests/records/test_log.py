"""The event log: append-only, chained, and the only source of what is shown."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import worlds
from tanggap.actions.cases import THE_COMPLAINANT, THE_ENGINE
from tanggap.casework.commands import Complete, Contact, Expire
from tanggap.records import chain, fences, store
from tanggap.records.models import Attachment, Case, CaseEvent, Duty, Identity, IdentityReveal, Message, SopVersion
from tanggap.records.verification import Flaw, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


def lived(world: worlds.World) -> Case:
    """A case that went through the hands of everybody, with a return."""
    receipt = world.receive()
    world.complete(receipt.case, "2#1", "operator-mipa-care", choice="ya")
    world.complete(receipt.case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("departemen-fisika",)})
    world.complete(receipt.case, "4#1", "kadep-fisika")
    world.complete(receipt.case, "5#1", "wakil-dekan-umum", choice="tidak", reason="belum menjawab permintaan")
    world.complete(receipt.case, "4#2", "kadep-fisika")
    return Case.objects.get(pk=receipt.case)


def flaws(world: worlds.World) -> list[Flaw]:
    return list(verify(at=world.at))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_caseevent SET kind = 'Closed'",
        "DELETE FROM records_caseevent",
        "UPDATE records_identityreveal SET reason = 'lain'",
        "DELETE FROM records_identityreveal",
        "UPDATE records_sopversion SET text = 'lain'",
        "UPDATE records_sopversion SET approved_at = NULL",
        "DELETE FROM records_sopversion",
    ],
)
def test_the_database_itself_refuses_to_change_what_must_stay(world: worlds.World, statement: str) -> None:
    case = Case.objects.get(pk=world.receive().case)
    IdentityReveal.objects.create(case=case, user=world.desk, at=world.at, reason="surat")
    with pytest.raises(DatabaseError, match=r"append-only|approved SOP"), transaction.atomic():
        connection.cursor().execute(statement)
    assert not flaws(world)


def test_a_draft_of_an_sop_may_still_be_changed_and_a_version_withdrawn(world: worlds.World) -> None:
    SopVersion.objects.create(
        institution=world.institution, sop_id="draf", hash="0" * 64, text="", imported_at=world.at
    )
    SopVersion.objects.filter(sop_id="draf").update(text="lain")
    SopVersion.objects.filter(sop_id="draf").delete()
    SopVersion.objects.filter(pk=world.version.pk).update(withdrawn_at=world.at)


def test_a_missing_fence_is_a_flaw(world: worlds.World) -> None:
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON records_caseevent"
        cursor.execute(f"DROP TRIGGER records_caseevent_update{on}")
    assert [flaw.where for flaw in flaws(world)] == ["records_caseevent_update"]


def _edit(row: CaseEvent, rng: random.Random) -> dict[str, Any]:
    return rng.choice(
        [
            {"data": row.data.replace("}", ',"x":1}')},
            {"by": "u999"},
            {"kind": "Noted"},
            {"happened_at": row.happened_at - timedelta(minutes=rng.randint(1, 500))},
            {"recorded_at": row.recorded_at + timedelta(microseconds=1)},
            {"key": "0" * 32},
            {"digest": "1" * 64},
            {"private": "2" * 64},
            {"prev": "3" * 64},
            {"hash": "4" * 64},
        ]
    )


@pytest.mark.parametrize("seed", range(20))
def test_every_edit_of_a_line_is_found(world: worlds.World, seed: int) -> None:
    rng, case = random.Random(seed), lived(world)
    row = rng.choice(list(CaseEvent.objects.filter(case=case)))
    with fences.lowered(connection):
        CaseEvent.objects.filter(pk=row.pk).update(**_edit(row, rng))
    found = flaws(world)
    assert found[0].kind == "chain"
    assert found[0].where == case.register
    assert found[0].seq in (row.seq, row.seq + 1)


def test_a_line_edited_together_with_its_hash_is_found_at_the_next_line(world: worlds.World) -> None:
    case = lived(world)
    row = CaseEvent.objects.get(case=case, seq=3)
    row.by = "u999"
    with fences.lowered(connection):
        CaseEvent.objects.filter(pk=row.pk).update(by=row.by, hash=chain.link(row))
    assert (flaws(world)[0].kind, flaws(world)[0].seq) == ("chain", 4)


@pytest.mark.parametrize("which", ["first", "middle", "last", "all"])
def test_every_removed_line_is_found(world: worlds.World, which: str) -> None:
    case = lived(world)
    lines = CaseEvent.objects.filter(case=case)
    count = lines.count()
    seq = {"first": 1, "middle": count // 2, "last": count, "all": 1}[which]
    with fences.lowered(connection):
        (lines if which == "all" else lines.filter(seq=seq)).delete()
    found = flaws(world)
    assert (found[0].kind, found[0].seq) == ("chain", seq)


def test_an_inserted_line_and_two_lines_exchanged_are_found(world: worlds.World) -> None:
    case = lived(world)
    last = CaseEvent.objects.filter(case=case).last()
    assert last is not None
    added = CaseEvent(
        case=case, seq=last.seq + 1, kind="Noted", data='{"message":"x"}', happened_at=world.at, recorded_at=world.at,
        by="u1", prev=last.hash,
    )  # fmt: skip
    added.hash = chain.link(added)
    with transaction.atomic():
        added.save()
        assert (flaws(world)[0].kind, flaws(world)[0].seq) == ("chain", last.seq + 2)
        transaction.set_rollback(True)
    third, fourth = CaseEvent.objects.filter(case=case, seq__in=(3, 4))
    with fences.lowered(connection):
        CaseEvent.objects.filter(pk=third.pk).update(seq=999)
        CaseEvent.objects.filter(pk=fourth.pk).update(seq=3)
        CaseEvent.objects.filter(pk=third.pk).update(seq=4)
    assert (flaws(world)[0].kind, flaws(world)[0].seq) == ("chain", 3)


def test_what_was_promised_and_the_register_number_belong_to_the_chain(world: worlds.World) -> None:
    case = lived(world)
    Case.objects.filter(pk=case.pk).update(promise_due_at=world.at + timedelta(days=90))
    assert (flaws(world)[0].kind, flaws(world)[0].seq) == ("chain", 1)


@pytest.mark.parametrize("what", ["text", "author", "removed", "added", "identity"])
def test_content_that_was_changed_is_found_though_it_is_encrypted(world: worlds.World, what: str) -> None:
    case = lived(world)
    reason = Message.objects.get(case=case, kind="reason")
    if what == "text":
        Message.objects.filter(pk=reason.pk).update(ciphertext=b"\0" * 40)
    elif what == "author":
        Message.objects.filter(pk=reason.pk).update(author="u1")
    elif what == "removed":
        reason.delete()
    elif what == "added":
        reason.pk = "palsu"
        reason.save(force_insert=True)
    else:
        Identity.objects.filter(case=case).update(ciphertext=b"\0" * 40)
    assert {flaw.kind for flaw in flaws(world)} == {"content"}


def test_erased_content_leaves_the_chain_whole(world: worlds.World) -> None:
    case = lived(world)
    Message.objects.filter(case=case).update(ciphertext=None, erased_at=world.at)
    Identity.objects.filter(case=case).update(ciphertext=None, erased_at=world.at)
    assert not flaws(world)


def test_a_case_that_vanished_leaves_a_hole_in_the_register(world: worlds.World) -> None:
    """S4-5: the register has no gaps, and a gap is found."""
    gone = Case.objects.get(pk=world.receive().case)
    world.receive()
    with fences.lowered(connection):
        CaseEvent.objects.filter(case=gone).delete()
        gone.delete()
    assert [(flaw.kind, flaw.says) for flaw in flaws(world)] == [("register", "Nomor register 1 tahun 2026 tidak ada.")]


@pytest.mark.parametrize("table", ["case", "duty", "late duty", "post", "party"])
def test_a_changed_projection_is_found_and_repaired_from_the_log(world: worlds.World, table: str) -> None:
    case = lived(world)
    if table == "case":
        Case.objects.filter(pk=case.pk).update(status="closed")
    elif table == "duty":
        Duty.objects.filter(case=case).delete()
    elif table == "late duty":
        Duty.objects.filter(case=case).update(due_at=world.at + timedelta(days=99))
    elif table == "post":
        Duty.objects.get(case=case).posts.update(name="dekan")
    else:
        case.parties.all().delete()
    found = flaws(world)
    assert [flaw.kind for flaw in found] == ["deadline" if table == "late duty" else "projection"]
    assert store.reproject(case.pk, at=world.at)
    assert not flaws(world)
    assert not store.reproject(case.pk, at=world.at)


def test_a_file_that_was_changed_or_is_gone_is_found(world: worlds.World) -> None:
    from tanggap.actions.contents import Upload
    from tanggap.records import files

    receipt = world.receive(files=(Upload("bukti.txt", b"isi bukti"), Upload("lain.txt", b"isi lain")))
    assert not flaws(world)
    changed, gone = Attachment.objects.filter(case=receipt.case)
    path = files.path_of(changed.pk)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    files.erase(gone.pk)
    assert [flaw.kind for flaw in flaws(world)] == ["file", "file"]


@pytest.mark.parametrize("key", ["ub-fmipa", "unej-uc3", "its-bapkm", "unmul-ft", "unesa-feb"])
@pytest.mark.parametrize("seed", range(3))
def test_after_any_walk_the_rows_are_what_the_log_says(key: str, seed: int) -> None:
    """fold(log) == row, in every institution, whatever people did (X-1)."""
    world, rng = worlds.build(key), random.Random(seed)
    cases = [world.receive(channel=rng.choice(["web", "telepon", "surat"])).case for _ in range(3)]
    for _ in range(25):
        _do_something(world, rng, rng.choice(cases))
        world.later(hours=rng.choice([0, 1, 5, 30]))
    assert not flaws(world)


def _do_something(world: worlds.World, rng: random.Random, case: Any) -> None:
    from tanggap.casework.refusals import Refused

    log = store.load(case)
    visits = log.state.open_visits()
    try:
        if not visits or rng.random() < 0.15:
            world.act(rng.choice([Expire()]), case, THE_ENGINE)
            return
        if rng.random() < 0.1:
            world.act(Contact("web"), case, THE_COMPLAINANT)
            return
        visit = rng.choice(visits)
        sop = worlds.SopVersion.objects.get(hash=log.state.sop)
        step = _step(sop, log.state, visit.row)
        posts = [post for group in visit.groups for post in group.posts]
        choice = rng.choice(step.choices).id if step.is_decision else ""
        sets = {name: rng.choice(_values(sop, name)) for name in step.sets}
        binds = {role: (rng.choice(sorted(world.on)),) for role in step.binds}
        if posts:
            words = {"answer": "ini jawabannya", "reason": "ini alasannya"}
            world.complete(case, visit.id, posts[0], choice=choice, sets=sets, binds=binds, **words)
        else:
            world.act(Complete(visit.id, choice=choice), case, THE_COMPLAINANT)
    except Refused:
        pass


def _step(version: SopVersion, state: Any, row: str) -> Any:
    from tanggap.sop.load import load

    return load(version.text, name="x").procedure(state.procedure).step(row)


def _values(version: SopVersion, name: str) -> tuple[str, ...]:
    from tanggap.sop.load import load

    return load(version.text, name="x").attribute_values(name) or ("x",)
