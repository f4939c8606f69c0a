"""Letters do not outlive the person who wrote them, and what became nothing is not kept for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worlds
from arrivals import Office, account, message, odd_channel
from tanggap.actions import absorbing, deadlines, forgetting, inbox
from tanggap.records import files
from tanggap.records.deliveries import Gone, raw_of, words_of
from tanggap.records.models import Attachment, CaseKey, Inbox, InboxItem
from tanggap.records.verification import verify

NEVER = timedelta(days=40_000)


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    with odd_channel():
        world = worlds.build()
        found = Office(world, account(world))
        yield found
        found.child.close()


@pytest.mark.parametrize("killed", [False, True])
def test_with_the_identity_go_the_letter_its_words_and_the_letter_as_it_came(
    office: Office, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """P14, S5: also when the worker is killed after the row was written and before the file is removed."""
    (item,) = office.get(message(1, files={"bukti.txt": "x" * 1_200_000}))
    (other,) = office.get(message(2, "budi@contoh.example"))
    row = Inbox.objects.get(pk=item.delivery_id)
    raw, told = raw_of(row), row.sha256
    (letter,) = Attachment.objects.filter(case=item.case_id, closed=True)
    assert row.file
    assert forgetting.forget(at=office.world.at + NEVER) == 0, "what became a case stays with it"
    CaseKey.objects.filter(case=item.case_id, purpose="identity").update(wrapped=None)
    if killed:
        with monkeypatch.context() as patched:
            patched.setattr(files, "erase", _dies)
            for _file in (row.file, letter.pk):
                with pytest.raises(KeyboardInterrupt):
                    forgetting.forget(at=office.world.at)
        assert files.path_of(row.file).exists()
        assert files.path_of(letter.pk).exists()
        deadlines.tidy(at=office.world.at + NEVER)
    else:
        assert forgetting.forget(at=office.world.at) == 1
    assert not files.path_of(row.file).exists()
    assert not files.path_of(letter.pk).exists()
    row.refresh_from_db()
    item.refresh_from_db()
    assert (row.raw, row.file, row.sha256, row.erased_at) == (None, "", told, office.world.at)
    assert words_of(item) == {}
    with pytest.raises(Gone):
        raw_of(row)
    assert raw_of(other.delivery)
    assert inbox.store(office.account, raw, at=office.world.at).again, "known for ever, by its digest"
    assert len(office.cases()) == 2
    assert not list(verify(at=office.world.at))


def _dies(file: str) -> None:
    raise KeyboardInterrupt


def test_what_became_nothing_is_forgotten_after_ninety_days_and_what_somebody_has_to_decide_is_not(
    office: Office,
) -> None:
    """Machines and copies; a stranger's word waits for its officer as long as it takes."""
    (first,) = office.get(message(1))
    (machine,) = office.get(message(2, "mesin@contoh.example", kind="automatic"))
    (stranger,) = office.get(message(3, "lain@contoh.example", answers=["<1@contoh.example>"]))
    assert (machine.state, stranger.state) == ("recorded", "review")
    at = office.world.at
    assert forgetting.forget(at=at + timedelta(days=89)) == 0
    assert forgetting.forget(at=at + timedelta(days=91)) == 1
    machine.refresh_from_db()
    assert (machine.words, machine.delivery.raw) == (None, None)
    assert raw_of(stranger.delivery)
    absorbing.decide(stranger, "leave", by=office.world.reader(office.world.desk), at=at)
    assert forgetting.forget(at=at + timedelta(days=91)) == 1
    assert raw_of(first.delivery)
    assert not list(verify(at=at))
    Inbox.objects.filter(pk=first.delivery_id).update(raw=None, erased_at=at + timedelta(days=91))
    assert ["dihapus isinya tanpa sebab" in flaw.says for flaw in verify(at=at)] == [True]
    assert InboxItem.objects.count() == 3


def test_a_strangers_letter_beside_an_erased_case_waits_for_its_officer_and_then_becomes_their_own(
    office: Office,
) -> None:
    """It answers a letter of somebody who is forgotten; whoever wrote it is not. Nothing is listed to find out."""
    (first,) = office.get(message(1))
    (stranger,) = office.get(message(2, "lain@contoh.example", answers=["<1@contoh.example>"]))
    assert (stranger.state, stranger.case_id) == ("review", first.case_id)
    CaseKey.objects.filter(case=first.case_id, purpose="identity").update(wrapped=None)
    with CaptureQueriesContext(connection) as asked:
        assert forgetting.forget(at=office.world.at) == 1
    listed = f'FROM "{CaseKey._meta.db_table}"'
    assert not any(listed in one["sql"].partition(" WHERE ")[0] for one in asked.captured_queries)
    stranger.refresh_from_db()
    assert raw_of(stranger.delivery)
    assert words_of(stranger)
    by = office.world.reader(office.world.desk)
    Inbox.objects.filter(pk=stranger.delivery_id).update(erased_at=office.world.at)
    with pytest.raises(absorbing.LetterGone):
        absorbing.decide(stranger, "new", by=by, at=office.world.at)
    Inbox.objects.filter(pk=stranger.delivery_id).update(erased_at=None)
    absorbing.decide(stranger, "new", by=by, at=office.world.at)
    assert forgetting.forget(at=office.world.at) == 0, "it is read again first"
    office.work()
    stranger.refresh_from_db()
    assert (stranger.state, len(office.cases())) == ("absorbed", 2)
    assert not list(verify(at=office.world.at))
    assert forgetting.forget(at=office.world.at) == 0
