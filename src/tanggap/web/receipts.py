"""The receipt: what a complainant takes home, on one sheet, with a QR code that keeps the secret out of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tanggap.actions.intake import Incoming, Receipt
from tanggap.records import queries
from tanggap.sop.flow import Flow
from tanggap.web import labels, path, printed, promises
from tanggap.web.path import Node


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What the sheet shows."""

    register: str
    code: str
    qr: SafeString | None
    received_at: datetime
    recorded_at: datetime
    recorded_by: str
    channel: str
    kind: str
    identity: str
    files: int
    sop_number: str
    promise_due: datetime | None
    promise_source: str
    path: list[Node]
    return_note: str


def receipt_page(receipt: Receipt, incoming: Incoming, *, at: datetime, recorded_by: str = "") -> ReceiptPage:
    """The sheet for a complaint just received."""
    tracked = queries.tracked_case(receipt.case, at=at)
    nodes = path.promised(
        tracked.shelf, tracked.state.sop, tracked.state.procedure,
        start=receipt.received_at, attributes=tracked.state.attributes, done=True,
    )  # fmt: skip
    return ReceiptPage(
        register=receipt.register,
        code=receipt.code,
        qr=qr(receipt.register, receipt.code) if receipt.code else None,
        received_at=receipt.received_at,
        recorded_at=tracked.recorded_at,
        recorded_by=recorded_by,
        channel=tracked.state.attributes.get("channel", incoming.channel),
        kind=str(labels.kind_of(tracked.institution, tracked.state.attributes)),
        identity=tracked.state.attributes.get("identity", incoming.identity),
        files=len(incoming.files),
        sop_number=tracked.sop.identity.number,
        promise_due=receipt.promise_due_at,
        promise_source=promises.source_words(receipt.promise_source),
        path=nodes,
        return_note=_return_note(tracked.shelf.flow(tracked.state.sop, tracked.state.procedure)),
    )


def _return_note(flow: Flow) -> str:
    """Which rows may come again, so that nobody is surprised by a second round."""
    rows = [
        (printed.name(step), printed.name(flow.steps[target]))
        for step in flow.procedure.steps
        for target in flow.edges[step.id]
        if flow.is_return(step.id, target)
    ]
    if not rows:
        return ""
    words = "; ".join(_("%(step)s dapat kembali ke %(target)s") % {"step": a, "target": b} for a, b in rows)
    return _("Bila hasil belum sesuai, %(words)s. Setiap pengulangan tampak di halaman Lacak.") % {"words": words}


def qr(register: str, code: str) -> SafeString:
    """A QR code to the tracking page; number and code stand behind ``#``, which browsers never send."""
    base = settings.TANGGAP_BASE_URL or ""
    made = segno.make(f"{base}{reverse('track')}#{register};{code}", micro=False, error="m")
    drawn = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                drawn.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width or 1
    side = len(made.matrix)
    return format_html(
        '<svg class="qr" viewBox="-3 -3 {0} {0}" role="img" aria-label="{1}">'
        '<rect class="qr-paper" x="-3" y="-3" width="{0}" height="{0}"/><path d="{2}"/></svg>',
        side + 6,
        _("Kode QR menuju halaman lacak"),
        "".join(drawn),
    )
