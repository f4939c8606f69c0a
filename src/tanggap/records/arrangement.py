"""The record of changed organisations: how an act is sealed, and which are no longer as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tanggap.casework.codec import canonical, moment_out
from tanggap.records.calendars import digest_of
from tanggap.records.models import Institution, OrganisationAct
from tanggap.records.recount import Recount


def last_act(institution: Institution) -> int:
    """What a page was drawn from: the last act of the institution; 0 before there is any."""
    return institution.acts.order_by("-pk").values_list("pk", flat=True).first() or 0


def moved_facts(found: Recount) -> dict[str, Any]:
    """What an act says of the due moments that it moved: how many, and the digest of their list."""
    lines = [(one.case, move.clock, move.before, move.after) for one in found.moved.values() for move in one.moves]
    return {"moved": len(lines), "moves": digest_of(lines)}


def _moves_of(act: OrganisationAct) -> Iterator[tuple[object, ...]]:
    return act.moves.order_by().values_list("case", "clock", "before", "after").iterator(chunk_size=2_000)


def keep(act: OrganisationAct) -> OrganisationAct:
    """Seal ``act`` onto the one before it, and store it. Inside a transaction that holds the institution."""
    before = OrganisationAct.objects.filter(institution=act.institution).order_by("-pk")
    act.seal = _seal(act, prev=before.values_list("seal", flat=True).first() or "")
    act.save()
    return act


def _seal(act: OrganisationAct, *, prev: str) -> str:
    facts = [
        prev, act.institution.key, act.kind, act.data, moment_out(act.made_at), act.made_by, act.why, act.alone,
        act.key,
    ]  # fmt: skip
    return sha256(canonical(facts)).hexdigest()


def damaged_acts() -> Iterator[tuple[str, str]]:
    """Institution and an Indonesian sentence for every act that is not as it was written."""
    for institution in Institution.objects.all():
        prev = ""
        for n, act in enumerate(institution.acts.order_by("pk").iterator(chunk_size=500), start=1):
            act.institution = institution
            if "moves" in act.data and digest_of(_moves_of(act)) != act.data["moves"]:
                yield institution.key, f"Daftar tenggat yang digeser perubahan organisasi ke-{n} diubah atau hilang."
            if _seal(act, prev=prev) != act.seal:
                yield institution.key, f"Perubahan organisasi ke-{n} diubah, atau yang sebelumnya hilang."
            prev = act.seal
