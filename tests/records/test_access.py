"""Who sees what: one scope, and what is outside it does not exist."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worlds
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import new_content
from tanggap.actions.organisation import appoint, changed, release
from tanggap.casework.commands import (
    Bind,
    Close,
    Complete,
    Contact,
    Correct,
    Deliver,
    Dispose,
    Note,
    Redirect,
    Withdraw,
)
from tanggap.casework.refusals import Refused
from tanggap.records import access, queries
from tanggap.records.access import visible_cases
from tanggap.records.models import Membership, Post, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


def sees(world: worlds.World, user: User, case: UUID) -> bool:
    """By the scope, by what is remembered of it as SQL, and by the page: three times the same."""
    seen = visible_cases(world.reader(user)).filter(pk=case).exists()
    assert access.sees(world.reader(user), case) is seen
    assert (queries.case_page(world.reader(user), case) is not None) is seen
    return seen


def test_desk_coordinator_and_auditor_see_all_performers_their_own_and_strangers_nothing(world: worlds.World) -> None:
    case = world.receive().case
    for user in (world.desk, world.coordinator, world.auditor, world.on["operator-mipa-care"]):
        assert sees(world, user, case)
    for user in (world.stranger, world.on["dekan"], world.on["kadep-fisika"]):
        assert not sees(world, user, case)


def test_nobody_sees_cases_of_another_institution(world: worlds.World) -> None:
    other, case = worlds.build("unesa-feb"), world.receive().case
    for user in (other.desk, other.coordinator, other.auditor, *other.on.values()):
        assert not sees(world, user, case)
        with pytest.raises(NotVisible):
            world.act(Complete("2#1", choice="ya"), case, user)
    assert queries.register_book(other.reader(other.desk), "ub-fmipa", year=2026) == []


def test_the_administrator_of_the_organisation_reads_no_case(world: worlds.World) -> None:
    """Setting posts and columns up gives no right to read."""
    admin = world.stranger
    Membership.objects.create(institution=world.institution, user=admin, admin=True, officer=False)
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    admin.refresh_from_db()
    assert world.reader(admin).part(world.institution.pk).admin
    assert not sees(world, admin, world.receive().case)


def test_a_performer_still_sees_the_case_after_acting_and_whoever_leaves_the_post_does_not(world: worlds.World) -> None:
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    operator = world.on["operator-mipa-care"]
    assert sees(world, operator, case)
    assert queries.my_duties(world.reader(operator)) == []
    world.later(hours=1)
    release(operator.holdings.get(), at=world.at)
    assert not sees(world, operator, case)


def test_a_substitute_sees_the_duties_of_the_post_from_the_moment_on_and_until_the_end(world: worlds.World) -> None:
    case, post = world.receive().case, Post.objects.get(key="operator-mipa-care")
    appoint(
        post, world.stranger, from_at=world.at + timedelta(hours=1), until_at=world.at + timedelta(hours=3), kind="plh"
    )
    assert not sees(world, world.stranger, case)
    world.later(hours=2)
    assert sees(world, world.stranger, case)
    assert [duty.visit for duty in queries.my_duties(world.reader(world.stranger))] == ["2#1"]
    world.later(hours=1)
    assert not sees(world, world.stranger, case)


@pytest.mark.parametrize("named", ["wakil-dekan-umum", "dekanat"])
def test_whoever_is_complained_of_sees_nothing_and_is_passed_over(world: worlds.World, named: str) -> None:
    """Named as post or by its unit; the row goes to the next rung above."""
    case = world.receive(respondent=(named,)).case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    assert not sees(world, world.on["wakil-dekan-umum"], case)
    with pytest.raises(NotVisible):
        world.complete(case, "3#1", "wakil-dekan-umum")


def test_the_party_complained_of_sees_the_report_alone_while_a_duty_is_theirs(world: worlds.World) -> None:
    """S0-4, S0-10: they clarify without learning who complained, or what others wrote."""
    case = world.receive(place="ruang kanari", service="Akademik").case
    note = new_content("note", "jangan bocor", author="u1", key="n", audience="internal")
    world.act(Note(note.id), case, world.on["operator-mipa-care"], note)
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    fisika = world.on["kadep-fisika"]
    assert not sees(world, fisika, case)
    world.complete(case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("departemen-fisika",)})
    page = queries.case_page(world.reader(fisika), case)
    assert page is not None
    assert page.redacted
    assert not page.identity
    assert not page.may_reveal
    assert page.report is not None
    assert dict(page.report.words) == {"text": worlds.SECRET_TEXT, "service": "Akademik"}
    assert [message.kind for message in page.messages.values()] == ["report"]
    assert [entry.event.kind for entry in page.entries] == ["StepOpened"]
    world.complete(case, "4#1", "kadep-fisika")
    assert not sees(world, fisika, case)


def test_the_party_complained_of_reads_why_its_work_came_back(world: worlds.World) -> None:
    """S0-5: the reason of the return, and nothing else that others wrote."""
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    world.complete(case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("departemen-fisika",)})
    world.complete(case, "4#1", "kadep-fisika")
    world.complete(case, "5#1", "wakil-dekan-umum", choice="tidak", reason="belum menjawab")
    page = queries.case_page(world.reader(world.on["kadep-fisika"]), case)
    assert page is not None
    assert [message.text for message in page.messages.values()] == [worlds.SECRET_TEXT, "belum menjawab"]


def test_the_party_complained_of_cannot_do_more_than_its_own_row(world: worlds.World) -> None:
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    world.complete(case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("departemen-fisika",)})
    with pytest.raises(Refused):
        world.complete(case, "5#1", "kadep-fisika", choice="ya")


@pytest.mark.parametrize("power", ["officer", "desk", "coordinator"])
def test_powers_end_where_the_case_is_about_oneself(world: worlds.World, power: str) -> None:
    """A leader complained of has a row to do, and nothing to close, correct, withdraw or hand to somebody else."""
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    world.complete(case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("departemen-fisika",)})
    fisika = world.on["kadep-fisika"]
    Membership.objects.create(institution=world.institution, user=fisika, **{power: True})
    changed(world.institution)
    why, note = (new_content(kind, "x", author=fisika.person, key="w") for kind in ("reason", "note"))
    for command, content in (
        (Bind("dikomplain", ("departemen-kimia",), why.id), why),
        (Close("archived", why.id), why),
        (Redirect("4#1", "6", why.id), why),
        (Correct(1, world.at, why.id), why),
        (Withdraw(why.id), why),
        (Contact("telepon", note.id), note),
        (Deliver("3#1"), None),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            world.act(command, case, fisika, *filter(None, [content]))
    page = queries.case_page(world.reader(fisika), case)
    assert page is not None
    (offer,) = page.offers
    assert (offer.may_complete, offer.may_redirect) == (True, False)
    world.complete(case, "4#1", "kadep-fisika")


def test_who_reads_everything_changes_nothing(world: worlds.World) -> None:
    """Pengawas: membaca semua, tidak mengubah."""
    case = world.receive().case
    words = new_content("message", "x", author=world.auditor.person, key="c")
    for command in (Contact("telepon", words.id), Note(words.id, "complainant"), Bind("terlapor", ("dekan",))):
        with pytest.raises(Refused, match="not_allowed"):
            world.act(command, case, world.auditor, *([words] if not isinstance(command, Bind) else []))


def test_a_unit_that_got_a_disposition_sees_its_duty(world: worlds.World) -> None:
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    given = Dispose("3#1", ("subbag-akademik",), instructions=("tanggapan dan saran",), standard="1 hari")
    world.act(given, case, world.on["wakil-dekan-umum"])
    akademik = world.on["kasubbag-akademik"]
    assert [duty.disposition for duty in queries.my_duties(world.reader(akademik))] == ["d1"]
    assert sees(world, akademik, case)


def test_the_register_shows_a_hidden_case_as_a_bare_number(world: worlds.World) -> None:
    world.receive(respondent=("kadep-fisika",))
    case = world.receive().case
    Membership.objects.create(institution=world.institution, user=world.on["kadep-fisika"], desk=True)
    first, second = queries.register_book(world.reader(world.on["kadep-fisika"]), "ub-fmipa", year=2026)
    assert (first.n, first.case, first.title, first.received_at) == (1, None, "", None)
    assert (second.n, second.case) == (2, case)


def test_pages_ask_the_same_number_of_questions_for_three_cases_and_for_thirty(world: worlds.World) -> None:
    def questions() -> tuple[int, ...]:
        found = []
        for look in (
            lambda: queries.my_duties(world.reader(world.on["operator-mipa-care"])),
            lambda: queries.register_book(world.reader(world.desk), "ub-fmipa", year=2026),
            lambda: queries.unanswered(world.reader(world.coordinator)),
            lambda: queries.duty_count(world.reader(world.on["operator-mipa-care"])),
        ):
            with CaptureQueriesContext(connection) as asked:
                look()
            found.append(len(asked))
        return tuple(found)

    for _ in range(3):
        world.receive()
    few = questions()
    for _ in range(12):
        world.receive()
    assert questions() == few
    assert max(few) <= 9


def test_lists_of_open_cases_say_where_they_stand_and_with_whom(world: worlds.World) -> None:
    """S0-8, S1-9: forwarded and unresolved, unanswered, nearest promise first."""
    first = world.receive().case
    world.complete(first, "2#1", "operator-mipa-care", choice="ya")
    world.receive()
    lines = queries.unresolved(world.reader(world.coordinator))
    assert lines[0].case == first
    assert lines[0].performers == ("Wakil Dekan Bidang Umum dan Keuangan",)
    assert lines[0].steps[0].startswith("3. Melakukan koordinasi")
    assert len(queries.unanswered(world.reader(world.coordinator))) == 2
    world.complete(lines[1].case, "2#1", "operator-mipa-care", choice="tidak", answer="sudah beres")
    assert [line.case for line in queries.unanswered(world.reader(world.coordinator))] == [first]


def test_duties_are_ordered_by_due_and_filtered_by_state(world: worlds.World) -> None:
    early = world.receive().case
    world.later(minutes=10)
    late = world.receive(kind="question").case
    world.later(minutes=6)
    operator = world.reader(world.on["operator-mipa-care"])
    lines = queries.my_duties(operator)
    assert [(line.case, line.state) for line in lines] == [(early, "late"), (late, "running")]
    assert queries.duty_count(operator) == 2
    for wish, case in ((queries.DutyWish(state="late"), early), (queries.DutyWish(kind="question"), late)):
        assert [line.case for line in queries.duty_page(operator, wish, start=0, size=9).lines] == [case]
