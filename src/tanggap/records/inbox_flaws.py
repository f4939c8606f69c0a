"""Is everything that arrived still here, and was it counted once? For ``tanggap verify``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef

from tanggap.records.deliveries import (
    ABSORBED,
    LEAST_DAYS,
    QUARANTINED,
    STORED,
    UNREADABLE,
    Gone,
    of_erased,
    raw_of,
)  # fmt: skip
from tanggap.records.models import Inbox, InboxItem

LEAST = timedelta(days=LEAST_DAYS)


def inbox_flaws() -> Iterator[tuple[str, str]]:
    """Where, and what is wrong, in Indonesian.

    Of what a delivery was found to hold, each is a row of its own or was known before (I1); each that was absorbed
    has its case, and each delivery that nobody could read has one too; the bytes are those that came.
    """
    counted = (
        Inbox.objects.exclude(state=STORED)
        .annotate(rows=Count("items__position", distinct=True))
        .select_related("account")
    )
    for row in counted.exclude(found=F("rows") + F("known")).defer("raw"):
        yield (
            _where(row),
            f"Kiriman {row.pk} memuat {row.found} hal, tercatat {row.rows} dan {row.known} sudah dikenal.",
        )
    for row in counted.filter(state=UNREADABLE, case__isnull=True).defer("raw"):
        yield _where(row), f"Kiriman {row.pk} tidak terbaca dan tidak menjadi kasus."
    lost = InboxItem.objects.filter(state__in=(ABSORBED, QUARANTINED), case__isnull=True).select_related(
        "delivery__account"
    )
    for item in lost.defer("delivery__raw"):
        yield (
            _where(item.delivery),
            f"Kiriman {item.delivery_id}: hal {item.position + 1} tidak masuk ke kasus mana pun.",
        )
    for one in Inbox.objects.filter(erased_at__isnull=True).select_related("account").iterator(chunk_size=20):
        try:
            raw_of(one)
        except Gone:
            yield _where(one), f"Kiriman {one.pk} diubah atau hilang isinya."

    yield from _forgotten()


def _forgotten() -> Iterator[tuple[str, str]]:
    """Bytes are gone where the person was erased, or where nothing became of them for long enough: nowhere else."""
    gone = Inbox.objects.filter(erased_at__isnull=False).defer("raw").select_related("account")
    items = InboxItem.objects.filter(delivery=OuterRef("pk"))
    others = gone.exclude(of_erased()).exclude(Exists(items.filter(of_erased())))
    for one in others.annotate(taken=Exists(items.filter(state__in=(ABSORBED, QUARANTINED)))):
        long_ago = one.read_at is not None and one.erased_at is not None and one.erased_at - one.read_at >= LEAST
        if one.taken or not long_ago:
            yield _where(one), f"Kiriman {one.pk} dihapus isinya tanpa sebab."
    for row in gone.exclude(raw__isnull=True, file=""):
        yield _where(row), f"Kiriman {row.pk} tercatat dihapus isinya, tetapi isinya masih ada."


def _where(row: Inbox) -> str:
    return f"{row.account.channel} {row.account.name}"
