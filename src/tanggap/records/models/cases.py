"""Cases: the append-only event log, and what is projected from it in the same transaction."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.db import models

from tanggap.records.models.people import Institution

COMPLAINTS, DUTIES = "", "duty"
"""The books a case may stand in: the register of complaints, and the periodic duties with numbers of their own."""


class Case(models.Model):
    """One complaint, or one periodic duty (``book``). What stands below the line is projected from its log; only the

    store writes it.
    """

    id = models.UUIDField(primary_key=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="cases")
    book = models.CharField(max_length=10, blank=True, default=COMPLAINTS)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    register = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    promise_due_at = models.DateTimeField(null=True, blank=True)
    promise_source = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    notices_after = models.PositiveIntegerField(default=0)  # of entries up to here no notice is asked for any more
    # ---- projected ----
    seq = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    counted_by = models.CharField(max_length=80, blank=True)  # rules and calendars of the rows of an open case
    sop_id = models.CharField(max_length=100)
    sop_hash = models.CharField(max_length=64)
    procedure = models.CharField(max_length=140)
    status = models.CharField(max_length=10)
    outcome = models.CharField(max_length=60, blank=True)
    answered = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    nobody = models.BooleanField(default=False)  # an open visit has no performer: the coordinator's list
    late = models.BooleanField(default=False)  # a standard of the organisation passed unmet, now or before
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()
    channel = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    identity = models.CharField(max_length=20, blank=True)
    attributes = models.JSONField(default=dict)
    next_moment = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at",)
        constraints = (
            models.UniqueConstraint(fields=("institution", "book", "year", "n"), name="register_number"),
            models.UniqueConstraint(fields=("register", "institution"), name="register_words"),
        )
        indexes = (
            models.Index(fields=("next_moment",), name="case_next_moment"),
            models.Index(fields=("institution", "status", "received_at"), name="case_open"),
            models.Index(fields=("sop_hash",), name="case_sop"),
            models.Index(
                fields=("institution", "sop_id", "procedure"), condition=models.Q(book=DUTIES), name="case_duty"
            ),
        )

    def __str__(self) -> str:
        return self.register


class CaseEvent(models.Model):
    """One line of the log, chained: ``hash`` covers ``prev``, the public words, and ``private`` (digest of contents).

    ``data`` is canonical JSON as text: the very bytes the hash covers. Triggers refuse UPDATE and DELETE.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    data = models.TextField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    key = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    private = models.CharField(max_length=64, blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("case", "seq")
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="one_event_per_seq"),)
        indexes = (models.Index(fields=("by", "recorded_at"), name="event_by"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.kind}"


class Duty(models.Model):
    """What somebody must do now: one row per open visit and per open disposition. It goes when the duty is done.

    ``name`` is the clock's name: ``step:4#1`` or ``disposition:d1``. ``no`` and ``what`` are the words of the row.
    """

    id = models.UUIDField(primary_key=True)  # made of case and name, see duty_id
    case = models.ForeignKey(Case, models.CASCADE, related_name="duties")
    name = models.CharField(max_length=80)
    visit = models.CharField(max_length=60)
    row = models.CharField(max_length=50)
    disposition = models.CharField(max_length=20, blank=True)
    no = models.CharField(max_length=20, blank=True)
    what = models.TextField()
    party = models.CharField(max_length=20, blank=True)  # complainant, respondent, outside: who is not simply staff
    round = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    respond_due_at = models.DateTimeField(null=True, blank=True)
    breaches = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    waits_for = models.CharField(max_length=60, blank=True)  # the named reason, while paused
    level = models.PositiveSmallIntegerField(default=0)  # how far it has climbed; 0: nowhere
    warned = models.BooleanField(default=False)  # not projected: that it is nearly due has been told (or need not be)

    class Meta:
        ordering = (models.F("due_at").asc(nulls_last=True), "opened_at")
        constraints = (models.UniqueConstraint(fields=("case", "name"), name="one_duty"),)
        indexes = (
            models.Index(fields=("due_at",), name="duty_due"),
            models.Index(fields=("warn_at",), condition=models.Q(warned=False), name="duty_to_warn"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


def duty_id(case: UUID, name: str) -> UUID:
    """The id of the duty ``name`` of ``case``: known without asking."""
    return uuid5(case, name)


class DutyPost(models.Model):
    """Who may do the duty: the key of a post, or of a unit whose posts may (of the case's own institution)."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="posts")
    name = models.SlugField()
    group = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("duty", "name", "group"), name="one_duty_post"),)

    def __str__(self) -> str:
        return f"{self.duty_id} {self.name}"


class DutyRung(models.Model):
    """A post that was rung about the duty, by the last of its rungs: since when, how far up, why (*eskalasi*)."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="rungs")
    name = models.SlugField()
    cause = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("duty", "name"), name="one_duty_rung"),)

    def __str__(self) -> str:
        return f"{self.duty_id} {self.name} {self.level}"


class CaseParty(models.Model):
    """What a post or unit has to do with a case: ``performer`` (now or once), ``rung``, ``respondent``."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    name = models.SlugField()
    part = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "name", "part"), name="one_party"),)
        indexes = (models.Index(fields=("name", "part"), name="party_name"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.part} {self.name}"


class RegisterCounter(models.Model):
    """The last number given, per institution, book and year; taken in the transaction that writes the case."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="counters")
    book = models.CharField(max_length=10, blank=True, default=COMPLAINTS)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("institution", "book", "year"), name="one_counter"),)

    def __str__(self) -> str:
        return f"{self.institution_id} {self.year}: {self.last}"


class IntakeKey(models.Model):
    """The form key a complaint came with: the same form sent twice finds its case. ``body`` tells copies apart."""

    digest = models.CharField(max_length=64, unique=True)
    body = models.CharField(max_length=64)
    case = models.OneToOneField(Case, models.CASCADE, related_name="intake_key")

    def __str__(self) -> str:
        return self.digest[:8]


class TrackingCode(models.Model):
    """The Argon2id hash of the complainant's code; the code itself is never stored."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="tracking_code")
    hash = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.case_id}"
