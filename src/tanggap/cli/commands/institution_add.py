"""`tanggap institution add`: an institution comes in from its file, or from one of those that come with Tanggap."""

from __future__ import annotations

import argparse
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from tanggap.cli.terminal import CannotGoOn

NAME = "institution add"
GROUP = "Lembaga"
HELP = "Memasukkan lembaga (unit, jabatan, jam kerja, register) dari berkas TOML atau dari contoh bawaan."
EXAMPLES = ["tanggap institution add fakultas.toml", "tanggap institution add ub-fmipa"]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="BERKAS", help="berkas TOML lembaga, atau kunci lembaga bawaan")


def run(args: argparse.Namespace) -> int:
    """Create the institution, or bring it up to date with its file. Raises :class:`CannotGoOn`."""
    from tanggap.actions.organisation import (
        OrganisationRefused,
        import_organisation,
        seed_organisation,
        seed_organisations,
    )
    from tanggap.cli.commands.serve import prepare
    from tanggap.worktime.office_hours import CalendarRefused

    prepare()
    at = datetime.now(UTC)
    file = Path(args.file)
    try:
        if file.is_file():
            institution = import_organisation(tomllib.loads(file.read_text("utf-8")), at=at)
        elif args.file in seed_organisations():
            institution = seed_organisation(args.file, at=at)
        else:
            raise CannotGoOn(
                f"Tidak ada berkas atau lembaga bawaan “{args.file}”. Bawaan: {', '.join(seed_organisations())}."
            )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotGoOn(f"{file.name} bukan TOML yang benar: {error}") from error
    except (OrganisationRefused, CalendarRefused) as error:
        raise CannotGoOn(f"{args.file}: {error}") from error
    posts, units = institution.posts.count(), institution.units.count()
    print(f"{institution.name} ({institution.key}): {units} unit, {posts} jabatan.")
    for act in institution.acts.filter(kind="units", made_at=at):
        print(f"{len(act.data['posts'])} jabatan pindah unit; {act.data['moved']} tenggat bergeser, tercatat.")
    print(f"Berikutnya: tanggap sop import BERKAS --institution {institution.key} --approve")
    return 0
