"""Moments at which software breaks: kept by the database, counted, told and verified like any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import worlds
from tanggap.actions import deadlines, intake
from tanggap.actions.holidays import seed_calendar
from tanggap.channels.email import dates as mail_dates
from tanggap.records import store
from tanggap.records.models import Duty
from tanggap.records.verification import verify
from tanggap.web import dates
from tanggap.worktime.duration import parse

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(datetime(2028, 2, 29, 16, 20, tzinfo=JAKARTA), id="29 February"),
        pytest.param(datetime(2027, 12, 31, 15, 55, tzinfo=JAKARTA), id="31 December"),
        pytest.param(datetime(2038, 1, 19, 10, 5, tzinfo=JAKARTA), id="2038, nine minutes before 32 bits end"),
        pytest.param(datetime(2106, 2, 7, 13, 20, tzinfo=JAKARTA), id="2106, before unsigned 32 bits end"),
    ],
)
def test_a_case_lives_through_odd_moments(begun: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """F17: received, due by the calendar, late once, and clean."""
    monkeypatch.setattr(intake, "hash_code", lambda code: "$argon2id$")
    world = worlds.build()
    world.at = begun.astimezone(UTC)
    case = world.receive().case
    due = Duty.objects.get(case=case).due_at
    assert due == seed_calendar("ub-fmipa").add(world.at, parse("15 menit"))
    assert due is not None
    deadlines.expire_due(at=due - timedelta(microseconds=1))
    assert "Breached" not in {one.event.kind for one in store.load(case).entries}
    deadlines.expire_due(at=due)
    (late,) = (one for one in store.load(case).entries if one.event.kind == "Breached")
    assert (late.event.due, late.recorded_at) == (due, due)  # type: ignore[attr-defined]
    world.at = due + timedelta(hours=1)
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    assert not list(verify(at=world.at))


def test_a_leap_second_is_a_second_in_a_mail_and_a_slip_in_a_form() -> None:
    """F17: `23:59:60` has been; no clock of ours shows it."""
    last = datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert mail_dates.moment(b"Sat, 31 Dec 2016 23:59:60 +0000") == last
    with pytest.raises(ValueError, match="second"):
        dates.typed("2016-12-31T23:59:60", "Asia/Jakarta")
