"""When periodic duties are due: one row for each duty of each SOP, which the worker finds by its moment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tanggap.records.models.people import Institution


class Schedule(models.Model):
    """One periodic duty of one SOP document, over all its versions.

    ``duty``: the procedure it runs by. Dates are those of the institution's zone: ``anchor`` (the rhythm counts from
    it), ``since`` (none before it ever counted), ``last`` (of the case opened last), ``next`` (of the case to come).
    ``look_at``: when the worker looks again; none for a duty that no version in force has any more (``ended_at``).
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="schedules")
    sop_id = models.SlugField(max_length=100)
    duty = models.CharField(max_length=140)
    sop_hash = models.CharField(max_length=64, blank=True)
    every = models.CharField(max_length=80, blank=True)
    anchor = models.DateField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    next = models.DateField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("institution", "sop_id", "duty")
        constraints = (models.UniqueConstraint(fields=("institution", "sop_id", "duty"), name="one_schedule"),)
        indexes = (models.Index(fields=("look_at",), condition=Q(look_at__isnull=False), name="schedule_due"),)

    def __str__(self) -> str:
        return f"{self.sop_id} {self.duty}"
