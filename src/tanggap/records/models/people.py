"""Who there is: institutions, units, posts, the persons who hold them, and what they may do."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

DEFINITIVE, VACANCY, ACTING = "definitif", "plt", "plh"
"""In which capacity somebody holds a post: in their own right; while it is vacant; while its holder is away."""

DEFAULT_TEMPLATE = "{n:04}/PGD/{institution}/{roman_month}/{year}"


def new_revision() -> int:
    """A number that no institution ever had: a restored copy of the database never looks like the one it was."""
    return secrets.randbits(62)


class Institution(models.Model):
    """An institution that answers complaints. What differs between institutions is a column here, never code.

    ``revision`` is another with every change of units, posts, holders, columns, hours or SOP versions: what was
    compiled from them is kept in memory while it is the same.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    lines = models.JSONField(default=list, help_text="Kop surat, baris demi baris.")
    address = models.TextField(blank=True)
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    accent_hue = models.FloatField(default=258.0)
    accent_chroma = models.FloatField(default=0.11)
    register_template = models.CharField(max_length=120, default=DEFAULT_TEMPLATE)
    answer_within = models.CharField(max_length=40, default="14 hari kalender")
    answer_within_source = models.CharField(max_length=120, default="UU 25/2009")
    contacts = models.JSONField(default=dict, help_text="Kanal resmi: telepon, whatsapp, email, alamat web.")
    joint_leave_off = models.BooleanField(default=True, help_text="Cuti bersama adalah hari libur.")
    kinds = models.JSONField(default=list, help_text="Jenis laporan lembaga sendiri: key, label, dan as (jenis baku).")
    services = models.JSONField(default=list, help_text="Layanan yang dapat disebut pelapor.")
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveBigIntegerField(default=new_revision)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.short_name


class Unit(models.Model):
    """A part of an institution (bagian, biro, fakultas); offered as respondent when ``may_be_complained_of``."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="units")
    key = models.SlugField()
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    may_be_complained_of = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "key")
        constraints = (models.UniqueConstraint(fields=("institution", "key"), name="unit_key"),)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (jabatan). Its ``key`` is what the event log names, so it never changes and is never used again."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    key = models.SlugField()
    name = models.CharField(max_length=200)
    superior = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    is_fallback = models.BooleanField(default=False, help_text="Jenjang terakhir bila tidak ada pelaksana.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "key")
        constraints = (
            models.UniqueConstraint(fields=("institution", "key"), name="post_key"),
            models.UniqueConstraint(fields=("institution",), condition=Q(is_fallback=True), name="one_fallback"),
        )

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in, while ``is_active``. The log names the ``person`` id, never the name."""

    full_name = models.CharField(max_length=200, blank=True)
    nip = models.CharField(max_length=40, blank=True)

    class Meta(AbstractUser.Meta):
        pass

    @property
    def person(self) -> str:
        """The id of this person in the event log."""
        return f"u{self.pk}"

    @property
    def shown_name(self) -> str:
        """The name as colleagues read it."""
        return self.full_name or self.get_full_name() or self.username

    def __str__(self) -> str:
        return self.shown_name


class Holder(models.Model):
    """Who holds a post, from when until when (exclusive), and in which capacity.

    ``instead_of``: whom a Plh. stands in for; empty means everybody who holds the post in their own right.
    """

    KINDS = ((DEFINITIVE, "Definitif"), (VACANCY, "Plt."), (ACTING, "Plh."))

    post = models.ForeignKey(Post, models.PROTECT, related_name="holders")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=12, choices=KINDS, default=DEFINITIVE)
    instead_of = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="stand_ins")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("from_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=models.F("from_at")), name="holder_span"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()} {self.post}"


class Membership(models.Model):
    """What a person may do in an institution besides performing the rows of the posts held; read anew at each page."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    desk = models.BooleanField(default=False, help_text="Meja layanan: mencatat untuk orang lain.")
    coordinator = models.BooleanField(default=False, help_text="Koordinator: menyimpang dari SOP dengan alasan.")
    officer = models.BooleanField(default=True, help_text="Petugas: melaksanakan langkah.")
    auditor = models.BooleanField(default=False, help_text="Pengawas: membaca semua, tidak mengubah.")
    admin = models.BooleanField(default=False, help_text="Pengelola: mengatur organisasi dan SOP, tanpa membaca.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("institution", "user"), name="one_membership"),)

    def __str__(self) -> str:
        return f"{self.user} @ {self.institution}"


class Column(models.Model):
    """Which post fills a column (Pelaksana) of an SOP; several rows for several posts."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="columns")
    sop_id = models.SlugField(max_length=100)
    role = models.CharField(max_length=60)
    post = models.ForeignKey(Post, models.PROTECT, related_name="columns")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("sop_id", "role", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("institution", "sop_id", "role", "post"), name="one_column"),)

    def __str__(self) -> str:
        return f"{self.sop_id}:{self.role} -> {self.post}"
