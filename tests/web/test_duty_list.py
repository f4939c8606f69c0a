"""The list of duties: filtered by the unit for which a duty reaches its reader."""

from __future__ import annotations

from tanggap.actions.organisation import appoint
from tanggap.casework.commands import Dispose
from tanggap.records.models import Post
from town import Town


def test_whoever_works_for_two_units_sees_the_duties_of_one_of_them(town: Town) -> None:
    """One person, two posts in two units: each duty stands under the unit it came for."""
    first, second = town.complainant(), town.complainant()
    for one in (first, second):
        one.report(town.key, "Nilai praktikum saya tertukar.")
    world, head = town.world, town.on("kabag-tu")
    appoint(Post.objects.get(institution=town.institution, key="kadep-kimia"), head.user, from_at=world.at)
    world.at = town.clock.now
    for one, post in ((first, "kabag-tu"), (second, "kadep-kimia")):
        case = town.case(one.register)
        world.act(Dispose("2#1", (post,)), case.pk, world.on["operator-mipa-care"])
    both = head.duties()
    both.says(first.register, second.register)
    form = both.form("Saring").pick("Unit", "Departemen Kimia")
    form.send().says(second.register).says_not(first.register)
    town.on("operator-mipa-care").duties().says_not("Semua unit")
