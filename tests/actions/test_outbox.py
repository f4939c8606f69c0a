"""Notices on their way: written with their events, in time, within the caps, and each row with what became of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

import worlds
from tanggap.actions import caps, letters, outbox, warnings
from tanggap.actions.cases import THE_COMPLAINANT, NotVisible
from tanggap.actions.contents import new_content
from tanggap.actions.intake import Complainant
from tanggap.actions.letter_words import Letter
from tanggap.actions.notice_words import rewrite
from tanggap.actions.organisation import changed
from tanggap.casework.commands import Bind, Contact, Dispose, Note, Reopen, Wait, Withdraw
from tanggap.casework.wording import BadWords
from tanggap.records import queries, store
from tanggap.records.fences import lowered
from tanggap.records.models import CaseEvent, ConfirmedAddress, Duty, Membership, NoticeTemplate, Outbox, User
from tanggap.records.outbox import NewNotice
from tanggap.records.shelves import compiled
from tanggap.records.verification import verify

pytestmark = pytest.mark.django_db
OPERATOR = "operator-mipa-care"


@pytest.fixture
def world(settings: object) -> worlds.World:
    settings.TANGGAP_SENDS_MAIL = True  # type: ignore[attr-defined]
    return worlds.build()


def rows(case: UUID, kind: str = "") -> list[Outbox]:
    found = Outbox.objects.filter(case=case)
    return list(found.filter(kind=kind) if kind else found)


def leave(world: worlds.World) -> list[Letter]:
    """Everything that may leave now, as if every mail were sent."""
    found = []
    for pk in outbox.due(at=world.at, limit=500):
        claim = outbox.claim(pk, at=world.at)
        if claim is None:
            continue
        letter = letters.compose(claim, at=world.at)
        if letter is not None and outbox.sent(claim, at=world.at, channel="email"):
            found.append(letter)
    return found


def states(case: UUID) -> list[tuple[str, str, str]]:
    return [(row.kind, row.state, row.why) for row in rows(case)]


# written with the events ----------------------------------------------------------------------------------------------


def test_a_receipt_is_told_to_its_sender_and_to_whoever_has_the_first_row(world: worlds.World) -> None:
    case = world.receive().case
    received, duty = rows(case)
    log = store.load(case)
    assert (received.kind, received.recipient) == ("received", log.state.parties[0])
    assert received.moment == log.row.promise_due_at
    assert (duty.kind, duty.recipient, duty.about) == ("duty", world.on[OPERATOR].person, "step:2#1")
    assert duty.moment == Duty.objects.get(case=case).due_at
    assert {row.state for row in rows(case)} == {"queued"}


def test_a_row_of_the_outbox_holds_no_address_no_name_and_no_word(world: worlds.World) -> None:
    """S5, trust: the recipient is a reference, resolved in the sender's memory alone."""
    case = world.receive().case
    world.complete(case, "2#1", OPERATOR, choice="tidak", answer="kanari jawaban")
    leave(world)
    for row in Outbox.objects.values():
        said = " ".join(str(value) for value in row.values()).lower()
        assert "kanari" not in said
        assert "@" not in said


def test_events_and_notices_are_one_transaction(world: worlds.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """F2: no event without its notice, no notice without its event."""
    case = world.receive().case
    before = len(store.load(case).entries)

    def refuse(*args: object, **more: object) -> list[NewNotice]:
        return [NewNotice(case, world.institution.pk, "x", "duty", "officers", "", world.at, world.at)] * 2

    monkeypatch.setattr(store, "rows_for", refuse)
    with pytest.raises(IntegrityError):
        world.complete(case, "2#1", OPERATOR, choice="tidak", answer="sudah")
    assert len(store.load(case).entries) == before
    assert len(rows(case)) == 2


def test_verify_misses_a_notice_and_finds_one_too_many(world: worlds.World) -> None:
    """I3: each notice required by the log has its row."""
    case = world.receive().case
    assert not list(verify(at=world.at))
    Outbox.objects.filter(case=case, kind="received").delete()
    Outbox.objects.filter(case=case, kind="duty").update(notice="duty:99:step:2#1")
    flaws = [flaw.says for flaw in verify(at=world.at)]
    assert sum("tidak ada" in says for says in flaws) == 2
    assert sum("tanpa sebab" in says for says in flaws) == 1


def test_the_same_notice_to_the_same_reader_cannot_be_queued_twice(world: worlds.World) -> None:
    row = rows(world.receive().case)[0]
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save()


def test_an_anonymous_complainant_is_told_nothing(world: worlds.World) -> None:
    case = world.receive(identity="anonymous").case
    assert [row.audience for row in rows(case)] == ["officers"]


def test_who_acts_is_not_told_what_they_did_themselves(world: worlds.World) -> None:
    case = world.receive().case
    both = world.on[OPERATOR]
    world.act(Dispose("2#1", (OPERATOR,)), case, both)
    row = rows(case, "duty")[1]
    assert (row.recipient, row.state, row.why) == ("", "silenced", "self")


def test_answer_and_end_in_one_act_are_one_mail(world: worlds.World) -> None:
    case = world.receive().case
    note = new_content("reason", "cabut", author="complainant", key="k")
    world.act(Withdraw(note.id), case, THE_COMPLAINANT, note)
    kinds = {row.kind: row for row in rows(case)}
    assert kinds["withdrawn"].state == "queued"
    assert "closed" not in kinds


def test_the_moments_that_matter_are_told_to_the_complainant(world: worlds.World) -> None:
    """Question, its end, answer, end of the case, opened again."""
    case = world.receive().case
    world.act(Wait("2#1", "pelapor", until=world.at + timedelta(days=2)), case, world.on[OPERATOR])
    question, reminder = rows(case, "question")[0], rows(case, "reminder")[0]
    assert question.moment == reminder.moment == world.at + timedelta(days=2)
    assert reminder.next_at == world.at + timedelta(days=1, hours=12)
    assert not rows(case, "closing"), "a short time only lets the clock go on: nothing ends by it"
    world.act(Contact("web"), case, THE_COMPLAINANT)
    letter = new_content("letter", "terima kasih", author=world.desk.person, key="l", audience="complainant")
    world.act(Note(letter.id, "complainant"), case, world.desk, letter)
    world.complete(case, "2#1", OPERATOR, choice="tidak", answer="sudah")
    why = new_content("reason", "belum", author="complainant", key="r", audience="complainant")
    world.act(Reopen(why.id), case, THE_COMPLAINANT, why)
    told = [row.kind for row in rows(case) if row.audience == "complainant"]
    assert [told.count(kind) for kind in ("received", "question", "letter", "answered", "reopened")] == [1] * 5
    arrived = rows(case, "arrived")[0]
    assert (arrived.state, arrived.recipient) == ("queued", world.on[OPERATOR].person)
    again = rows(case, "unsatisfied")[0]
    assert (again.about, again.state) == ("step:2#2", "queued")
    assert not list(verify(at=world.at))


def test_a_returned_row_says_so_and_the_party_complained_of_hears_of_its_own_duty_alone(world: worlds.World) -> None:
    """S3: nothing for who is complained of but what is theirs to do."""
    case = world.receive().case
    world.complete(case, "2#1", OPERATOR, choice="ya")
    world.complete(case, "3#1", "wakil-dekan-umum", binds={"dikomplain": ("kasubbag-akademik",)})
    theirs = world.on["kasubbag-akademik"].person
    assert [row.about for row in rows(case) if row.recipient == theirs] == ["step:4#1"]
    world.complete(case, "4#1", "kasubbag-akademik")
    world.complete(case, "5#1", "wakil-dekan-umum", choice="tidak", reason="kurang")
    assert [row.kind for row in rows(case) if row.recipient == theirs] == ["duty", "returned"]


def test_a_post_without_holder_is_told_to_a_person(world: worlds.World) -> None:
    """P4: if it cannot leave, somebody sees to it."""
    case = world.receive().case
    world.institution.posts.get(key=OPERATOR).holders.update(until_at=world.at)
    changed(world.institution)
    world.institution.refresh_from_db()
    world.later(minutes=1)
    world.act(Contact("web"), case, THE_COMPLAINANT)
    row = rows(case, "wrote")[0]
    assert (row.recipient, row.state, row.why) == ("", "failed", "nobody")
    assert [one.why for one in queries.troubles(world.reader(world.coordinator), [world.institution.pk])] == ["nobody"]


# when -----------------------------------------------------------------------------------------------------------------


def test_outside_office_hours_officers_notices_wait_and_become_one_letter_in_the_morning(world: worlds.World) -> None:
    """S1-9; a breach at midnight wakes nobody."""
    world.later(hours=12)  # 20.00 WIB
    cases = [world.receive().case for _ in range(3)]
    opening = compiled(world.institution).shelf(world.at).calendar.next_open(world.at)
    assert {row.next_at for case in cases for row in rows(case, "duty")} == {opening}
    leave(world)
    assert all(row.state == "queued" for case in cases for row in rows(case, "duty"))
    world.at = opening
    (letter,) = [one for one in leave(world) if one.to == world.on[OPERATOR].email]
    assert letter.subject == "3 kabar tugas dari FMIPA UB" or letter.subject.startswith("3 kabar tugas")
    for case in cases:
        assert store.load(case).row.register in letter.text
    assert len({row.letter for case in cases for row in rows(case, "duty")}) == 1


def test_a_complainant_is_told_at_once_also_at_night(world: worlds.World) -> None:
    world.later(hours=14)
    case = world.receive().case
    assert rows(case, "received")[0].next_at == world.at


def test_what_colleagues_did_meanwhile_is_no_news(world: worlds.World) -> None:
    world.later(hours=12)
    case = world.receive().case
    world.complete(case, "2#1", OPERATOR, choice="ya")
    world.later(hours=14)
    leave(world)
    duty = rows(case, "duty")[0]
    assert (duty.state, duty.why) == ("silenced", "past")


def test_an_officer_gets_a_letter_every_ten_minutes_at_most(world: worlds.World) -> None:
    world.receive()
    mine = world.on[OPERATOR].email
    assert [one.to for one in leave(world)].count(mine) == 1
    world.later(minutes=2)
    later = [world.receive().case for _ in range(2)]
    assert [one.to for one in leave(world)].count(mine) == 0
    world.later(minutes=9)
    assert [one.to for one in leave(world)].count(mine) == 1
    assert {row.state for case in later for row in rows(case, "duty")} == {"sent"}


def test_a_duty_nearly_due_is_warned_of_once_for_each_due_moment(world: worlds.World) -> None:
    """S1-9: before it breaches. 15 menit from 08.00: at three quarters of it."""
    case = world.receive().case
    assert warnings.warn_due(at=world.later(minutes=11), limit=50) == 0
    assert warnings.warn_due(at=world.later(seconds=15), limit=50) == 1
    assert warnings.warn_due(at=world.at, limit=50) == 0
    (row,) = rows(case, "soon")
    assert (row.recipient, row.about) == (world.on[OPERATOR].person, "step:2#1")
    Duty.objects.filter(case=case).update(warned=False)  # the row was computed anew
    assert warnings.warn_due(at=world.at, limit=50) == 1
    assert len(rows(case, "soon")) == 1
    assert not list(verify(at=world.at))


def test_a_case_that_cannot_be_read_keeps_nobody_else_from_being_warned(world: worlds.World) -> None:
    bad, good = world.receive().case, world.receive().case
    with lowered(connection):
        CaseEvent.objects.filter(case=bad, seq=2).update(data="{")
    assert warnings.warn_due(at=world.later(minutes=12), limit=50) == 2
    assert list(Outbox.objects.filter(kind="soon").values_list("case", flat=True)) == [good]
    assert warnings.warn_due(at=world.at, limit=50) == 0, "nor again and again"


def test_what_only_the_complainant_does_warns_no_officer(world: worlds.World) -> None:
    """X-4."""
    case = world.receive().case
    world.complete(case, "2#1", OPERATOR, choice="tidak", answer="sudah")
    warnings.warn_due(at=world.later(minutes=50), limit=50)
    assert rows(case, "soon") == []


def test_the_look_for_what_is_nearly_due_costs_one_question_when_nothing_is(
    world: worlds.World, django_assert_num_queries: object
) -> None:
    for _ in range(4):
        world.receive()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert warnings.warn_due(at=world.at, limit=50) == 0


# the caps -------------------------------------------------------------------------------------------------------------


def test_a_thousand_forms_with_a_victims_address_bring_it_one_mail_a_day_without_a_word_of_theirs(
    world: worlds.World,
) -> None:
    """P5, S38 (here thirty)."""
    victim = Complainant(name="Beli obat murah http://x.example", email="korban@contoh.example")
    cases = [world.receive(f"Beli obat nomor {n}", title="Beli", complainant=victim).case for n in range(30)]
    found = [one for one in leave(world) if one.to == "korban@contoh.example"]
    assert len(found) == 1
    assert "beli" not in (found[0].subject + found[0].text).lower()
    assert sum(rows(case, "received")[0].why == "capped" for case in cases) == 29
    assert dict(queries.outbox_health(at=world.at).silenced_today)["capped"] == 29
    world.later(hours=23)
    world.receive(complainant=victim)
    assert not [one for one in leave(world) if one.to == "korban@contoh.example"]
    world.later(hours=2)
    world.receive(complainant=victim)
    assert len([one for one in leave(world) if one.to == "korban@contoh.example"]) == 1


def test_an_answer_within_the_day_waits_once_for_an_unconfirmed_address(world: worlds.World) -> None:
    """Never lost for a cap: it goes out when the day is over."""
    case = world.receive().case
    leave(world)
    world.later(hours=1)
    world.complete(case, "2#1", OPERATOR, choice="tidak", answer="sudah")
    leave(world)
    row = rows(case, "answered")[0]
    assert (row.state, row.why) == ("queued", "deferred")
    assert row.next_at == world.at + timedelta(hours=23)
    world.at = row.next_at
    assert any("sudah dijawab" in one.subject for one in leave(world))


def test_a_confirmed_address_is_told_at_once_but_of_one_case_thrice_a_day_at_most(world: worlds.World) -> None:
    """P5."""
    case = world.receive().case
    (link,) = [link for one in leave(world) for link in one.links if "/alamat/" in link]
    token = link.rpartition("/")[2]
    assert not caps.confirm_address(token[:-1] + "x", at=world.at)
    assert not caps.confirm_address("x", at=world.at)
    assert not caps.confirm_address(token, at=world.at + timedelta(days=31))
    assert caps.confirm_address(token, at=world.at)
    assert ConfirmedAddress.objects.count() == 1
    for n in range(4):
        letter = new_content("letter", f"kabar {n}", author=world.desk.person, key=f"n{n}", audience="complainant")
        world.act(Note(letter.id, "complainant"), case, world.desk, letter)
        world.later(minutes=5)
        leave(world)
    assert [row.state for row in rows(case, "letter")] == ["sent", "sent", "silenced", "silenced"]
    assert {row.why for row in rows(case, "letter") if row.state == "silenced"} == {"capped"}
    assert not [link for one in leave(world) for link in one.links if "/alamat/" in link]


def test_who_asked_for_the_code_alone_gets_no_mail(world: worlds.World) -> None:
    """The contact policy of the case."""
    case = world.receive(answer_by="lacak").case
    leave(world)
    assert (rows(case, "received")[0].state, rows(case, "received")[0].why) == ("silenced", "own_wish")


def test_who_left_no_address_is_not_written_to(world: worlds.World) -> None:
    case = world.receive(complainant=Complainant(name="Kanari")).case
    leave(world)
    assert rows(case, "received")[0].why == "no_address"


def test_without_a_mail_server_notices_are_read_in_tanggap(world: worlds.World, settings: object) -> None:
    settings.TANGGAP_SENDS_MAIL = False  # type: ignore[attr-defined]
    case = world.receive().case
    assert leave(world) == []
    received, duty = rows(case)
    assert (received.state, received.why) == ("silenced", "no_mail")
    assert (duty.state, duty.channel) == ("sent", "app")
    who = world.reader(world.on[OPERATOR])
    assert [one.kind for one in queries.news(who)] == ["duty"]
    assert queries.unread(who) == 1
    assert outbox.mark_read(who.user.person, at=world.at) == 1
    assert queries.unread(who) == 0


def test_news_of_a_case_that_one_may_not_see_any_more_is_gone(world: worlds.World) -> None:
    """S3: whoever is complained of since then reads nothing of it."""
    case = world.receive().case
    world.complete(case, "2#1", OPERATOR, choice="ya")
    vice = world.on["wakil-dekan-umum"]
    assert queries.unread(world.reader(vice)) == 1
    world.act(Bind("terlapor", ("wakil-dekan-umum",)), case, world.coordinator)
    assert queries.unread(world.reader(vice)) == 0
    assert queries.news(world.reader(vice)) == []
    assert not [one for one in leave(world) if one.to == vice.email]


# claims ---------------------------------------------------------------------------------------------------------------


def test_a_claimed_letter_is_nobody_elses_until_its_lease_ends_and_then_the_very_same(world: worlds.World) -> None:
    """F4, F21: fenced. A worker that wakes up late writes nothing."""
    case = world.receive().case
    pk = rows(case, "duty")[0].pk
    first = outbox.claim(pk, at=world.at)
    assert first is not None
    said = letters.compose(first, at=world.at)
    assert outbox.claim(pk, at=world.at) is None
    second = outbox.claim(pk, at=world.later(minutes=7))
    assert second is not None
    assert letters.compose(second, at=world.at) == said, "one content for one Message-ID"
    assert not outbox.hold(first, at=world.at)
    assert not outbox.sent(first, at=world.at, channel="email")
    assert outbox.sent(second, at=world.at, channel="email")
    assert outbox.claim(pk, at=world.later(hours=1)) is None


def test_changed_words_hold_for_new_letters_and_not_for_one_that_was_begun(world: worlds.World) -> None:
    case = world.receive().case
    pk = rows(case, "duty")[0].pk
    said = letters.compose(outbox.claim(pk, at=world.at), at=world.at)  # type: ignore[arg-type]
    admin = _admin(world)
    rewrite(
        world.institution.pk, "duty", "id", subject="Ada {nomor}", body="{tautan}", by=world.reader(admin), at=world.at
    )
    assert letters.compose(outbox.claim(pk, at=world.later(minutes=7)), at=world.at) == said  # type: ignore[arg-type]
    other = world.receive().case
    world.later(minutes=10)
    subjects = [one.subject for one in leave(world) if store.load(other).row.register in one.text + one.subject]
    assert any(subject.startswith("Ada ") for subject in subjects)


def _admin(world: worlds.World) -> User:
    Membership.objects.create(institution=world.institution, user=world.stranger, admin=True)
    return world.stranger


def test_only_who_administers_changes_words_and_only_to_what_may_be_said(world: worlds.World) -> None:
    """S54."""
    place, coordinator = world.institution.pk, world.reader(world.coordinator)
    words = {"subject": "Perihal", "body": "Isi"}
    with pytest.raises(NotVisible):
        rewrite(place, "duty", "id", **words, by=coordinator, at=world.at)
    admin = world.reader(_admin(world))
    for name, language in (("gossip", "id"), ("duty", "jv")):
        with pytest.raises(NotVisible):
            rewrite(place, name, language, **words, by=admin, at=world.at)
    with pytest.raises(BadWords):
        rewrite(place, "duty", "id", subject="{{settings.SECRET_KEY}}", body="x", by=admin, at=world.at)
    assert [rewrite(place, "duty", "id", **words, by=admin, at=world.at).version for _ in range(2)] == [1, 2]
    assert NoticeTemplate.objects.count() == 2


def test_pauses_grow_are_spread_and_end_at_five_minutes() -> None:
    """F8: back-off with jitter and cap."""
    for chance in (0.0, 0.5, 0.999):
        pauses = [outbox.pause(attempt, chance=chance) for attempt in range(1, 40)]
        assert pauses == sorted(pauses)
        assert pauses[0] >= timedelta(seconds=10)
        assert pauses[-1] <= timedelta(minutes=5)
    assert outbox.pause(3, chance=0.1) != outbox.pause(3, chance=0.9)


def test_a_notice_that_cannot_leave_is_given_up_after_two_days_and_becomes_a_task(world: worlds.World) -> None:
    """P4."""
    case = world.receive().case
    pk = rows(case, "duty")[0].pk
    for _ in range(40):
        claim = outbox.claim(pk, at=world.later(hours=2))
        if claim is None:
            break
        outbox.later(claim, at=world.at)
    row = rows(case, "duty")[0]
    assert (row.state, row.why) == ("failed", "gave_up")
    (task,) = queries.troubles(world.reader(world.coordinator), [world.institution.pk])
    assert task.reader == world.on[OPERATOR].shown_name
    assert not outbox.try_again(pk, institutions=[], at=world.at)
    assert outbox.try_again(pk, institutions=[world.institution.pk], at=world.at)
    assert rows(case, "duty")[0].state == "queued"


def test_a_task_that_was_seen_to_leaves_the_list_and_stays_on_record(world: worlds.World) -> None:
    case = world.receive().case
    claim = outbox.claim(rows(case, "received")[0].pk, at=world.at)
    assert claim is not None
    outbox.failed(claim, at=world.at, why="refused")
    place = world.institution.pk
    assert outbox.seen_to(claim.first.pk, institutions=[place], by=world.coordinator.person, at=world.at)
    assert queries.troubles(world.reader(world.coordinator), [place]) == []
    assert rows(case, "received")[0].state == "failed"
    told = queries.told_complainant(case)
    assert told[0].handled


def test_who_looks_after_the_outbox_learns_nothing_of_a_case_about_themselves(world: worlds.World) -> None:
    """S3: not in the list, not in a number."""
    vice, place = world.on["wakil-dekan-umum"], world.institution.pk
    Membership.objects.create(institution=world.institution, user=vice, coordinator=True)
    case = world.receive().case
    claim = outbox.claim(rows(case, "received")[0].pk, at=world.at)
    assert claim is not None
    outbox.failed(claim, at=world.at, why="refused")
    who = world.reader(vice)
    assert len(queries.troubles(who, [place])) == queries.outbox_health(who, [place], at=world.at).failed == 1
    world.act(Bind("terlapor", ("wakil-dekan-umum",)), case, world.coordinator)
    who = world.reader(vice)
    assert queries.troubles(who, [place]) == []
    assert queries.outbox_health(who, [place], at=world.at) == queries.Health(0, 0, None, 0, 0, ())
    assert queries.outbox_health(at=world.at).failed == 1


def test_english_forms_are_answered_in_english(world: worlds.World) -> None:
    case = world.receive(language="en").case
    letter = next(one for one in leave(world) if "has been received" in one.subject)
    assert store.load(case).row.register in letter.subject


# kept and repaired ----------------------------------------------------------------------------------------------------


def test_a_lost_notice_is_queued_again_by_a_repair_and_nothing_twice(world: worlds.World) -> None:
    """I3, P4: what ``verify`` misses, ``rebuild`` brings back."""
    case = world.receive().case
    world.later(minutes=1)
    world.complete(case, "2#1", OPERATOR, choice="tidak", answer="sudah")
    before = states(case)
    assert not store.reproject(case, at=world.at)
    Outbox.objects.filter(case=case, kind__in=("received", "answered")).delete()
    assert store.reproject(case, at=world.at)
    assert not list(verify(at=world.at))
    assert sorted(states(case)) == sorted(before)
    assert not store.reproject(case, at=world.at)


def test_news_of_officers_is_forgotten_long_after_the_end_and_what_the_complainant_got_is_not(
    world: worlds.World,
) -> None:
    case = world.receive().case
    running = world.receive().case
    note = new_content("reason", "cabut", author="complainant", key="k")
    world.act(Withdraw(note.id), case, THE_COMPLAINANT, note)
    leave(world)
    world.later(days=399)
    assert outbox.thin(at=world.at) == 0
    world.later(days=2)
    assert outbox.thin(at=world.at) > 0
    assert {row.audience for row in rows(case)} == {"complainant"}
    assert {row.audience for row in rows(running)} == {"complainant", "officers"}
    assert not [flaw for flaw in verify(at=world.at) if flaw.kind == "notice"]
