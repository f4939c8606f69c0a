"""When an institution works: office hours, holidays, and the frozen calendars that deadlines were counted by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tanggap.records.models.cases import Case
from tanggap.records.models.people import Institution, Unit


class OfficeHours(models.Model):
    """The hours of a week in force from a date until another (exclusive); where several hold, the last one does.

    ``week``: weekday names to intervals, as :meth:`tanggap.worktime.office_hours.Period.to_dict` writes them.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="office_hours")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="office_hours")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=100, blank=True)
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)
    week = models.JSONField()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.institution} {self.label}"


class Holiday(models.Model):
    """A day off, with the decree that says so."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="public")  # worktime.office_hours.HolidayKind
    decree = models.CharField(max_length=200, blank=True)
    estimated = models.BooleanField(default=False)

    class Meta:
        ordering = ("date", "name")
        constraints = (models.UniqueConstraint(fields=("institution", "date", "name"), name="one_holiday"),)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CalendarVersion(models.Model):
    """A frozen calendar, and the act that put it in force. Triggers refuse UPDATE and DELETE.

    The latest of an institution (and unit) is the one in force; older ones explain old dues. ``data`` is empty where a
    unit went back to the institution's hours. One act may freeze several calendars: ``act_of`` names the first of them,
    which alone carries the moves. ``seal`` covers all of it and the version before, see
    :mod:`tanggap.records.calendars`.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="calendar_versions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="calendar_versions")
    hash = models.CharField(max_length=64, blank=True)
    data = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    decree = models.CharField(max_length=200, blank=True)
    act_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    moved = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("institution", "key"), condition=~Q(key=""), name="one_calendar_act"),
        )

    def __str__(self) -> str:
        return f"{self.institution} {self.hash[:8]}"


class KeptMove(models.Model):
    """A due moment that was moved. ``clock`` and the printed ``no`` and ``what`` of its row: as

    :class:`tanggap.casework.moves.Move` says them.
    """

    clock = models.CharField(max_length=80)
    no = models.CharField(max_length=20, blank=True)
    what = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    before = models.DateTimeField(null=True)
    after = models.DateTimeField(null=True)
    breached = models.BooleanField(default=False)

    class Meta:
        abstract = True


class CalendarMove(KeptMove):
    """A due moment that a calendar version moved. Triggers refuse UPDATE and DELETE."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="moves")
    case = models.ForeignKey(Case, models.PROTECT, related_name="calendar_moves")

    class Meta:
        ordering = ("version", "before", "pk")
        constraints = (models.UniqueConstraint(fields=("version", "case", "clock"), name="one_calendar_move"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"
