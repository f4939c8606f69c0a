"""Time that stands still: minutes are cut out, days are not counted, and nobody is late during a pause."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from offices import EXAMPLE, WIB, at, office
from tanggap.worktime.duration import parse

Span = tuple[str, str]


def due(start: str, duration: str, *pauses: Span) -> str:
    """When ``duration`` is due in November 2026 (every date a day of that month, "20 16.20")."""
    moments = [(at(f"2026-11-{begin}"), at(f"2026-11-{end}")) for begin, end in pauses]
    found = EXAMPLE.add(at(f"2026-11-{start}"), parse(duration), moments)
    assert found is not None
    return f"{found:%d %H.%M}"


def test_a_pause_of_65_minutes_moves_ten_o_clock_to_five_past_eleven() -> None:
    assert due("16 08.00", "2 jam", ("16 09.00", "16 10.05")) == "16 11.05"


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param((), "16 10.00", id="none"),
        pytest.param([("16 09.00", "16 09.00")], "16 10.00", id="of no length"),
        pytest.param([("16 09.00", "16 09.30"), ("16 09.10", "16 09.40")], "16 10.40", id="overlapping"),
        pytest.param([("16 09.00", "16 09.30"), ("16 09.00", "16 09.30")], "16 10.30", id="twice the same"),
        pytest.param([("16 09.30", "16 09.40"), ("16 09.00", "16 09.10")], "16 10.20", id="in the wrong order"),
        pytest.param([("16 09.00", "16 09.30"), ("16 09.30", "16 10.00")], "16 11.00", id="touching"),
        pytest.param([("16 07.00", "16 08.30")], "16 10.30", id="begun before the start"),
        pytest.param([("14 07.00", "16 07.45")], "16 10.00", id="over before the start"),
        pytest.param([("16 10.00", "16 12.00")], "16 10.00", id="begun at the due moment"),
        pytest.param([("16 11.00", "16 12.00")], "16 10.00", id="begun after the due moment"),
        pytest.param([("16 09.59", "16 12.30")], "16 13.01", id="ended in the break"),
        pytest.param([("16 12.05", "16 12.55")], "16 10.00", id="in the break"),
        pytest.param([("16 09.00", "16 20.00")], "17 08.30", id="ended in the evening"),
        pytest.param([("16 09.00", "21 11.00")], "23 08.30", id="ended on a Saturday"),
    ],
)
def test_awkward_pauses_are_cut_out_of_two_working_hours(pauses: list[Span], expected: str) -> None:
    assert due("16 08.00", "2 jam", *pauses) == expected


def test_a_pause_over_a_holiday_takes_no_more_than_the_working_time_in_it() -> None:
    pause = [(at("2026-12-23 15.00"), at("2026-12-28 07.45"))]
    assert EXAMPLE.add(at("2026-12-23 14.00"), parse("2 jam"), pause) == at("2026-12-28 08.45")
    assert EXAMPLE.worked(at("2026-12-23 14.00"), at("2026-12-28 08.45"), pause) == timedelta(hours=2)


def test_a_pause_shifts_wall_clock_hours_too() -> None:
    assert due("16 08.00", "1x24 jam", ("16 20.00", "16 21.30"), ("17 08.30", "17 09.00")) == "17 10.00"


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param((), "18 16.00", id="none"),
        pytest.param([("17 08.00", "17 15.00")], "18 16.00", id="within one day takes no day"),
        pytest.param([("16 10.00", "17 10.00")], "19 16.00", id="over one night takes one day"),
        pytest.param([("13 10.00", "17 10.00")], "19 16.00", id="begun before the start"),
        pytest.param([("16 10.00", "17 10.00"), ("17 11.00", "18 09.00")], "20 16.30", id="two that share a day"),
        pytest.param([("16 10.00", "18 10.00"), ("17 08.00", "18 12.00")], "20 16.30", id="overlapping"),
        pytest.param([("16 10.00", "22 10.00")], "24 16.00", id="ended on a Sunday"),
        pytest.param([("19 10.00", "25 10.00")], "18 16.00", id="begun after the due moment"),
        pytest.param([("18 16.00", "25 10.00")], "18 16.00", id="begun at the due moment"),
    ],
)
def test_days_after_a_pause_s_first_up_to_its_last_are_not_counted(pauses: list[Span], expected: str) -> None:
    assert due("16 08.00", "2 hari", *pauses) == expected


def test_calendar_days_weeks_and_months_stand_still_as_well() -> None:
    pause = ("20 10.00", "23 10.00")
    assert due("16 08.00", "5 hari kalender", pause) == "24 23.59"
    assert due("16 08.00", "1 minggu", pause) == "26 23.59"
    found = EXAMPLE.add(at("2026-11-16 08.00"), parse("1 bulan"), [(at("2026-11-20 10.00"), at("2026-11-23 10.00"))])
    assert found == at("2026-12-19 23.59")


def test_nobody_is_late_at_the_moment_a_pause_ends() -> None:
    over_the_closing = ("17 10.00", "18 10.00")  # the first working day would end within the pause
    assert due("16 08.00", "1 hari", over_the_closing) == "18 16.00"
    assert due("16 08.00", "1 hari", ("17 10.00", "18 17.00")) == "19 16.00"
    assert due("16 08.00", "1 hari", ("17 10.00", "20 18.00")) == "23 16.00"
    assert due("16 08.00", "1 hari kalender", ("17 10.00", "19 10.00")) == "19 23.59"


def test_a_pause_may_last_longer_than_anybody_looked_ahead() -> None:
    calendar = office()  # fresh: nothing is laid out yet
    years = [(at("2026-11-16 09.00"), at("2033-11-16 09.30"))]
    assert calendar.add(at("2026-11-16 08.00"), parse("2 jam"), years) == at("2033-11-16 10.30")
    assert office().add(at("2026-11-16 08.00"), parse("2 hari"), years) == at("2033-11-18 16.30")
    assert office().add(at("2026-11-16 08.00"), parse("1 hari kalender"), years) == at("2033-11-17 23.59")


def test_a_pause_that_ends_before_it_begins_is_an_error_not_a_guess() -> None:
    backwards = [(at("2026-11-17 10.00"), at("2026-11-17 09.00"))]
    for duration in ("2 jam", "2 hari", "1x24 jam", "1 bulan"):
        with pytest.raises(ValueError, match="ends before"):
            EXAMPLE.add(at("2026-11-16 08.00"), parse(duration), backwards)


def test_pauses_may_come_in_any_zone() -> None:
    begin, end = at("2026-11-16 09.00"), at("2026-11-16 10.05")
    found = EXAMPLE.add(at("2026-11-16 08.00"), parse("2 jam"), [(begin.astimezone(UTC), end.astimezone(UTC))])
    assert found == at("2026-11-16 11.05")
    assert found.tzinfo is WIB
