"""What arrives: the accounts it arrives by, every delivery byte for byte, and each message that was found in one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tanggap.records.models.cases import Case
from tanggap.records.models.people import Institution, Unit, User


class ChannelAccount(models.Model):
    """An address of an institution in a channel: a mailbox, a number, a page.

    ``settings`` are what its channel asks for (names to texts); ``secrets`` those that are secret, as encrypted JSON:
    they are written and used, never shown. ``key`` stands in the address a platform calls. ``cursor``: how far
    something that is polled was read. ``unit``: whose address it is, when it is not the institution's as a whole.
    ``next_at``: when it may be polled next (empty: at once); who polls moves it on by a lease, and ``turn`` is the
    fence; ``failures``: how often in a row that did not work. ``test_asked_at`` until ``tested_at``: somebody pressed
    the button and waits for ``tested_says``.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="accounts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="accounts")
    channel = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=26, unique=True)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(null=True)
    epoch = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)
    cursor = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    last_error_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    test_asked_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    tested_well = models.BooleanField(default=False)
    tested_says = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("channel", "name")
        constraints = (models.UniqueConstraint(fields=("institution", "channel", "name"), name="one_account_name"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.name}"


class Inbox(models.Model):
    """One delivery, stored before anything looked inside: ``sha256`` and ``size`` are of the bytes as they came.

    ``raw`` is encrypted; large ones lie in ``file`` instead (:mod:`tanggap.records.deliveries`). ``next_at``: when a
    worker may look at it next; a claim moves it on by a lease, and ``attempts`` tells a worker that woke up late that
    it lost the claim. ``why``: what kept it from being read. ``case``: the case a person sees it in when nobody could
    read it. ``erased_at``: since when the bytes are gone, with the person or because nothing became of them.
    """

    STATES = ("stored", "read", "quarantined")

    account = models.ForeignKey(ChannelAccount, models.PROTECT, related_name="deliveries", db_index=False)
    delivery = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    raw = models.BinaryField(null=True)
    file = models.CharField(max_length=40, blank=True)
    epoch = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, default="stored")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)  # arrivals in it
    known = models.PositiveIntegerField(default=0)  # of these, how many had come before
    why = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="quarantined_deliveries")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("received_at", "pk")
        constraints = (models.UniqueConstraint(fields=("account", "delivery"), name="one_delivery"),)
        indexes = (
            models.Index(fields=("attempts", "next_at"), condition=Q(state="stored"), name="inbox_due"),
            models.Index(fields=("account", "received_at"), name="inbox_account"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.delivery[:12]}"


class InboxItem(models.Model):
    """One arrival of a delivery, and what became of it.

    ``mark``: keyed digest of what makes it one thing in its account, so that it counts once however often it comes;
    ``external``: keyed digest of the id others answer it by; ``about``: of the one it is about. ``sender``: keyed
    digest of the address. ``words``: id, sender, subject and text as encrypted JSON, under the key of its case, or the
    installation's while it has none. ``decision`` and ``decided_by``: what an officer said of one that waited.
    """

    STATES = ("absorbed", "review", "recorded", "quarantined")

    account = models.ForeignKey(ChannelAccount, models.PROTECT, related_name="items", db_index=False)
    delivery = models.ForeignKey(Inbox, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12)
    mark = models.CharField(max_length=64)
    external = models.CharField(max_length=64)
    about = models.CharField(max_length=64, blank=True)
    sender = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=12)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="inbox_items")
    message = models.CharField(max_length=40, blank=True)
    words = models.BinaryField(null=True)
    epoch = models.PositiveSmallIntegerField(default=1)
    tags = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    decision = models.CharField(max_length=10, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("account", "mark"), name="one_item"),)
        indexes = (
            models.Index(fields=("mark",), name="item_mark"),
            models.Index(fields=("external",), name="item_external"),
            models.Index(fields=("about",), condition=~Q(about=""), name="item_about"),
            models.Index(fields=("account", "sender", "at"), name="item_sender"),
            models.Index(fields=("account", "at"), condition=Q(state="review"), name="item_review"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.mark[:12]}"


class SenderReveal(models.Model):
    """Somebody looked at who sent what waits in the inbox: who, when and why. Append-only.

    Should the arrival become a case, its complainant sees the look there (:class:`IdentityReveal`).
    """

    item = models.ForeignKey(InboxItem, models.PROTECT, related_name="reveals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.at}"


class InboxAnswer(models.Model):
    """What an item answers: ``external`` is the keyed digest of the id it names, known already or not yet."""

    item = models.ForeignKey(InboxItem, models.CASCADE, related_name="answers")
    external = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "external"), name="one_inbox_answer"),)
        indexes = (models.Index(fields=("external",), name="answer_external"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.external[:12]}"


class RemoteFile(models.Model):
    """A file of an arrival that its platform keeps: fetched later, it becomes words of its case with the file.

    ``words``: its id at the platform and its name, encrypted under the key of its case. ``next_at``: when a worker may
    fetch it; a claim moves it on by a lease, and ``attempts`` is the fence. ``why``: what kept it from being fetched.
    """

    STATES = ("waiting", "fetched", "gone")

    item = models.ForeignKey(InboxItem, models.CASCADE, related_name="remote_files")
    position = models.PositiveSmallIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="remote_files")
    words = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "position"), name="one_remote_file"),)
        indexes = (models.Index(fields=("next_at",), condition=Q(state="waiting"), name="remote_due"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.position} {self.state}"
