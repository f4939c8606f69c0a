"""Decrypted words of many cases in few queries: for lists that show a title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from tanggap.records import vault
from tanggap.records.contents import unseal
from tanggap.records.models import CaseKey, Message


def content_keys(cases: Iterable[UUID], *, purpose: str = "content") -> dict[UUID, bytes]:
    """The content keys of ``cases``; those destroyed are left out. One query."""
    stored = CaseKey.objects.filter(case__in=list(cases), purpose=purpose, wrapped__isnull=False)
    return {
        row.case_id: vault.unwrap(bytes(row.wrapped or b""), case=row.case_id, purpose=purpose, epoch=row.epoch)
        for row in stored
    }


def reports(cases: Iterable[UUID]) -> dict[UUID, Mapping[str, str]]:
    """The report of each case as the fields of the form (``title``, ``text``, ``service``, ...). Two queries."""
    wanted = list(cases)
    if not wanted:
        return {}
    keys = content_keys(wanted)
    found: dict[UUID, Mapping[str, str]] = {}
    for message in Message.objects.filter(case__in=wanted, kind="report", ciphertext__isnull=False):
        key = keys.get(message.case_id)
        if key is not None and message.case_id not in found:
            found[message.case_id] = unseal(key, message.ciphertext or b"", table="message", case=message.case_id)
    return found


def title_of(report: Mapping[str, str] | None) -> str:
    """What a list shows of a report: its title, else the beginning of its text; empty when it was erased."""
    if not report:
        return ""
    text = " ".join((report.get("title") or report.get("text", "")).split())
    return text if len(text) <= 90 else f"{text[:89].rstrip()}…"
