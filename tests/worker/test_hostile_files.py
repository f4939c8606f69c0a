"""Files made to break whoever opens them: kept byte for byte with the case, and opened by nobody here."""

from __future__ import annotations

import ast
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from struct import pack
from time import monotonic
from zlib import compress, crc32

import pytest

import mail_kinds
import worlds
from arrivals import Office, account, odd_channel
from tanggap.actions import inbox
from tanggap.actions.identity import reveal
from tanggap.actions.sops import import_sop
from tanggap.records import queries
from tanggap.records.models import Attachment
from tanggap.records.verification import verify
from tanggap.sop.errors import SopErrors

SRC = Path(__file__).resolve().parents[2] / "src" / "tanggap"
OPENERS = {"zipfile", "gzip", "tarfile", "lzma", "bz2", "lxml", "openpyxl", "docx", "pypdf"}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + '<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&j;&x;</svg>'
).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


def picture(width: int, height: int) -> bytes:
    """A PNG that says to be as large as that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))

    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", compress(bytes(1000))) + chunk(b"IEND", b"")


ZEROS = bytes(20_000_000)
BOMBS = {
    "bom.zip": zipped({f"lapis-{n}.zip": zipped({"nol": ZEROS}) for n in range(5)}),
    "dua-kali.gz": gzip.compress(gzip.compress(ZEROS)),
    "surat.docx": zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w>" + ZEROS + b"</w>"}),
    "tabel.xlsx": zipped({"[Content_Types].xml": LAUGHS, "xl/workbook.xml": LAUGHS}),
    "gambar.png": picture(50_000, 50_000),
    "arus.pdf": b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + compress(ZEROS) + b"\nendstream endobj",
    "tawa.svg": LAUGHS,
}


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    with odd_channel():
        world = worlds.build()
        found = Office(world, account(world, "surat", channel="email", settings=dict(mail_kinds.SETTINGS)))
        yield found
        found.child.close()


def test_files_that_swell_are_kept_as_they_came_and_never_opened(office: Office) -> None:
    """S44, S45: an archive in an archive, a gigabyte of XML, a picture of 50,000 by 50,000, entities of entities."""
    parts = (mail_kinds.attached(f'filename="{name}"', data) for name, data in BOMBS.items())
    raw = mail_kinds.several(1, mail_kinds.part(mail_kinds.TEXT, b"Terlampir."), *parts)
    inbox.store(office.account, raw, at=office.world.at)
    begun = monotonic()
    assert office.work().read == 1
    assert monotonic() - begun < 10
    (case,) = office.cases()
    coordinator = office.world.reader(office.world.coordinator)
    reveal(case.pk, by=coordinator, reason="verifikasi", words="", at=office.world.at)
    kept = {}
    for one in Attachment.objects.all():
        file = queries.stored_file(coordinator, one.pk)
        assert file is not None
        kept[file.name] = file.data
    assert BOMBS.items() <= kept.items()
    assert not list(verify(at=office.world.at))


def test_nothing_here_can_open_an_archive_a_picture_or_xml() -> None:
    """S44, S45: what is not imported cannot be made to swell; fonts are all that Pillow is for."""
    found = set()
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(one.name, path.name) for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {(f"{node.module}.{one.name}", path.name) for one in node.names}
    opening = {name for name, _ in found if name.split(".")[0] in OPENERS or name.startswith(("xml.", "PIL."))}
    assert opening == {"xml.sax.saxutils.escape", "PIL.ImageFont"}


@pytest.mark.django_db
def test_a_sop_that_is_xml_is_refused() -> None:
    """S45: a sheet is a text of its own form; entities are words in it that nobody knows."""
    world = worlds.build()
    with pytest.raises(SopErrors):
        import_sop(world.institution, LAUGHS.decode(), name="tawa.toml", at=world.at)
