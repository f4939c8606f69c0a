"""The one door: one winner per step, the same act once, nothing for whoever may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.db.models import F

import worlds
from tanggap.actions.cases import THE_COMPLAINANT, THE_ENGINE, Acted, NotVisible, act
from tanggap.actions.contents import new_content
from tanggap.actions.ratings import rate
from tanggap.casework.commands import Classify, Complete, Contact, Expire, Reopen, Take, Wait
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.records import queries, store
from tanggap.records.models import Case, CaseEvent, Duty, Message, Rating, User
from tanggap.records.verification import verify


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def second_operator(world: worlds.World) -> User:
    """Somebody else on the same post."""
    from tanggap.actions.organisation import appoint
    from tanggap.records.models import Post

    appoint(Post.objects.get(key="operator-mipa-care"), world.stranger, from_at=world.at - timedelta(days=1))
    return world.stranger


def test_an_act_writes_events_duties_and_the_next_moment_in_one(world: worlds.World) -> None:
    case = world.receive().case
    assert Duty.objects.get(case=case).name == "step:2#1"
    world.later(minutes=5)
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    duty = Duty.objects.get(case=case)
    assert (duty.name, duty.no, duty.opened_at) == ("step:3#1", "3", world.at)
    assert duty.due_at is not None
    assert duty.due_at.date().isoformat() == "2026-11-19"
    assert duty.opened_at < (duty.warn_at or duty.opened_at) < duty.due_at
    reminder = Case.objects.get(pk=case).next_moment
    assert reminder is not None
    assert duty.opened_at < reminder < duty.due_at, "who has not begun by then is reminded"
    world.act(Take("3#1"), case, world.on[duty.posts.get().name])
    assert Case.objects.get(pk=case).next_moment == duty.due_at


def test_the_same_act_sent_again_happens_once_and_says_so(world: worlds.World) -> None:
    case, operator = world.receive().case, world.on["operator-mipa-care"]
    answer = new_content("answer", "beres", author=operator.person, key="k", audience="complainant")
    command = Complete("2#1", choice="tidak", answer=answer.id)
    first = world.act(command, case, operator, answer, key="k")
    assert first.entries
    assert not first.again
    world.later(hours=1)
    again = world.act(command, case, operator, answer, key="k")
    assert again == Acted(case, first.register, (), again=True)
    assert Message.objects.filter(kind="answer").count() == 1


def test_the_same_key_for_another_act_is_refused_in_this_case_and_in_another(world: worlds.World) -> None:
    one, two, operator = world.receive().case, world.receive().case, world.on["operator-mipa-care"]
    answer = new_content("answer", "beres", author=operator.person, key="k", audience="complainant")
    world.act(Complete("2#1", choice="tidak", answer=answer.id), one, operator, answer, key="k")
    with pytest.raises(Refused, match="key_reused"):
        world.act(Complete("2#1", choice="ya"), one, operator, key="k")
    with pytest.raises(Refused, match="key_reused"):
        world.act(Complete("2#1", choice="tidak", answer=answer.id), two, operator, answer, key="k")
    assert store.load(two).state.open == {"2": "2#1"}


def test_acting_from_a_stale_page_says_who_acted_and_changes_nothing(world: worlds.World) -> None:
    """The second of two operators."""
    case, other = world.receive().case, second_operator(world)
    seen = store.load(case).state.seq
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    before = CaseEvent.objects.count()
    with pytest.raises(SomeoneElseActed) as refusal:
        world.act(Complete("2#1", choice="ya"), case, other, seen=seen)
    assert refusal.value.details["by"] == world.on["operator-mipa-care"].person
    with pytest.raises(Refused, match="visit_not_open"):
        world.act(Complete("2#1", choice="ya"), case, other)
    assert CaseEvent.objects.count() == before


def test_a_case_that_is_not_there_and_one_that_is_not_visible_are_one_answer(world: worlds.World) -> None:
    case = world.receive().case
    for target, by in ((uuid4(), world.desk), (case, world.stranger), (uuid4(), THE_ENGINE)):
        with pytest.raises(NotVisible):
            world.act(Expire(), target, by)


def test_a_clock_that_went_back_never_makes_the_log_go_back(world: worlds.World) -> None:
    """Two hours."""
    case = world.receive().case
    acted = act(
        Complete("2#1", choice="ya"), case=case, by=world.on["operator-mipa-care"], at=world.at - timedelta(hours=2)
    )
    assert {entry.recorded_at for entry in acted.entries} == {world.at}
    assert not list(verify(at=world.at))


def test_reply_of_the_complainant_ends_the_wait_and_the_clock_goes_on(world: worlds.World) -> None:
    case = world.receive().case
    operator = world.on["operator-mipa-care"]
    question = new_content("question", "semester berapa?", author=operator.person, key="q", audience="complainant")
    asked = Wait("2#1", "pelapor", until=world.at + timedelta(days=9), message=question.id)
    world.act(asked, case, operator, question, key="q")
    assert queries.my_duties(world.reader(operator))[0].state == "paused"
    world.later(days=1)
    reply = new_content("message", "semester tiga", author="complainant", key="r", audience="complainant")
    world.act(Contact("web", reply.id), case, THE_COMPLAINANT, reply, key="r")
    assert queries.my_duties(world.reader(operator))[0].state in {"running", "soon"}
    page = queries.tracked_case(case, at=world.at)
    assert [message.kind for message in page.messages.values()] == ["report", "question", "message"]


def test_not_satisfied_opens_the_case_again_and_ratings_are_kept(world: worlds.World) -> None:
    """S4-8: belum sesuai, with a reason; then stars."""
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="tidak", answer="sudah")
    world.act(Complete("7#1"), case, THE_COMPLAINANT)
    assert Case.objects.get(pk=case).status == "closed"
    why = new_content("reason", "belum sesuai", author="complainant", key="b", audience="complainant")
    world.act(Reopen(why.id), case, THE_COMPLAINANT, why, key="b")
    assert Case.objects.get(pk=case).status == "open"
    rate(case, stars=4, words="cepat", at=world.at)
    rate(case, stars=2, words="", at=world.at)
    assert Rating.objects.get().stars == 2
    with pytest.raises(ValueError):
        rate(case, stars=6, words="", at=world.at)
    assert not list(verify(at=world.at))


def test_the_same_words_about_two_cases_are_two_ratings_and_twice_about_one_are_one(world: worlds.World) -> None:
    one, two = world.receive().case, world.receive().case
    for case in (one, two):
        world.complete(case, "2#1", "operator-mipa-care", choice="tidak", answer="sudah")
    for case in (one, two, one):
        rate(case, stars=5, words="Terima kasih", at=world.at)
    assert Rating.objects.count() == Message.objects.filter(kind="rating").count() == 2
    assert [entry.event.kind for entry in store.load(one).entries].count("Contacted") == 1
    assert not list(verify(at=world.at))


def test_nobody_rates_what_was_never_answered(world: worlds.World) -> None:
    """S0-10: stars say how the answer was; before it there is nothing to be content with, whatever form was made."""
    case = world.receive().case
    with pytest.raises(Refused, match="not_answered"):
        rate(case, stars=5, words="bagus", at=world.at)
    assert not Rating.objects.exists()
    assert not Message.objects.filter(kind="rating").exists()


def test_urgency_and_kind_are_closed_lists(db: None) -> None:
    """S4-6: both must be known when the complaint is sorted, and only declared values count."""
    world = worlds.build("unesa-feb")
    case = world.receive().case
    world.complete(case, "1#1", "admin-utama")
    with pytest.raises(Refused, match="attribute_needed"):
        world.complete(case, "2#1", "koordinator-layanan", choice="berkoordinasi")
    sorted_as = {"urgensi": "tinggi", "jenis": "sarana"}
    world.complete(case, "2#1", "koordinator-layanan", choice="berkoordinasi", sets=sorted_as)
    assert Case.objects.get(pk=case).attributes["urgensi"] == "tinggi"
    with pytest.raises(Refused, match="value_unknown"):
        world.act(Classify("urgensi", "luar biasa", "r"), case, world.coordinator)


def test_an_entry_for_the_holder_who_left_is_no_longer_his(world: worlds.World) -> None:
    case = world.receive().case
    User.objects.filter(pk=world.on["operator-mipa-care"].pk).update(is_active=False)
    world.on["operator-mipa-care"].refresh_from_db()
    with pytest.raises(NotVisible):
        world.complete(case, "2#1", "operator-mipa-care", choice="ya")


# at the same moment ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_of_two_who_do_one_step_at_once_exactly_one_wins(turn: int) -> None:
    world = worlds.build()
    other = second_operator(world)
    case = world.receive().case
    seen, barrier = store.load(case).state.seq, Barrier(2)

    def do(user: User, choice: str) -> str:
        try:
            barrier.wait()
            world.act(Complete("2#1", choice=choice, answer="x" if choice == "tidak" else ""), case, user, seen=seen)
            return user.person
        except (SomeoneElseActed, Refused) as refusal:
            return f"refused: {refusal.code}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(do, (world.on["operator-mipa-care"], other), ("ya", "tidak")))
    won = [word for word in said if not word.startswith("refused")]
    assert len(won) == 1, said
    done = [
        entry for entry in store.load(case).entries if entry.event.kind == "StepDone" and entry.event.visit == "2#1"
    ]  # type: ignore[attr-defined]
    assert [entry.by for entry in done] == won
    assert not list(verify(at=world.at))


@pytest.mark.django_db(transaction=True)
def test_different_acts_in_one_case_at_once_are_all_kept() -> None:
    """Acts that do not disturb each other: everybody decides again on the new state, nobody is turned away."""
    world = worlds.build()
    case, barrier = world.receive().case, Barrier(6)

    def write(number: int) -> None:
        try:
            content = new_content("message", f"pesan {number}", author="complainant", key=f"m{number}")
            barrier.wait()
            world.act(Contact("web", content.id), case, THE_COMPLAINANT, content, key=f"m{number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert Message.objects.filter(case=case, kind="message").count() == 6
    assert CaseEvent.objects.filter(case=case).count() == Case.objects.filter(pk=case).values_list("seq", flat=True)[0]
    assert not list(verify(at=world.at))


def test_whoever_is_always_too_late_is_told_after_some_tries(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.receive().case
    tries = []

    def late(*args: object, **more: object) -> None:
        tries.append(1)
        raise store.TooLate

    monkeypatch.setattr(store, "append", late)
    with pytest.raises(store.TooLate):
        world.act(Contact("web"), case, THE_COMPLAINANT)
    assert len(tries) == 10


def test_a_failing_database_is_not_taken_for_somebody_else(world: worlds.World) -> None:
    """An IntegrityError of another kind is raised as it is, and leaves nothing."""
    from django.db import IntegrityError

    case = world.receive().case
    log = store.load(case)
    Case.objects.filter(pk=case).update(seq=F("seq"))
    broken = new_content("note", "x", author="u1", key="k")
    object.__setattr__(broken, "author", None)
    from tanggap.casework.decide import decide
    from tanggap.casework.fold import apply
    from tanggap.records.shelves import compiled

    shelf = compiled(log.row.institution).shelf(world.at)
    entries = decide(log.state, Contact("web", broken.id), actor=THE_COMPLAINANT, shelf=shelf, at=world.at)
    state = log.state.copy()
    for entry in entries:
        apply(state, entry)
    with pytest.raises(IntegrityError):
        store.append([store.Addition(log, entries, state, shelf, (broken,))])
    assert not list(verify(at=world.at))
