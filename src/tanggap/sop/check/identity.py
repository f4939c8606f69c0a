"""Rules about the identity block: empty fields, signatures, dates, repealed references, words that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tanggap.sop.check.finding import Document, Note, document_rule
from tanggap.sop.model import Form, Identity, Signature

FIELDS = {
    "number": "Nomor SOP",
    "title": "Nama SOP",
    "created_date": "Tanggal pembuatan",
    "revised_date": "Tanggal revisi",
    "effective_date": "Tanggal efektif",
    "legal_basis": "Dasar hukum",
    "qualifications": "Kualifikasi pelaksana",
    "related": "Keterkaitan",
    "equipment": "Peralatan/perlengkapan",
    "warning": "Peringatan",
    "filing": "Pencatatan dan pendataan",
}
"""The identity block of PermenPANRB 35/2012."""

NARRATIVE_FIELDS = ("number", "title", "effective_date")
"""What a narrative procedure prints at the head of every page."""

DATES = {
    "created_date": "Tanggal pembuatan",
    "revised_date": "Tanggal revisi",
    "review_date": "Tanggal tinjau ulang",
    "effective_date": "Tanggal efektif",
    "issued_date": "Tanggal terbit",
}
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
SATURDAY = 5

REPEALED = (
    (r"ISO 9001:2008", "ISO 9001:2008", "ISO 9001:2015"),
    (r"ISO 10002:20(04|14)", "ISO 10002 lama", "ISO 10002:2018"),
    (r"PAN\W?RB\D{0,40}24 TAHUN 2014|PAN\W?RB\D{0,40}24/2014", "PermenPANRB 24/2014", "PermenPANRB 5/2025"),
    (r"PAN\W?RB\D{0,40}62 TAHUN 2018|PAN\W?RB\D{0,40}62/2018", "PermenPANRB 62/2018", "PermenPANRB 5/2025"),
    (r"PER/21/M\.PAN/11/2008", "PermenPAN PER/21/M.PAN/11/2008", "PermenPANRB 35/2012"),
    (r"RISTEK\D{0,60}30 TAHUN 2021|RISTEK\D{0,60}30/2021", "Permendikbudristek 30/2021", "Permendikbudristek 55/2024"),
)  # fmt: skip
"""Pattern, rule no longer in force, rule that took its place."""

MINISTRY = re.compile(r"PENDAYAGUNAAN APARATUR NEGARA DAN REFORMASI BIROKRASI")


def is_empty(value: object) -> bool:
    """True for a cell that says nothing, as printed: empty, a dash of any length, a list of dashes."""
    if isinstance(value, tuple):
        return all(is_empty(item) for item in value)
    return value is None or (isinstance(value, str) and not value.strip(" -\N{EN DASH}\N{EM DASH}"))


def approver(identity: Identity) -> Signature | None:
    """Who puts the document in force: the box "Disahkan", else "Disetujui"."""
    for word in ("disahkan", "disetujui"):
        for signature in identity.signatures:
            if word in signature.part.lower():
                return signature
    return None


@document_rule("empty_field")
def empty_fields(document: Document) -> Iterator[Note]:
    """Each field of the block that is missing, empty or a dash."""
    identity = document.sop.identity
    for key in NARRATIVE_FIELDS if identity.form is Form.NARRATIVE else FIELDS:
        if is_empty(getattr(identity, key)):
            yield Note(f"{FIELDS[key]} kosong, padahal termasuk blok identitas SOP.", key)


@document_rule("unsigned")
def unsigned(document: Document) -> Iterator[Note]:
    """The approver's office, name and number; the date of a signature where others are dated."""
    signature = approver(document.sop.identity)
    if signature is None:
        yield Note("Tidak ada pejabat yang mengesahkan SOP ini.", "signature")
        return
    for key, label in (("post", "Jabatan"), ("name", "Nama"), ("nip", "NIP")):
        if is_empty(getattr(signature, key)):
            yield Note(f"{label} pejabat yang mengesahkan kosong.", f"signature.{key}")


@document_rule("undated_signature")
def undated_signatures(document: Document) -> Iterator[Note]:
    """A box of the sign-off chain without its date, where another box has one."""
    signatures = document.sop.identity.signatures
    if any(signature.date for signature in signatures):
        for signature in signatures:
            if signature.date is None:
                yield Note(f'Tanda tangan "{signature.part}" tidak bertanggal.', "signature.date")


@document_rule("uncontrolled_copy")
def uncontrolled_copies(document: Document) -> Iterator[Note]:
    """A line of the distribution list that is neither ticked nor dated."""
    for copy in document.sop.identity.copies:
        if not copy.ticked or copy.date is None:
            yield Note(
                f"Salinan untuk {copy.unit} belum ditandai {copy.status or 'terkendali'} dan bertanggal.", "copy"
            )


@document_rule("empty_section")
def empty_sections(document: Document) -> Iterator[Note]:
    """A chapter with a heading and nothing under it; the chapters that hold the rows and the drawing excepted."""
    for section in document.sop.identity.sections:
        holds_rows = re.search("PROSEDUR|DIAGRAM|FLOW ?CHART", section.title.upper())
        if not section.text and not section.items and not holds_rows:
            yield Note(f'Bagian "{section.title}" kosong.', "section")


@document_rule("date_order")
def dates_out_of_order(document: Document) -> Iterator[Note]:
    """Nothing is revised, signed, issued or in force before it was made."""
    identity = document.sop.identity
    pairs = (
        ("created_date", "revised_date"),
        ("created_date", "effective_date"),
        ("created_date", "issued_date"),
        ("effective_date", "review_date"),
    )
    for first, second in pairs:
        before, after = getattr(identity, first), getattr(identity, second)
        if before and after and after < before:
            yield Note(f"{DATES[second]} mendahului {DATES[first].lower()}.", second)
    effective = identity.effective_date
    for signature in identity.signatures:
        if effective and signature.date and signature.date > effective:
            yield Note(f'Tanggal efektif mendahului tanda tangan "{signature.part}".', "effective_date")


@document_rule("revised_before_effective")
def revised_before_effective(document: Document) -> Iterator[Note]:
    """A revision older than the first day in force: a document revised before anybody used it."""
    identity = document.sop.identity
    if identity.revised_date and identity.effective_date and identity.revised_date < identity.effective_date:
        yield Note("SOP sudah direvisi sebelum berlaku efektif.", "revised_date")


@document_rule("revised_when_effective")
def revised_when_effective(document: Document) -> Iterator[Note]:
    """One date for revision and effect: the first day in force is no longer known."""
    identity = document.sop.identity
    if identity.revised_date and identity.revised_date == identity.effective_date:
        yield Note(
            "Tanggal revisi sama dengan tanggal efektif; tanggal efektif pertama tidak tercatat.", "revised_date"
        )


@document_rule("day_off")
def dates_on_a_day_off(document: Document) -> Iterator[Note]:
    """A date of the document on a Saturday, a Sunday or a holiday."""
    for key, label in DATES.items():
        day = getattr(document.sop.identity, key)
        if day and (name := _day_off(day, document)):
            yield Note(f"{label} {day.day}-{day.month}-{day.year} jatuh pada hari libur ({name}).", key)


def _day_off(day: date, document: Document) -> str:
    return document.holidays.get(day) or (DAYS[day.weekday()] if day.weekday() >= SATURDAY else "")


@document_rule("repealed")
def repealed_references(document: Document) -> Iterator[Note]:
    """A regulation or standard that is no longer in force."""
    identity = document.sop.identity
    for key in ("legal_basis", "references"):
        for reference in getattr(identity, key):
            plain = re.sub(r"\s*:\s*", ":", MINISTRY.sub("PANRB", reference.upper()))
            for pattern, old, new in REPEALED:
                if re.search(pattern, plain):
                    yield Note(f"{old} sudah tidak berlaku; gunakan {new}.", key)


@document_rule("word_twice")
def words_printed_twice(document: Document) -> Iterator[Note]:
    """A name that lists the same word twice: "RISET, DAN RISET"."""
    for line in document.sop.identity.institution:
        parts = [part.strip() for part in re.split(r",|\bDAN\b", line.upper()) if part.strip()]
        for number, part in enumerate(parts):
            if part in parts[:number]:
                yield Note(f'Kata "{part}" tercetak dua kali dalam "{line}".', "institution")


@document_rule("unit_differs")
def unit_not_in_number(document: Document) -> Iterator[Note]:
    """A unit code that the document's own number spells otherwise."""
    unit, number = document.sop.identity.unit, document.sop.identity.number
    if re.fullmatch(r"[A-Z]{3,}", unit) and number and unit not in re.findall(r"[A-Z]+", number):
        yield Note(f"Kode unit {unit} tidak sama dengan kode pada nomor {number}.", "unit")


@document_rule("manual_only")
def kept_on_paper_only(document: Document) -> Iterator[Note]:
    """Records on paper only: what is lost cannot be found again."""
    filing = document.sop.identity.filing.lower()
    if "manual" in filing and "elektronik" not in filing:
        yield Note("Pencatatan hanya manual; tidak ada catatan elektronik.", "filing")


@document_rule("one_channel")
def one_channel(document: Document) -> Iterator[Note]:
    """A single way in: when it fails, nobody can complain."""
    if len(document.sop.identity.channels) == 1:
        yield Note(f"Hanya ada satu kanal ({document.sop.identity.channels[0]}).", "channels")


@document_rule("channels_differ")
def channels_differ(document: Document) -> Iterator[Note]:
    """Passages of one document that list different channels."""
    identity = document.sop.identity
    passages = [" ".join((section.text, *section.items)) for section in identity.sections]
    passages += [step.what for procedure in document.sop.procedures for step in procedure.steps]
    lists = {named for passage in passages if len(named := _named(passage, identity.channels)) > 1}
    if len(lists) > 1:
        yield Note(f"Ada {len(lists)} daftar kanal yang berbeda di dalam dokumen ini.", "channels")


def _named(passage: str, channels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(channel for channel in channels if channel.lower() in passage.lower())


@document_rule("several_addresses")
def several_addresses(document: Document) -> Iterator[Note]:
    """Two web addresses for one service: people will use both."""
    identity = document.sop.identity
    texts = [*identity.equipment, *(step.what for procedure in document.sop.procedures for step in procedure.steps)]
    hosts = {host for text in texts for host in re.findall(r"https?://([^/\s)]+)", text)}
    if len(hosts) > 1:
        yield Note(f"Ada beberapa alamat layanan: {', '.join(sorted(hosts))}.", "equipment")
