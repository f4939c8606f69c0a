"""What arrived is forgotten with the person, and what became nothing after a while: the bytes go, the digests stay.

Whose key was destroyed has left no letter behind either: neither the delivery nor the words beside it nor the letter as
it came among the files of the case. What waits beside such a case for an officer to decide may be somebody else's and
stays until they do. What no case took (machines, copies, what an officer left) goes after
``TANGGAP_RAW_DAYS``. The row stays, so that the same delivery is still known, and ``verify`` holds that it was due.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import QuerySet

from tanggap.records import deliveries, files
from tanggap.records.models import Attachment, Inbox, InboxItem
from tanggap.records.writing import write

_log = logging.getLogger(__name__)


def forget(*, at: datetime, limit: int = 500) -> int:
    """Forget what is due; how many deliveries. A file goes once its row says so: who is killed leaves an orphan."""
    erased = deliveries.of_erased()
    due = deliveries.due_to_be_forgotten(at=at)
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        done += _delivery(due.filter(pk=pk), at)
    _words(InboxItem.objects.filter(erased, words__isnull=False).exclude(deliveries.undecided()))
    for attachment in Attachment.objects.filter(erased, closed=True, erased_at__isnull=True)[:limit]:
        with write():
            Attachment.objects.filter(pk=attachment.pk).update(name=None, erased_at=at)
        _remove(attachment.pk)
    return done


def _delivery(still_due: QuerySet[Inbox], at: datetime) -> int:
    with write():
        row = still_due.select_for_update(of=("self",)).defer("raw").first()
        if row is None:
            return 0
        Inbox.objects.filter(pk=row.pk).update(raw=None, file="", erased_at=at)
        _words(InboxItem.objects.filter(delivery=row.pk, case__isnull=True))
    if row.file:
        _remove(row.file)
    return 1


def _words(items: QuerySet[InboxItem]) -> None:
    with write():
        items.update(words=None)


def _remove(file: str) -> None:
    try:
        files.erase(file)
    except OSError:  # the sweeper removes it: no row knows it any more
        _log.exception("a forgotten file could not be removed yet")
