"""What arrives becomes cases: raw first, read in a limited child, once each, and nobody is let in by a From line."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

import worlds
from arrivals import Office, account, message, odd_channel
from tanggap.actions import absorbing, inbox, intake, letters, merging, returns, threads, tracking
from tanggap.actions.arrived import Arrived
from tanggap.actions.contents import Upload, new_content
from tanggap.actions.identity import reveal
from tanggap.actions.intake import Complainant
from tanggap.actions.outbox import claim as claim_letter
from tanggap.actions.outbox import sent as letter_sent
from tanggap.casework.commands import Wait
from tanggap.channels import email
from tanggap.records import files, queries, store
from tanggap.records.contents import unseal
from tanggap.records.deliveries import Gone, raw_of, words_of
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Attachment, Case, Inbox, InboxItem, Message, Outbox, TrackingCode
from tanggap.records.queries.cases import identity_of
from tanggap.records.queries.words import reports
from tanggap.records.sealing import key_of
from tanggap.records.verification import verify
from tanggap.worker.reading import Child, Unable

OPERATOR = "operator-mipa-care"
RANI, BUDI = "rani@contoh.example", "budi@contoh.example"
DEWI = "+628112223333"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    with odd_channel():
        world = worlds.build()
        found = Office(world, account(world))
        yield found
        found.child.close()


def kinds(case: object) -> list[str]:
    return [entry.event.kind for entry in store.load(case).entries]  # type: ignore[arg-type]


def letter_of(case: object, kind: str = "received") -> str:
    """The id of a letter that left for the complainant of ``case``."""
    row = Outbox.objects.get(case=case, kind=kind, audience="complainant")
    if not row.letter:
        taken = claim_letter(row.pk, at=row.next_at)
        assert taken is not None
        letter_sent(taken, at=row.next_at, channel="odd")
        return taken.letter
    return row.letter


def token_of(named: str) -> str:
    """What the reply address of a letter, or of a case, carries."""
    address = email.reply_address("a@kampus.example", named, threads.reply_key())
    return address.partition("+")[2].partition("@")[0]


# raw first ------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_stored_byte_for_byte_before_anything_looks_inside(office: Office) -> None:
    """I1, P1: whatever it is; and no copy of the database tells what it says (S65)."""
    raw = bytes(range(256)) * 5 + b"KANARI-7F3A"
    stored = inbox.store(office.account, raw, at=office.world.at)
    row = Inbox.objects.get(pk=stored.id)
    assert (row.state, row.size, raw_of(row)) == ("stored", len(raw), raw)
    assert b"KANARI" not in bytes(row.raw or b"")
    assert not stored.again


def test_the_same_delivery_ten_times_is_stored_once_and_another_under_the_same_id_is_not_swallowed(
    office: Office,
) -> None:
    """F6, I2."""
    told = [inbox.store(office.account, b"one", delivery="7:1", at=office.world.at) for _ in range(10)]
    assert [one.again for one in told] == [False] + [True] * 9
    other = inbox.store(office.account, b"another", delivery="7:1", at=office.world.at)
    assert not other.again
    assert inbox.store(office.account, b"another", delivery="7:1", at=office.world.at).again
    assert Inbox.objects.count() == 2


def test_a_large_delivery_lies_in_a_file_and_the_sweeper_leaves_it_alone(office: Office) -> None:
    from tanggap.actions import deadlines

    raw = b"x" * 1_500_000
    row = Inbox.objects.get(pk=inbox.store(office.account, raw, at=office.world.at).id)
    assert row.raw is None
    deadlines.tidy(at=office.world.later(days=40000))
    assert raw_of(row) == raw
    files.erase(row.file)
    with pytest.raises(Gone):
        raw_of(row)
    assert any("Kiriman" in flaw.says for flaw in verify(at=office.world.at))


def test_when_the_file_store_is_gone_the_row_takes_the_bytes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """F22: a large delivery is accepted all the same."""

    def gone(*_: object) -> str:
        raise OSError("read-only file system")

    monkeypatch.setattr(files, "write", gone)
    raw = b"x" * 1_500_000
    row = Inbox.objects.get(pk=inbox.store(office.account, raw, at=office.world.at).id)
    assert (row.file, raw_of(row)) == ("", raw)


# a message becomes a case ---------------------------------------------------------------------------------------------


def test_a_message_becomes_a_case_received_when_it_was_sent_with_the_letter_as_it_came(office: Office) -> None:
    """S2-9: pengaduan langsung dari surel, dengan surat aslinya; the channel's own time starts the clock."""
    sent = office.world.at - timedelta(hours=3)
    arrived = message(1, text="Nilai saya tertukar", subject="Nilai", at=sent.isoformat(), name="Rani")
    office.get({**arrived, "files": {"bukti.txt": "lihat"}})
    (case,) = office.cases()
    assert (case.received_at, case.channel, case.recorded_at) == (sent, "odd", office.world.at)
    words = reports([case.pk])[case.pk]
    assert (words["title"], words["text"]) == ("Nilai", "Nilai saya tertukar")
    assert identity_of(case)["handle"] == RANI
    coordinator = office.world.reader(office.world.coordinator)
    reveal(case.pk, by=coordinator, reason="verifikasi", words="", at=office.world.at)
    names = {queries.stored_file(coordinator, one.pk).name for one in Attachment.objects.all()}  # type: ignore[union-attr]
    assert names == {"asli.json", "bukti.txt"}
    assert office.states() == ["read"]
    assert not list(verify(at=office.world.at))


def test_where_nobody_is_told_a_code_there_is_none_to_guess(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case by mail keeps no tracking code and spends no time on hashing one; at the desk nothing changes."""
    with monkeypatch.context() as patch:
        patch.setattr(intake, "hash_code", lambda code: pytest.fail("hashed for nobody"))
        office.get(message(1))
        office.deliver(wrong="raise")
        for _ in range(inbox.TRIES):
            office.work()
            office.world.later(seconds=31)
    assert len(office.cases()) == 2
    assert not TrackingCode.objects.exists()
    house, number = office.world.institution.key, office.cases()[0].register
    key = next(one for one in (f"arrived {item.mark}" for item in InboxItem.objects.all()))
    assert tracking.open_case(number, tracking.code_for(house, key), source="x", at=office.world.at) is None
    assert office.world.receive().code
    assert TrackingCode.objects.count() == 1


@pytest.mark.parametrize("hours", [5, -24 * 9])
def test_a_moment_in_the_future_or_long_ago_is_not_believed(office: Office, hours: int) -> None:
    office.get(message(1, at=(office.world.at + timedelta(hours=hours)).isoformat()))
    assert office.cases()[0].received_at == office.world.at


def test_replayed_ten_times_it_is_one_case(office: Office) -> None:
    """P3, F6, S58: also when each copy differs in its trimmings."""
    sent = office.world.at.isoformat()
    for n in range(10):
        office.get(message(1, at=sent), message(2, at=sent), trimming=n)
    assert len(office.cases()) == 2
    assert sum(row.known for row in Inbox.objects.all()) == 18
    assert not list(verify(at=office.world.at))


def test_two_letters_of_a_copier_under_one_id_are_two_cases(office: Office) -> None:
    """P1: what differs in its moment is not the same, whatever its id says; nor what another sender says it is."""
    at = office.world.at
    office.get(message(1, at=at.isoformat()))
    office.get(message(1, at=(at - timedelta(minutes=1)).isoformat()))
    office.get(message(1, BUDI, at=at.isoformat()))
    assert len(office.cases()) == 3


def test_one_letter_to_two_addresses_of_an_institution_is_one_case(office: Office) -> None:
    """One register: the second address is noted beside the case."""
    other = account(office.world, "dekanat")
    arrived = message(1, at=office.world.at.isoformat())
    office.get(arrived)
    (copy,) = office.get(arrived, to=other)
    (case,) = office.cases()
    assert (copy.case_id, copy.state, copy.tags) == (case.pk, "recorded", ["copy"])


def test_a_message_nobody_can_be_told_to_have_sent_is_a_case_that_says_so(office: Office) -> None:
    (item,) = office.get(message(1, "", text="", tags=["unclear"]))
    assert (item.state, item.case_id) == ("quarantined", office.cases()[0].pk)
    assert not list(verify(at=office.world.at))


# answers --------------------------------------------------------------------------------------------------------------


def test_an_answer_to_our_letter_by_the_complainant_is_a_contact_and_ends_the_wait(office: Office) -> None:
    """By the id of our letter, or by its signed reply address."""
    office.get(message(1))
    (case,) = office.cases()
    letter = letter_of(case.pk)
    office.world.act(
        Wait("2#1", "pelapor", until=office.world.at + timedelta(days=2)), case.pk, office.world.on[OPERATOR]
    )
    office.world.later(minutes=5)
    office.get(message(2, answers=[f"<{letter}@tanggap.example>"], text="Ini NIM saya", files={"ktm.txt": "1"}))
    assert kinds(case.pk)[-2:] == ["Contacted", "WaitEnded"]
    office.get(message(3, token=token_of(letter), text="Dan ini lagi"))
    assert kinds(case.pk)[-1] == "Contacted"
    office.get(message(4, token=token_of(email.case_token(case.pk)), text="Dan ini"))
    assert kinds(case.pk)[-1] == "Contacted"
    assert office.cases() == [case]
    assert Message.objects.filter(case=case, kind="message", medium="odd").count() == 3
    assert not list(verify(at=office.world.at))


def test_a_sender_line_alone_opens_no_case_and_ends_no_wait(office: Office) -> None:
    """S36, M8: whoever writes under the complainant's address, without our letter, begins a case of their own."""
    office.get(message(1))
    office.get(message(2, RANI, text="Saya cabut laporan saya"))
    first, second = office.cases()
    assert "Contacted" not in kinds(first.pk)
    assert first != second


def test_a_stranger_in_a_thread_waits_for_an_officer_and_gets_nothing(office: Office) -> None:
    """S37: kept for review; no case is opened to them, and no mail is owed to them."""
    office.get(message(1))
    (case,) = office.cases()
    before, notices = kinds(case.pk), Outbox.objects.count()
    letter = letter_of(case.pk)
    for n, thread in enumerate(({"answers": [f"<{letter}@x>"]}, {"token": token_of(letter)}), 2):
        (item,) = office.get(message(n, BUDI, text="Saya juga tahu", **thread))
        assert (item.state, item.case_id) == ("review", case.pk)
        assert words_of(item)["text"] == "Saya juga tahu"
    (item,) = office.get(message(5, BUDI, answers=["<1@contoh.example>"]))
    assert item.state == "review"
    assert (kinds(case.pk), Outbox.objects.count(), office.cases()) == (before, notices, [case])


def test_a_reply_address_that_we_did_not_sign_names_nothing(office: Office) -> None:
    office.get(message(1))
    (case,) = office.cases()
    letter, right = letter_of(case.pk), token_of(letter_of(case.pk))
    swapped = f"{email.case_token(case.pk)}{right[-16:]}"
    for n, forged in enumerate((letter, f"{letter}{'a' * 16}", swapped, "", "é"), 2):
        office.get(message(n, token=forged))
    assert "Contacted" not in kinds(case.pk)
    assert len(office.cases()) == 6


def test_who_must_get_no_automatic_mail_gets_none(office: Office) -> None:
    """S38: a list, a no-reply address, our own letter come back."""
    office.get(message(1, tags=["noreply"]))
    assert reports([office.cases()[0].pk])[office.cases()[0].pk]["answer_by"] == "lacak"


@pytest.mark.parametrize(("decision", "cases"), [("join", 1), ("new", 2), ("leave", 1)])
def test_an_officer_decides_what_a_stranger_said(office: Office, decision: str, cases: int) -> None:
    """It joins the case with its files, is a case of its own, or stays where it is; the first decision stands."""
    office.get(message(1))
    (case,) = office.cases()
    letter = letter_of(case.pk)
    (item,) = office.get(message(2, BUDI, answers=[f"<{letter}@x>"], files={"foto.txt": "1"}))
    desk = office.world.reader(office.world.desk)
    absorbing.decide(item, decision, by=desk, at=office.world.at)
    office.work()
    item.refresh_from_db()
    assert len(office.cases()) == cases
    assert ("Contacted" in kinds(case.pk)) is (decision == "join")
    assert item.state == ("recorded" if decision == "leave" else "absorbed")
    assert item.case_id == (office.cases()[1].pk if decision == "new" else case.pk)
    assert words_of(item)["sender"] == BUDI
    with pytest.raises(absorbing.Refused):
        absorbing.decide(item, "join", by=desk, at=office.world.at)
    (later,) = office.get(message(3, BUDI, answers=[f"<{letter}@x>"]))
    assert later.state == "review", "whoever was let in once is let in no further"
    assert not list(verify(at=office.world.at))


def close(office: Office, case: Case) -> None:
    from tanggap.actions.cases import THE_COMPLAINANT
    from tanggap.casework.commands import Withdraw

    office.world.act(Withdraw(), case.pk, THE_COMPLAINANT)


def test_a_letter_to_a_closed_case_opens_it_within_its_time_and_begins_a_linked_one_after(office: Office) -> None:
    """And not more than twice a day: then it is words in it."""
    office.get(message(1))
    (case,) = office.cases()
    letter = letter_of(case.pk)
    for n in range(4):
        close(office, case) if Case.objects.get(pk=case.pk).status == "open" else None
        office.world.later(minutes=1)
        office.get(message(10 + n, answers=[f"<{letter}@x>"]))
    assert kinds(case.pk).count("Reopened") == 2
    assert kinds(case.pk)[-2:] == ["Contacted", "Contacted"]
    office.world.later(days=40)
    office.get(message(20, answers=[f"<{letter}@x>"]))
    first, second = office.cases()
    assert store.load(second.pk).state.links[0].case == str(first.pk)
    assert kinds(first.pk)[-1] == "Linked"
    assert not list(verify(at=office.world.at))


def join(office: Office, case: Case, into: Case) -> None:
    """A coordinator says that ``case`` is the same matter as ``into``."""
    world, key = office.world, f"gabung {case.pk}"
    reason = new_content("reason", "Sama.", author=world.coordinator.person, key=key, audience="complainant")
    merging.merge(case.pk, into.pk, by=world.reader(world.coordinator), at=world.at, key=key, reason=reason)


def test_words_to_a_case_that_was_joined_to_another_reach_that_one_and_part_nothing(office: Office) -> None:
    """Neither a reply to its letters nor the next word of the same chat opens again what was joined."""
    office.get(message(1, DEWI))
    office.get(message(2, DEWI))
    first, second = office.cases()
    letter = letter_of(second.pk)
    join(office, second, first)
    office.world.later(minutes=1)
    office.get(message(3, DEWI, text="Sekarang lantai tiga juga.", answers=[f"<{letter}@x>"]))
    office.get(message(3, DEWI, text="Sekarang lantai tiga juga.", answers=[f"<{letter}@x>"]))
    assert (kinds(first.pk).count("Contacted"), kinds(second.pk)[-2:]) == (2, ["Closed", "Contacted"])
    page = queries.case_page(office.world.reader(office.world.coordinator), first.pk)
    assert page is not None
    (words,) = [one for one in page.messages.values() if "lantai tiga" in one.text]
    assert (second.register in words.text, words.audience) == (True, "internal")
    assert len(office.cases()) == 2
    close(office, first)
    office.get(message(4, DEWI, answers=[f"<{letter}@x>"]))
    assert [one.case for one in store.load(office.cases()[2].pk).state.links] == [str(first.pk)]
    assert not list(verify(at=office.world.at))


def test_the_next_word_of_a_chat_whose_case_was_joined_to_another_goes_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both cases or, when the worker dies between the two, in neither."""
    first = office.world.receive("Lampu mati.", complainant=Complainant(phone=DEWI)).case
    office.get(message(1, DEWI, vouched=True))
    second = office.cases()[1]
    join(office, second, Case.objects.get(pk=first))
    office.world.later(minutes=1)
    before = kinds(first)
    with monkeypatch.context() as dying:
        dying.setattr(absorbing, "_contact", lambda *args: sys.exit())
        with pytest.raises(SystemExit):
            office.get(message(2, DEWI, text="Masih mati.", vouched=True))
    assert kinds(first) == before
    office.world.later(minutes=15)  # what it had claimed is free again
    office.get(message(2, DEWI, text="Masih mati.", vouched=True))
    assert len(office.cases()) == 2
    assert (kinds(first)[-1], kinds(second.pk)[-1]) == ("Contacted", "Contacted")


def test_in_a_chat_the_open_case_goes_on_and_after_a_while_there_is_a_new_one(office: Office) -> None:
    chat = {"vouched": True}
    office.get(message(1, "+6281", **chat), message(2, "+6281", **chat))
    office.world.later(days=13)
    office.get(message(3, "+6281", **chat), message(4, "+6282", **chat))
    assert len(office.cases()) == 2
    assert identity_of(office.cases()[0])["phone"] == "+6281"
    assert kinds(office.cases()[0].pk).count("Contacted") == 2
    office.world.later(days=15)
    office.get(message(5, "+6281", **chat))
    assert len(office.cases()) == 3
    close(office, office.cases()[2])
    office.get(message(6, "+6281", **chat))
    assert len(office.cases()) == 4


# order ----------------------------------------------------------------------------------------------------------------


def test_an_answer_that_overtakes_its_original_waits_half_a_minute_and_joins_it(office: Office) -> None:
    """F7."""
    office.deliver(message(2, answers=["<1@contoh.example>"], text="Tambahan"))
    office.work()
    assert office.cases() == []
    office.world.later(seconds=10)
    office.get(message(1))
    office.world.later(seconds=30)
    office.work()
    (case,) = office.cases()
    assert kinds(case.pk)[-1] == "Contacted"
    assert office.states() == ["read", "read"]


def test_an_answer_whose_original_never_comes_is_a_case_within_a_minute_and_the_original_joins_it(
    office: Office,
) -> None:
    office.deliver(message(2, answers=["<1@contoh.example>"]))
    office.work()
    office.world.later(seconds=31)
    office.work()
    office.get(message(1))
    (case,) = office.cases()
    assert {item.case_id for item in InboxItem.objects.all()} == {case.pk}


def test_whatever_the_order_of_six_messages_one_case_holds_them_all(office: Office) -> None:
    """F7: every tenth of the 720 orders, each in an account of its own."""
    six = [
        message(1), message(2, answers=["<1@contoh.example>"]),
        message(3, answers=["<2@contoh.example>", "<1@contoh.example>"]),
        {"id": "e", "kind": "edit", "from": RANI, "about": "<1@contoh.example>", "text": "lain"},
        {"id": "r", "kind": "reaction", "from": RANI, "about": "<2@contoh.example>", "text": "+"},
        {"id": "u", "kind": "unsend", "from": RANI, "about": "<3@contoh.example>"},
    ]  # fmt: skip
    for n, order in enumerate(itertools.islice(itertools.permutations(six), 0, None, 90)):
        for one in order:
            told = dict(one, **{"from": f"r{n}@contoh.example"})
            for name in ("id", "about"):
                if name in told:
                    told[name] = f"{n}{told[name]}"
            told["answers"] = [f"{n}{a}" for a in told.get("answers", ())]  # type: ignore[union-attr]
            office.deliver(told)
            office.work()
            office.world.later(seconds=1)
        office.world.later(seconds=40)
        office.work()
        assert Case.objects.count() == n + 1, order
        newest = Case.objects.order_by("-n").first()
        assert newest is not None
        assert InboxItem.objects.filter(case=newest).count() == 6, order
        assert kinds(newest.pk).count("Contacted") == 2


# what is no message ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["automatic", "bounce", "status", "echo", "edit", "unsend", "reaction"])
def test_what_is_no_message_is_recorded_begins_no_case_and_makes_nothing_leave(office: Office, kind: str) -> None:
    """S38-S40, P5: nothing that a machine wrote is answered."""
    (item,) = office.get({"id": "x", "kind": kind, "from": RANI, "status": "failed", "about": "nothing"})
    assert (item.state, item.case_id) == ("recorded", None)
    assert (office.cases(), Outbox.objects.count()) == ([], 0)
    (again,) = InboxItem.objects.all()
    assert again == item


def test_an_automatic_answer_stands_beside_its_case_and_ends_nothing(office: Office) -> None:
    office.get(message(1))
    (case,) = office.cases()
    before = kinds(case.pk)
    (item,) = office.get(message(2, kind="automatic", answers=[f"<{letter_of(case.pk)}@x>"], text="Saya sedang cuti"))
    assert (item.state, item.case_id, kinds(case.pk)) == ("recorded", case.pk, before)


def test_an_officer_makes_a_case_of_what_was_taken_for_a_machines(office: Office) -> None:
    (item,) = office.get(message(2, kind="automatic"))
    absorbing.decide(item, "new", by=office.world.reader(office.world.desk), at=office.world.at)
    office.work()
    assert len(office.cases()) == 1


def test_a_letter_that_comes_back_is_a_task_and_its_answer_has_not_arrived(office: Office) -> None:
    """F23, P4: what could not reach anybody is told to a person."""
    office.get(message(1))
    (case,) = office.cases()
    office.world.complete(case.pk, "2#1", OPERATOR, choice="tidak", answer="Nilai sudah diperbaiki.")
    letter = letter_of(case.pk, "answered")
    office.get({"id": "b", "kind": "bounce", "about": f"<{letter}@tanggap.example>", "status": "failed"})
    row = Outbox.objects.get(letter=letter)
    assert (row.state, row.why, row.reached) == ("failed", "bounced", "failed")
    assert kinds(case.pk)[-1] == "Delivered"
    assert store.load(case.pk).state.answers[-1].ok is False
    tasks = queries.troubles(office.world.reader(office.world.coordinator), [office.world.institution.pk])
    assert [one.why for one in tasks] == ["bounced"]
    assert not list(verify(at=office.world.at))


def test_a_forged_bounce_changes_nothing(office: Office) -> None:
    office.get(message(1))
    letter = letter_of(office.cases()[0].pk)
    for about in ("<" + "0" * 32 + "@x>", letter[:-1], "", "@", letter.upper() + "0"):
        office.get({"id": f"b{about}", "kind": "bounce", "about": about})
    assert Outbox.objects.get(letter=letter).state == "sent"


def test_what_became_of_a_message_is_told_in_any_order(office: Office) -> None:
    """F7: status before the message, delivered after read, failed and through after all."""
    office.get(message(1))
    letter = letter_of(office.cases()[0].pk)
    told = [{"id": f"s{n}", "kind": "status", "about": "wamid.1", "status": word} for n, word in enumerate(
        ("failed", "read", "delivered", "sent"))]  # fmt: skip
    office.get(told[0])
    assert Outbox.objects.get(letter=letter).reached == ""
    returns.left(letter, account=office.account, external_id="wamid.1", at=office.world.at)
    row = Outbox.objects.get(letter=letter)
    assert (row.reached, row.state) == ("failed", "failed")
    office.get(*told[1:])
    row.refresh_from_db()
    assert (row.reached, row.state) == ("read", "sent")


def test_a_platform_that_names_a_moment_means_everything_sent_until_then(office: Office) -> None:
    office.get(message(1, "77", vouched=True))
    row = Outbox.objects.get(letter=letter_of(office.cases()[0].pk))
    Outbox.objects.filter(pk=row.pk).update(address=keyed_digest("address", "77").hex())
    early, late = (office.world.at + timedelta(minutes=n) for n in (-1, 1))
    office.world.later(minutes=5)
    for n, (moment, reached) in enumerate(((early, ""), (late, "read"))):
        office.get({"id": f"w{n}", "kind": "status", "from": "77", "status": "read", "at": moment.isoformat(),
                    "tags": ["watermark"]})  # fmt: skip
        row.refresh_from_db()
        assert row.reached == reached


# what cannot be read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["spin", "eat", "deep", "die", "babble", "leave", "write", "raise"])
def test_what_kills_its_reader_is_a_case_after_three_tries_and_the_others_go_first(office: Office, wrong: str) -> None:
    """P2, F25, T4: one bad message delays the others by seconds, and a person sees it with the delivery as it came."""
    bad = office.deliver(wrong=wrong)
    office.deliver(message(1))
    office.work()
    assert [case.attributes.get("identity") for case in office.cases()] == ["confidential"], "the good one is through"
    for _ in range(2):
        office.world.later(seconds=30)
        office.work()
    row = Inbox.objects.get(pk=bad.id)
    assert (row.state, row.attempts) == ("quarantined", 3)
    second = office.cases()[1]
    assert row.case == second
    file = queries.stored_file(office.world.reader(office.world.coordinator), Attachment.objects.get(case=second).pk)
    assert file is not None
    assert file.data == raw_of(row)
    assert not list(verify(at=office.world.at))


def test_of_fifty_with_one_bad_forty_nine_are_cases_and_one_is_seen_by_a_person(office: Office) -> None:
    """S58."""
    office.get(*(message(n) for n in range(49)), faults=["the 50th has no sender"])
    assert len(office.cases()) == 50
    row = Inbox.objects.get()
    assert (row.state, row.found, row.case) == ("quarantined", 49, office.cases()[-1])
    assert not list(verify(at=office.world.at))


@pytest.mark.parametrize(
    ("where", "what", "says"),
    [
        ("tanggap.worker.reading.subprocess.Popen", OSError(12, "no memory"), "tidak dapat dijalankan"),
        ("tanggap.worker.collect.absorb", MemoryError(), "tidak dapat diolah di mesin ini"),
        ("tanggap.worker.collect.raw_of", OSError(24, "too many files"), "tidak dapat diolah di mesin ini"),
        ("tanggap.worker.collect.absorb", OperationalError("away"), ""),
    ],
)
def test_what_this_machine_cannot_do_is_no_fault_of_a_delivery(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str, what: BaseException, says: str
) -> None:
    """F25, P2: it is tried again, and an administrator reads why; nobody is given a case about nothing."""

    def fails(*_: object, **__: object) -> None:
        raise what

    stored = office.deliver(message(1))
    with monkeypatch.context() as broken:
        broken.setattr(where, fails)
        for _ in range(5):
            with suppress(OperationalError):
                office.work()
            office.world.later(minutes=2)
    row = Inbox.objects.get(pk=stored.id)
    assert (row.state, row.attempts, office.cases()) == ("stored", 0, [])
    office.account.refresh_from_db()
    assert says in office.account.last_error
    office.work()
    assert (len(office.cases()), office.states()) == (1, ["read"])


@pytest.mark.parametrize("wrong", ["killed", "starved"])
def test_a_reader_that_the_machine_stops_or_starves_is_asked_again_and_a_person_sees_it_after_an_hour(
    office: Office, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    stored = office.deliver(wrong=wrong)
    office.child = Child(seconds=0.3)
    office.work()
    row = Inbox.objects.get(pk=stored.id)
    assert (row.state, row.attempts) == ("stored", 0)
    office.account.refresh_from_db()
    assert ("memori" if wrong == "killed" else "sibuk") in office.account.last_error
    office.world.later(hours=2)
    office.work()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.why) == ("stored", 1, office.account.last_error), "a try, like any other now"


def test_a_reader_that_does_not_start_is_no_fault_of_what_it_was_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = lambda: subprocess.Popen(["true"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: E731
    monkeypatch.setattr("tanggap.worker.reading._begun", begun)
    with pytest.raises(Unable, match="sebelum siap"):
        Child().read("odd", b"{}", {})


def test_the_child_knows_no_secret_and_no_database(office: Office) -> None:
    from tanggap.worker import reading

    child = reading.Child()
    assert child.read("odd", b"{}", {}).arrivals == ()
    try:
        assert child._process is not None
        assert b"TANGGAP" not in Path(f"/proc/{child._process.pid}/environ").read_bytes()
    finally:
        child.close()


def test_without_a_procedure_a_delivery_waits_and_its_account_says_so(office: Office) -> None:
    version = office.world.version
    type(version).objects.filter(pk=version.pk).update(withdrawn_at=office.world.at - timedelta(days=1))
    from tanggap.actions.organisation import changed

    changed(office.world.institution)
    office.deliver(message(1))
    office.work()
    assert office.states() == ["stored"]
    office.account.refresh_from_db()
    assert "SOP" in office.account.last_error


# caps -----------------------------------------------------------------------------------------------------------------


def test_a_machine_that_answers_everything_gets_at_most_one_mail_a_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P5, S38, S40: a dozen letters from one address that nobody confirmed; nothing of their text leaves."""
    mails = account(office.world, "surel")
    for n in range(12):
        office.get(message(n, text="KANARI-7F3A"), to=mails)
    mails.channel = "email"
    mails.save()
    from django.conf import settings

    monkeypatch.setattr(settings, "TANGGAP_SENDS_MAIL", True)
    sent = []
    for row in Outbox.objects.filter(audience="complainant"):
        taken = claim_letter(row.pk, at=office.world.at)
        assert taken is not None
        letter = letters.compose(taken, at=office.world.at)
        if letter is not None:
            sent.append(letter)
    assert len(sent) == 1
    assert "KANARI" not in sent[0].text + sent[0].subject


def test_files_that_do_not_fit_are_in_the_letter_as_it_came(office: Office, settings: object) -> None:
    """Intake refuses nothing because it is large or many."""
    settings.TANGGAP_FILES_MOST = 3  # type: ignore[attr-defined]
    many = {f"b{n}.txt": "x" for n in range(20)}
    office.get(message(1, files=many))
    assert Attachment.objects.count() == 3
    arrived = Arrived("message", "x", files=(Upload("a", b"x" * 26 * 1024 * 1024),), original=Upload("asli", b"1"))
    assert [file.name for file in absorbing._files(arrived)] == ["asli"]


def test_when_a_case_is_full_words_are_taken_and_files_are_named(office: Office, settings: object) -> None:
    """S48: nobody fills the disk by way of one case, and no word is lost by it."""
    settings.TANGGAP_CASE_MEGABYTES = 1  # type: ignore[attr-defined]
    office.get(message(1, files={"a.txt": "x" * 500_000}))
    (case,) = office.cases()
    full = Attachment.objects.count()
    office.get(message(2, text="Ini buktinya.", token=token_of(letter_of(case.pk)), files={"b.txt": "x" * 200_000}))
    assert office.cases() == [case]
    assert Attachment.objects.count() == full
    (kept,) = Message.objects.filter(case=case, kind="message")
    key = key_of(case.pk, "content")
    words = unseal(key or b"", kept.ciphertext or b"", table="message", case=case.pk)
    assert words["text"] == "Ini buktinya.\n[Berkas b.txt tidak dapat diambil.]"
    assert not list(verify(at=office.world.at))
