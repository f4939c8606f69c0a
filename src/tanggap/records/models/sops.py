"""SOP versions: each a text with its hash; once approved it never changes (a trigger refuses)."""

from __future__ import annotations

from django.db import models

from tanggap.records.models.people import Institution, User


class SopVersion(models.Model):
    """One version of one SOP document, in canonical TOML. ``hash`` is the sha256 of ``text`` and names the version.

    In force: approved, not withdrawn. Running cases keep the version they began with, also when it is withdrawn.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="sop_versions")
    sop_id = models.SlugField(max_length=100)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    number = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    effective_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sop_id", "-approved_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("institution", "hash"), name="one_version"),)

    def __str__(self) -> str:
        return f"{self.sop_id} {self.hash[:8]}"
