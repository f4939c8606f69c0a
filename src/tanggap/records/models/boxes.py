"""Suggestion boxes: each opening with its witnesses, and the slips found in it."""

from __future__ import annotations

from django.db import models

from tanggap.records.models.cases import Case
from tanggap.records.models.people import Institution, User


class BoxOpening(models.Model):
    """One opening of a suggestion box, as its berita acara tells it. Never changed: what was found was found.

    ``slips``: how many pieces of paper lay in it, also those that nobody could read; ``key`` makes the form sent
    twice one opening.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="box_openings")
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    key = models.CharField(max_length=64, unique=True)
    box = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_by = models.CharField(max_length=200)
    witnesses = models.TextField(blank=True)
    slips = models.PositiveSmallIntegerField()
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("institution", "year", "n"), name="opening_number"),)

    def __str__(self) -> str:
        return f"{self.institution_id} {self.year}/{self.n}"


class BoxSlip(models.Model):
    """A slip that became a case."""

    opening = models.ForeignKey(BoxOpening, models.PROTECT, related_name="found")
    position = models.PositiveSmallIntegerField()
    case = models.OneToOneField(Case, models.PROTECT, related_name="slip")

    class Meta:
        ordering = ("opening", "position")
        constraints = (models.UniqueConstraint(fields=("opening", "position"), name="slip_position"),)

    def __str__(self) -> str:
        return f"{self.opening_id} {self.position}"
