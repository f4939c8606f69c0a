"""A suggestion box is opened once, whatever becomes of the machine while its slips are written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import worlds
from tanggap.actions import boxes
from tanggap.actions.boxes import Opening, Slip, open_box
from tanggap.records.models import BoxOpening, BoxSlip, Case

TEXTS = ["Tambah colokan listrik.", "Kantin kotor.", "Terima kasih."]


class PowerCut(BaseException):
    """Nothing after this happens, and nobody catches it."""


def before(call: Callable[..., Any]) -> Callable[..., Any]:
    def cut(*_given: object, **_more: object) -> None:
        raise PowerCut

    return cut


def after(call: Callable[..., Any]) -> Callable[..., Any]:
    def cut(*given: object, **more: object) -> None:
        call(*given, **more)
        raise PowerCut

    return cut


@pytest.mark.django_db
@pytest.mark.parametrize("moment", [before, after])
@pytest.mark.parametrize("after_slips", range(len(TEXTS)))
def test_an_opening_that_was_interrupted_goes_on_and_no_slip_is_lost_or_doubled(
    after_slips: int, moment: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2-2: cut off before a slip is received, and after it is a case but before the opening knows of it."""
    world = worlds.build()
    real, calls = boxes.receive, iter(range(len(TEXTS)))

    def receive(*given: Any, **more: Any) -> object:
        return (moment(real) if next(calls) == after_slips else real)(*given, **more)

    def send() -> BoxOpening:
        opening = Opening("Lobi Gedung C", world.at, "Budi", "Ani", len(TEXTS) + 1)
        slips = [Slip(text) for text in TEXTS]
        return open_box("ub-fmipa", opening, slips, key="kotak", at=world.at, by=world.reader(world.desk))

    monkeypatch.setattr(boxes, "receive", receive)
    with pytest.raises(PowerCut):
        send()
    assert Case.objects.count() == after_slips + (moment is after)
    assert BoxSlip.objects.count() == after_slips
    monkeypatch.setattr(boxes, "receive", real)
    world.later(hours=1)
    opening = send()
    assert send() == opening == BoxOpening.objects.get()
    assert (opening.n, opening.slips) == (1, len(TEXTS) + 1)
    found = [slip.case for slip in BoxSlip.objects.order_by("position").select_related("case")]
    assert found == list(Case.objects.order_by("n"))
    assert len(found) == len(TEXTS)
