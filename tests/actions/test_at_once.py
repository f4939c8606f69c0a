"""An answer on the spot that was interrupted: the same form again goes on where it stopped."""

from __future__ import annotations

from typing import Any

import pytest

import worlds
from tanggap.actions import at_once
from tanggap.actions.cases import Acted, act
from tanggap.actions.intake import Incoming, receive
from tanggap.records.models import Case, Membership

pytestmark = pytest.mark.django_db


def test_what_was_interrupted_between_two_rows_is_answered_by_the_same_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """S1-3: neither lost nor kept as a mere note."""
    world = worlds.build("unesa-feb")
    desk = world.on["petugas-tu"]
    Membership.objects.update_or_create(institution=world.institution, user=desk, defaults={"desk": True})
    said = Incoming(
        "Lampu mati.", channel="lisan", attributes={"urgensi": "tinggi", "jenis": "sarana"}
    )  # fmt: skip
    who = world.reader(desk)
    case = receive("unesa-feb", said, key=world.key(), at=world.at, by=who).case

    def torn(*told: Any, **more: Any) -> Acted:
        done = act(*told, **more)
        monkeypatch.setattr(at_once, "act", act)
        raise KeyboardInterrupt(done.register)

    def answer() -> bool:
        return at_once.answer_at_once(case, "Sudah diganti.", medium="lisan", key="k", at=world.at, by=who)

    monkeypatch.setattr(at_once, "act", torn)
    with pytest.raises(KeyboardInterrupt):
        answer()
    assert not Case.objects.get(pk=case).answered
    assert answer()
    assert Case.objects.get(pk=case).answered
    assert answer(), "and once more it is done"
