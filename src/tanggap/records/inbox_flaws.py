"""Is everything that arrived still here, and was it counted once? For ``tanggap verify``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from tanggap.records.deliveries import ABSORBED, QUARANTINED, STORED, UNREADABLE, Gone, raw_of
from tanggap.records.models import Inbox, InboxItem


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
    for one in Inbox.objects.select_related("account").iterator(chunk_size=20):
        try:
            raw_of(one)
        except Gone:
            yield _where(one), f"Kiriman {one.pk} diubah atau hilang isinya."


def _where(row: Inbox) -> str:
    return f"{row.account.channel} {row.account.name}"
