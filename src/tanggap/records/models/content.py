"""What persons wrote, sent and are: encrypted per case, erasable, and never part of the event log but by digest."""

from __future__ import annotations

from django.db import models

from tanggap.records.models.cases import Case
from tanggap.records.models.people import User


class CaseKey(models.Model):
    """The key of one kind of content of one case, wrapped by the installation's key. Destroying it erases for good."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=12)  # content, identity
    wrapped = models.BinaryField(null=True)
    epoch = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "purpose"), name="one_key"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"


class Identity(models.Model):
    """Who complained: the vault. No other table holds a name, an address or a number of a complainant."""

    id = models.CharField(primary_key=True, max_length=40)
    case = models.OneToOneField(Case, models.CASCADE, related_name="vault")
    ciphertext = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    event_seq = models.PositiveIntegerField()
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.id


class IdentityReveal(models.Model):
    """Somebody looked at an identity: who, when and why. Append-only; the complainant sees it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reveals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"


class Message(models.Model):
    """Something written: the report, an answer, a reason, a note. ``digest`` (of the ciphertext) is in the chain.

    ``event_seq`` is the entry whose private digest covers it. ``audience``: who may read it besides the case's own
    officers: ``complainant`` or nobody (``internal``).
    """

    id = models.CharField(primary_key=True, max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20)
    author = models.CharField(max_length=40)
    medium = models.CharField(max_length=40, blank=True)
    audience = models.CharField(max_length=12, default="internal")
    at = models.DateTimeField()
    ciphertext = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    event_seq = models.PositiveIntegerField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "event_seq", "id")
        indexes = (models.Index(fields=("case", "kind"), name="message_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Attachment(models.Model):
    """A file, encrypted on disk under a random id; ``sha256`` and ``size`` are of the stored bytes.

    ``name`` is encrypted too (names of files name persons). ``type`` is told by the bytes, ``mismatch`` when the
    sender's name for it says otherwise. ``closed``: it says who sent it (a letter with its envelope), and is handed
    out only to whoever has looked at the identity, with a reason.
    """

    id = models.CharField(primary_key=True, max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.BinaryField(null=True)
    type = models.CharField(max_length=120)
    mismatch = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    size = models.PositiveBigIntegerField()
    plain_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("message", "position")

    def __str__(self) -> str:
        return self.id


class Rating(models.Model):
    """How satisfied the complainant was: 1 to 5; the words are a message of kind ``rating``."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="one_to_five"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.stars}"
