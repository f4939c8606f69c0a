"""Whom a reminder and an eskalasi reach, when, and that each leaves once: one worker or two, awake or long away."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from threading import Thread
from typing import Any

import pytest
from django.db import connection

import worlds
from tanggap.actions import cases, deadlines
from tanggap.actions.cases import NotVisible
from tanggap.actions.letters import compose
from tanggap.actions.organisation import changed
from tanggap.actions.outbox import claim, due
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Assign, Bind, Complete, Respond, Take
from tanggap.records import queries
from tanggap.records.access import visible_cases
from tanggap.records.models import Duty, Holder, Membership, Outbox
from tanggap.records.verification import verify

pytestmark = pytest.mark.django_db
FIRST = "terima#1"


@pytest.fixture
def world(settings: Any) -> worlds.World:
    settings.TANGGAP_SENDS_MAIL = True
    return worlds.build("unej-uc3")


def pass_by(world: worlds.World, **span: float) -> None:
    """Time passes, and the worker looks at least fifty times meanwhile."""
    whole = timedelta(**span)
    end = world.at + whole
    while world.at < end:
        world.at = min(end, world.at + whole / 50)
        while deadlines.expire_due(at=world.at).done:
            pass


def told(case: Any, *kinds: str) -> list[tuple[str, str, str, str]]:
    """Kind, reader, state and why of the notices of these kinds, in order."""
    rows = Outbox.objects.filter(case=case, kind__in=kinds or ("reminded", "escalated", "alarm")).order_by("pk")
    return [(row.kind, row.recipient, row.state, row.why) for row in rows]


def rungs_of(case: Any) -> list[tuple[str, str]]:
    """Who was reminded, told that it is late, and rung above, in order."""
    return [(kind, who) for kind, who, *_ in told(case, "reminded", "late", "escalated")]


def vacate(world: worlds.World, *posts: str) -> None:
    Holder.objects.filter(post__key__in=posts, post__institution=world.institution).delete()
    changed(world.institution)


def test_a_rung_reaches_the_superior_once_and_lets_them_see_the_case(world: worlds.World) -> None:
    """S1-9: the performers are reminded before it is late, then their superiors are told one by one, once each."""
    case, staff = world.receive().case, world.on["staf-humas"]
    wakor, head = world.on["wakor-pkih"], world.on["koordinator-pkih"]
    assert not visible_cases(world.reader(wakor)).filter(pk=case).exists()
    with pytest.raises(NotVisible):
        world.act(Assign(FIRST, ("wakor-pkih",)), case, wakor)
    pass_by(world, minutes=10)
    assert told(case) == [
        ("reminded", staff.person, "queued", ""), ("escalated", wakor.person, "queued", ""),
    ]  # fmt: skip
    assert told(case, "late") == [("late", staff.person, "queued", "")]
    assert visible_cases(world.reader(wakor)).filter(pk=case).exists()
    assert not visible_cases(world.reader(head)).filter(pk=case).exists()
    pass_by(world, days=8)
    people = [reader for kind, reader, _state, _why in told(case) if kind == "escalated"]
    assert people == [wakor.person, head.person, world.on["kabiro-iii"].person]
    assert not list(verify(at=world.at))
    world.act(Assign(FIRST, ("wakor-pkih",)), case, wakor)
    world.act(Complete(FIRST, choice="ya"), case, wakor)


def test_a_pengelola_who_does_not_acknowledge_or_answer_in_time_is_reminded_and_the_rungs_above_are_told(
    settings: Any,
) -> None:
    """S4-13: 1 jam to acknowledge, 5 hari to answer; above whom the disposition named, not the usual one."""
    settings.TANGGAP_SENDS_MAIL = True
    world = worlds.build("unesa-feb")
    case, on = world.receive().case, {post: user.person for post, user in world.on.items()}
    named, chief, above = on["pengelola-bidang-1"], on["kabag-bidang-1"], on["wakil-dekan-1"]
    world.complete(case, "1#1", "admin-utama")
    sets = {"urgensi": "tinggi", "jenis": "akademik"}
    world.complete(case, "2#1", "koordinator-layanan", choice="berkoordinasi", sets=sets)
    binds = {"pengelola": ("pengelola-bidang-1",)}
    world.complete(case, "3#1", "koordinator-layanan", binds=binds, reason="Ke Bidang 1.")
    pass_by(world, minutes=29)
    assert rungs_of(case) == []
    pass_by(world, minutes=30)
    rung = [("reminded", named)]
    assert rungs_of(case) == rung
    pass_by(world, minutes=1)
    rung += [("late", named), ("escalated", chief)]
    assert rungs_of(case) == rung
    pass_by(world, days=1, hours=7)
    rung.append(("escalated", above))
    assert rungs_of(case) == rung

    world.complete(case, "4#1", "pengelola-bidang-1")  # Tuesday at closing: five days are Tuesday, Saturday is none
    pass_by(world, days=1)
    rung.append(("reminded", named))
    world.act(Take("5#1"), case, world.on["pengelola-bidang-1"])
    pass_by(world, days=5, hours=23)
    assert rungs_of(case) == rung
    pass_by(world, hours=1)
    rung += [("late", named), ("escalated", chief)]
    assert rungs_of(case) == rung
    reached = {who for kind, who, *_ in told(case)}
    assert reached.isdisjoint({on["pengelola-bidang-2"], on["kabag-bidang-2"], on["koordinator-layanan"]})
    world.complete(case, "5#1", "pengelola-bidang-1", answer="Ruang dipindahkan.")
    assert not list(verify(at=world.at))


def test_after_a_week_without_a_worker_only_the_highest_rung_tells(world: worlds.World) -> None:
    case = world.receive().case
    world.later(days=7)
    while deadlines.expire_due(at=world.at).done:
        pass
    on = {post: user.person for post, user in world.on.items()}
    assert told(case, "escalated") == [
        ("escalated", on["wakor-pkih"], "silenced", "merged"),
        ("escalated", on["koordinator-pkih"], "silenced", "merged"),
        ("escalated", on["kabiro-iii"], "queued", ""),
    ]  # fmt: skip
    assert visible_cases(world.reader(world.on["wakor-pkih"])).filter(pk=case).exists(), (
        "they stand on record all the same"
    )
    assert not list(verify(at=world.at))


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_nobody_twice(world: worlds.World) -> None:
    case = world.receive().case
    for minutes in (3, 2, 60 * 24 * 2, 60 * 24 * 2):
        world.later(minutes=minutes)
        workers = [Thread(target=_work, args=(world,)) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert [kind for kind, *_ in told(case)] == ["reminded", "escalated", "escalated", "escalated"]
    assert not list(verify(at=world.at))


@pytest.mark.django_db(transaction=True)
def test_a_first_response_that_is_owed_reminds_and_rings_once_with_two_workers_and_is_dropped_when_given(
    world: worlds.World,
) -> None:
    """S3-3: the row was taken, nobody responded: the performer and then the superior hear of the response, once."""
    text = (files("tanggap") / "seeds" / "sop" / "unej-uc3.toml").read_text("utf-8")
    text = text.replace('time = "5 menit"\noutput = "Informasi"', 'time = "5 hari"\nrespond = "4 jam"\noutput = "x"')
    approve(import_sop(world.institution, text, name="unej-uc3.toml", at=world.at), at=world.at)
    case, staff, wakor = world.receive().case, world.on["staf-humas"], world.on["wakor-pkih"]
    world.act(Take(FIRST), case, staff)
    for hours in (3, 1):
        world.later(hours=hours)
        workers = [Thread(target=_work, args=(world,)) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert told(case, "soon", "late", "reminded", "escalated") == [
        ("soon", staff.person, "queued", ""), ("late", staff.person, "queued", ""),
        ("escalated", wakor.person, "queued", ""),
    ]  # fmt: skip
    rows = Outbox.objects.filter(case=case, kind__in=("soon", "late", "escalated"))
    assert {row.step[:18] for row in rows} == {"1. Respons pertama"}
    assert {row.moment for row in rows} == {worlds.MONDAY + timedelta(hours=4)}, "not when the row itself is due"
    assert Duty.objects.get(case=case).level == 1
    world.act(Respond(FIRST), case, staff)
    assert Duty.objects.get(case=case).level == 0, "what was rung for has been given"
    assert not list(verify(at=world.at))
    held = claim(rows.get(kind="escalated").pk, at=world.later(hours=2))
    assert held is not None
    assert compose(held, at=world.at) is None, "and who was rung is not written to any more"


def _work(world: worlds.World) -> None:
    try:
        while deadlines.expire_due(at=world.at).done:
            pass
    finally:
        connection.close()


def test_who_was_rung_is_told_in_office_hours(world: worlds.World) -> None:
    world.at = world.at.replace(hour=8, minute=58)  # 15.58: two minutes before closing
    case = world.receive().case
    pass_by(world, days=1)
    row = Outbox.objects.filter(case=case, kind="escalated").earliest("pk")
    assert row.next_at >= row.made_at
    assert row.next_at.astimezone(queries.calendar_of("unej-uc3").tz).strftime("%H.%M") < "16.00"
    pass_by(world, days=4)
    assert all(queries.calendar_of("unej-uc3").is_open(one.next_at) for one in Outbox.objects.filter(kind="escalated"))


def test_what_was_done_meanwhile_is_no_news_to_who_was_rung(world: worlds.World) -> None:
    case = world.receive().case
    pass_by(world, minutes=10)
    world.act(Complete(FIRST, choice="ya"), case, world.on["staf-humas"])
    wakor = Outbox.objects.get(case=case, kind="escalated")
    held = claim(wakor.pk, at=world.at)
    assert held is not None
    assert compose(held, at=world.at) is None
    wakor.refresh_from_db()
    assert (wakor.state, wakor.why) == ("silenced", "past")


def test_who_was_rung_gets_a_letter_with_the_row_and_no_word_of_the_report(world: worlds.World) -> None:
    case = world.receive().case
    pass_by(world, minutes=10)
    wakor = Outbox.objects.get(case=case, kind="escalated")
    assert wakor.pk in due(at=world.at, limit=50)
    held = claim(wakor.pk, at=world.at)
    assert held is not None
    letter = compose(held, at=world.at)
    assert letter is not None
    assert letter.to == world.on["wakor-pkih"].email
    assert letter.subject.startswith("Eskalasi: ")
    assert "Langkah 1. Menerima aduan" in letter.text
    assert worlds.SECRET_TEXT not in letter.text


# nobody left ----------------------------------------------------------------------------------------------------------

ABOVE = ("wakor-pkih", "koordinator-pkih", "kabiro-iii", "wakil-rektor")


def test_with_nobody_above_the_coordinators_are_alarmed_and_their_list_shows_it(world: worlds.World) -> None:
    vacate(world, *ABOVE)
    case = world.receive().case
    pass_by(world, minutes=10)
    assert told(case, "escalated", "alarm") == [("alarm", world.coordinator.person, "queued", "")]
    held = claim(Outbox.objects.get(case=case, kind="alarm").pk, at=world.at)
    assert held is not None
    letter = compose(held, at=world.at)
    assert letter is not None
    assert letter.subject.startswith("Eskalasi tanpa penerima")


def test_with_no_coordinator_the_administrators_are_who_learn_the_number_and_no_more(world: worlds.World) -> None:
    vacate(world, *ABOVE)
    Membership.objects.filter(user=world.coordinator).update(coordinator=False)
    Membership.objects.create(institution=world.institution, user=world.stranger, admin=True)
    changed(world.institution)
    case = world.receive().case
    pass_by(world, minutes=10)
    assert told(case, "alarm") == [("alarm", world.stranger.person, "queued", "")]
    (line,) = queries.news(world.reader(world.stranger))
    assert (line.kind, line.readable) == ("alarm", False)
    assert not visible_cases(world.reader(world.stranger)).exists()


def test_with_nobody_at_all_it_is_a_task_that_stands_open(world: worlds.World) -> None:
    vacate(world, *ABOVE)
    Membership.objects.filter(user=world.coordinator).update(coordinator=False)
    changed(world.institution)
    case = world.receive().case
    pass_by(world, minutes=10)
    assert told(case, "alarm") == [("alarm", "", "failed", "nobody")]


def test_who_is_complained_of_is_not_told_and_does_not_see_it(world: worlds.World) -> None:
    case, wakor = world.receive().case, world.on["wakor-pkih"]
    world.act(Bind("terlapor", ("wakor-pkih",)), case, world.coordinator)
    pass_by(world, days=8)
    assert wakor.person not in {reader for _kind, reader, *_ in told(case)}
    assert not visible_cases(world.reader(wakor)).filter(pk=case).exists()
    passed = [one.event.instead for one in cases.store.load(case).entries if one.event.kind == "Escalated"]
    assert all(("wakor-pkih", "respondent") in one for one in passed)


# the law and the promise ----------------------------------------------------------------------------------------------


def test_a_period_of_the_law_is_told_before_and_after_it_passes_to_who_has_the_case_and_to_coordinators(
    world: worlds.World,
) -> None:
    """S1-9: nobody is surprised, by a period of the law least of all."""
    case = world.receive(kind="question").case
    world.act(Take(FIRST), case, world.on["staf-humas"])
    pass_by(world, days=9)
    who = {world.on["staf-humas"].person, world.coordinator.person}
    rows = Outbox.objects.filter(case=case, about="clock:law-sp4n-informasi").order_by("pk")
    assert {row.recipient for row in rows if row.kind == "soon"} == who
    assert {row.recipient for row in rows if row.kind == "late"} == who
    assert {row.recipient for row in rows if row.kind == "escalated"} == {world.on["wakor-pkih"].person}
    soon, late = (rows.filter(kind=kind)[0] for kind in ("soon", "late"))
    assert (soon.step, late.step) == ("SP4N: permintaan informasi", "SP4N: permintaan informasi")
    assert soon.moment == late.moment
    assert soon.made_at < late.moment <= late.made_at
    assert rows.count() == len({(row.kind, row.recipient) for row in rows})
    assert not list(verify(at=world.at))


def test_a_first_response_that_does_not_come_within_its_day_rings_the_superior(settings: Any) -> None:
    """S3-3: the Kasubbag has 1 hari for row 3: reminded at half of it, then it is late and rings the Kabag TU."""
    world = worlds.build("unmul-ft")
    case = world.receive().case
    (duty,) = Duty.objects.filter(case=case)
    world.act(Complete(duty.visit), case, next(user for key, user in world.on.items() if duty.posts.filter(name=key)))
    pass_by(world, days=2)
    about = [one.event for one in cases.store.load(case).entries if getattr(one.event, "clock", "") == "step:3#1"]
    assert [one.kind for one in about] == ["Reminded", "Breached", "Escalated"]
    reminded, breached, rung = about
    assert reminded.due < breached.due == rung.due
    assert breached.due.astimezone(queries.calendar_of("unmul-ft").tz).strftime("%d %H.%M") == "17 16.00"
    assert rung.posts == ("kabag-tu",)
    assert told(case, "escalated") == [("escalated", world.on["kabag-tu"].person, "queued", "")]
