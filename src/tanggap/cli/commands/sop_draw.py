"""`tanggap sop draw`: the official sheet of an SOP file as SVG, identity block first, one file for each sheet."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from tanggap.cli.terminal import CannotGoOn
from tanggap.documents.flowchart.geometry import PAPERS
from tanggap.sop.errors import SopErrors
from tanggap.sop.load import load
from tanggap.sop.model import Procedure, Sop

NAME = "sop draw"
HELP = "Menggambar lembar SOP resmi (identitas dan tabel dengan diagram alir) dari berkas SOP sebagai SVG."
EXAMPLES = [
    "tanggap sop draw sop.toml -o lembar.svg",
    "tanggap sop draw sop.toml -o lembar.svg --paper f4",
    "tanggap sop draw sop.toml -o diagram.svg --paper web --procedure langsung",
]
GROUP = "SOP"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="BERKAS", help="berkas SOP (TOML)")
    parser.add_argument("-o", "--output", metavar="X.svg", required=True, help="berkas hasil; beberapa: X-1.svg, ...")
    parser.add_argument(
        "--paper", choices=sorted(PAPERS), default="a4", help="kertas (bawaan: a4); web: tanpa identitas"
    )
    parser.add_argument("--procedure", metavar="P", help="hanya prosedur ini (bawaan: semua)")


def run(args: argparse.Namespace) -> int:
    """Write the sheets and say which. Raises :class:`CannotGoOn` when the file or the procedure cannot be read."""
    source = Path(args.file)
    try:
        sop = load(source.read_bytes(), name=source.name)
    except SopErrors as errors:
        raise CannotGoOn(str(errors)) from None
    sheets = list(_sheets(sop, _chosen(sop, args.procedure), args.paper))
    for path, text in zip(_paths(Path(args.output), len(sheets)), sheets, strict=True):
        path.write_text(text, encoding="utf-8")
        print(f"Ditulis: {path}")
    return 0


def _chosen(sop: Sop, procedure: str | None) -> Sequence[Procedure]:
    if procedure is None:
        return sop.procedures
    try:
        return (sop.procedure(procedure),)
    except KeyError:
        known = ", ".join(known.id for known in sop.procedures)
        raise CannotGoOn(f"Prosedur “{procedure}” tidak ada. Yang ada: {known}.") from None


def _sheets(sop: Sop, procedures: Sequence[Procedure], paper: str) -> Iterator[str]:
    # Loaded late: the face is read from its file, and listing the commands needs none of it.
    from tanggap.documents.flowchart.identity import identity_block
    from tanggap.documents.flowchart.measure import source_sans
    from tanggap.documents.flowchart.sop_drawing import sheet_of
    from tanggap.documents.flowchart.svg import svg

    if paper != "web":
        block = identity_block(sop, PAPERS[paper], source_sans)
        yield from svg(block, title=f"Identitas {sop.identity.title}", prefix="identitas", standalone=True)
    for procedure in procedures:
        title = procedure.label or sop.identity.title
        yield from svg(sheet_of(sop, procedure, paper), title=title, prefix=f"sop-{procedure.id}", standalone=True)


def _paths(output: Path, count: int) -> list[Path]:
    if count == 1:
        return [output]
    return [output.with_name(f"{output.stem}-{number}{output.suffix}") for number in range(1, count + 1)]
