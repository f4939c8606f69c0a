"""Filters of the calendar pages: dates with their weekday, and kinds of days off in words."""

from __future__ import annotations

from datetime import date

from django import template

from tanggap.web import dates
from tanggap.web.calendars import year
from tanggap.worktime.office_hours import HolidayKind

register = template.Library()


@register.filter
def weekday_words(value: date) -> str:
    """As in "Jumat, 20 November 2026"."""
    return dates.weekday(value)


@register.filter
def day_kind(value: HolidayKind) -> str:
    """The word for a kind of day off."""
    return year.kind_word(value)
