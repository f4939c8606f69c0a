"""What is to be told: the outbox, the words an institution tells it in, and addresses whose owner confirmed them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tanggap.records.models.cases import Case
from tanggap.records.models.inbox import ChannelAccount
from tanggap.records.models.people import Institution, User


class Outbox(models.Model):
    """One notice to one reader, written in the transaction of the events it follows from.

    ``notice`` is its key (:attr:`tanggap.casework.notices.Notice.key`). ``recipient`` is a reference and never an
    address: the log id of a user, the id of an identity in the vault, or empty for nobody. ``next_at``: when a worker
    may look at it next; a claim moves it on by a lease, and ``attempts`` tells a worker that woke up late that it lost
    the claim. ``letter``: the message it travels in, whose id never changes. ``why``: what the state has to say.
    ``channel`` and ``account``: the way it takes; ``tried``: ways that were refused. ``by_hand``: a person tells it.
    """

    STATES = ("queued", "sent", "failed", "poison", "silenced", "by_hand")

    case = models.ForeignKey(Case, models.CASCADE, related_name="outbox", db_index=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="outbox", db_index=False)
    notice = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    audience = models.CharField(max_length=12)
    recipient = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=80, blank=True)
    step = models.CharField(max_length=160, blank=True)  # number and words of the row, as the SOP prints them
    moment = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="queued")
    why = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    account = models.ForeignKey(ChannelAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    tried = models.CharField(max_length=120, blank=True, default="")
    worded = models.BooleanField(default=False)  # it carries what an officer wrote, and is no automatic message
    language = models.CharField(max_length=5, blank=True)
    template = models.PositiveIntegerField(null=True)
    address = models.CharField(max_length=64, blank=True)  # keyed digest: tells equal from unequal, for the caps
    reserved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=40, blank=True)  # who saw to it by hand when it could not leave
    external = models.CharField(max_length=64, blank=True)  # keyed digest of the id its channel gave the message
    reached = models.CharField(max_length=10, blank=True)  # what the channel says: sent, delivered, read, failed
    reached_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")
        constraints = (models.UniqueConstraint(fields=("case", "notice", "recipient"), name="one_notice"),)
        indexes = (
            models.Index(fields=("next_at",), condition=Q(state="queued"), name="outbox_due"),
            models.Index(fields=("recipient", "made_at"), name="outbox_reader"),
            models.Index(fields=("letter",), condition=~Q(letter=""), name="outbox_letter"),
            models.Index(fields=("external",), condition=~Q(external=""), name="outbox_external"),
            models.Index(fields=("address", "reserved_at"), condition=~Q(address=""), name="outbox_address"),
            models.Index(
                fields=("institution", "state"),
                condition=Q(state__in=("failed", "poison", "by_hand")),
                name="outbox_tasks",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.notice}"


class NoticeTemplate(models.Model):
    """The words of one kind of notice as an institution wrote them. A change is another version; the last one holds."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="notice_templates")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    short = models.TextField(blank=True, default="")  # for chats and SMS; empty: as it comes with Tanggap
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("kind", "language", "-version")
        constraints = (
            models.UniqueConstraint(fields=("institution", "kind", "language", "version"), name="one_template"),
        )

    def __str__(self) -> str:
        return f"{self.institution_id} {self.kind}.{self.language} {self.version}"


class ConfirmedAddress(models.Model):
    """An address whose owner opened the page named in a message to it: it may be written to more than once a day."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]
