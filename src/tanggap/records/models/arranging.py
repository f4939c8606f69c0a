"""What people who arrange an institution did, for good; and the links by which somebody sets a first password."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tanggap.records.models.calendars import KeptMove
from tanggap.records.models.cases import Case
from tanggap.records.models.people import Institution, User


class OrganisationAct(models.Model):
    """One change of units, posts, holders, columns, accounts or powers. Triggers refuse UPDATE and DELETE.

    ``data`` holds keys and ids as :mod:`tanggap.actions.arranging` writes them, never words of a case. ``alone``: it
    concerned whoever made it, and there was no second administrator. ``seal`` covers the act and the one before it in
    the institution (:mod:`tanggap.records.arrangement`).
    """

    KINDS = (
        "hold", "end", "leave", "leave_end", "unit", "post", "column", "person", "details", "powers", "off", "on",
        "link", "kind", "kind_off", "units", "invite", "uninvite", "join",
    )  # fmt: skip

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12)
    data = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    alone = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("institution", "key"), condition=~Q(key=""), name="one_organisation_act"),
        )

    def __str__(self) -> str:
        return f"{self.institution_id} {self.kind} {self.made_at}"


class OrganisationMove(KeptMove):
    """A due moment that a change of units moved. Triggers refuse UPDATE and DELETE; the act says their digest."""

    act = models.ForeignKey(OrganisationAct, models.PROTECT, related_name="moves")
    case = models.ForeignKey(Case, models.PROTECT, related_name="organisation_moves")

    class Meta:
        ordering = ("act", "before", "pk")
        constraints = (models.UniqueConstraint(fields=("act", "case", "clock"), name="one_organisation_move"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"


class JoinLink(models.Model):
    """A link by which somebody who has an account joins an institution: once, for a day, kept as a digest alone."""

    digest = models.CharField(max_length=64, primary_key=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="join_links")
    powers = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.institution_id} {self.expires_at}"


class SignInLink(models.Model):
    """A link that lets its owner set a password, once and for a day. ``digest`` covers the password there was."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at}"
