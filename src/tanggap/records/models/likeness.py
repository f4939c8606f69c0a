"""By what a case is recognised as being about the same matter, or from the same person, as another."""

from __future__ import annotations

from django.db import models

from tanggap.records.models.cases import Case
from tanggap.records.models.people import Institution


class CaseMark(models.Model):
    """A keyed digest that cases alike share (:mod:`tanggap.records.likeness`). No name, no word can be read from it."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8)  # mail, phone, number, handle: of the person; text
    value = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "kind", "value"), name="one_mark"),)
        indexes = (models.Index(fields=("institution", "kind", "value"), name="mark_value"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
