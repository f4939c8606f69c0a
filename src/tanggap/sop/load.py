"""Reads an SOP file (TOML) into an :class:`~tanggap.sop.model.Sop`, or tells everything that is wrong with it.

The format is small on purpose: no code, no references to other files, closed lists of keys. Whatever the bytes, the
only exception is :class:`~tanggap.sop.errors.SopErrors`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from tanggap.sop.errors import SopErrors
from tanggap.sop.fields import MAX_CHAPTER, MAX_NAME, ODD_CHARACTER, Errors, Place, Table, TooManyErrors
from tanggap.sop.model import (
    BUILT_IN_ATTRIBUTES,
    BUILT_IN_WAITS,
    Attribute,
    Copy,
    Form,
    Identity,
    Party,
    Role,
    Section,
    Signature,
    Sop,
    Team,
    Wait,
)
from tanggap.sop.places import places
from tanggap.sop.rows import Known, read_procedure, row_ids
from tanggap.sop.write import digest
from tanggap.worktime.duration import Reading, Unit

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_PROCEDURES = 20
MAX_COLUMNS = 50
FORMAT = 1

_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_DEPTH}}}")
_SYNTAX = re.compile(
    r"(?P<reason>.*?)(?: \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\))?", re.DOTALL
)

_UNITS = {
    "menit": (Unit.WORK_MINUTES, Unit.CLOCK_MINUTES),
    "jam": (Unit.WORK_HOURS, Unit.CLOCK_HOURS),
    "hari": (Unit.WORK_DAYS, Unit.CALENDAR_DAYS),
    "minggu": (Unit.WEEKS,),
    "bulan": (Unit.MONTHS,),
}


def load(text: str | bytes, *, name: str) -> Sop:
    """Read one SOP document. ``name`` is the file's name, for messages only.

    Raises :class:`SopErrors` with every mistake found: unknown keys, targets, roles; repeated ids;
    unreadable times; wrong types; a file over 256 KB, nested over 20 levels or with over 200 rows in a procedure.
    """
    errors = Errors(name)
    try:
        data = _parse(text, errors)
        sop = _document(Table(errors, data)) if data is not None else None
    except TooManyErrors:
        sop = None
    if errors.found or sop is None:
        raise SopErrors(sorted(errors.found, key=lambda error: error.line))
    return replace(sop, hash=digest(sop))


# bytes to TOML -------------------------------------------------------------------------------------------------------


def _parse(raw: str | bytes, errors: Errors) -> dict[str, Any] | None:
    text = _decoded(raw, errors)
    if text is None or _hides_something(text, errors):
        return None
    if _LONG_KEY.search(text):  # tomllib takes quadratic time for a key of very many parts
        errors.add("too_deep", most=MAX_DEPTH)
        return None
    try:
        data = tomllib.loads(text)
    except RecursionError:
        errors.add("too_deep", most=MAX_DEPTH)
        return None
    except ValueError as error:
        _syntax(str(error), text, errors)
        return None
    if _depth(data) > MAX_DEPTH:
        errors.add("too_deep", most=MAX_DEPTH)
        return None
    errors.places = places(text)
    return data


def _decoded(raw: str | bytes, errors: Errors) -> str | None:
    content = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    if len(content) > MAX_BYTES:
        errors.add("too_big", size=len(content), most=MAX_BYTES)
        return None
    try:
        text = content.decode("utf-8", "surrogatepass" if isinstance(raw, str) else "strict")
    except UnicodeDecodeError as error:
        errors.add("not_utf8", Place(line=content.count(b"\n", 0, error.start) + 1), position=error.start + 1)
        return None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _hides_something(text: str, errors: Errors) -> bool:
    begun = len(errors.found)
    for number, line in enumerate(text.split("\n"), start=1):
        if odd := ODD_CHARACTER.search(line):
            errors.add("odd_character", Place(line=number), shown=f"U+{ord(odd.group()):04X}")
    return len(errors.found) > begun


def _syntax(message: str, text: str, errors: Errors) -> None:
    """Tell what ``tomllib`` did not like, where it says so, in a sentence people can use."""
    found = _SYNTAX.fullmatch(message)
    reason, line, column = found.group("reason", "line", "column") if found else (message, None, None)
    where = f"baris {line} kolom {column}" if line else "akhir berkas" if "end of document" in message else "berkas"
    number = int(line) if line else text.count("\n") + 1
    errors.add("not_toml", Place(line=number), reason=f"{_in_indonesian(reason or '')} ({where})")


def _in_indonesian(reason: str) -> str:
    for words, meaning in _REASONS.items():
        if words in reason:
            return meaning
    return f"penulisan tidak sah: {reason}"


_REASONS = {
    "Cannot overwrite a value": "kunci yang sama ditulis dua kali",
    "Cannot declare": "tabel yang sama dibuka dua kali",
    "Duplicate inline table key": "kunci yang sama ditulis dua kali",
    "Cannot mutate immutable": "tabel yang sama ditulis dua kali",
    "Cannot redefine": "kunci yang sama ditulis dua kali",
    "Unterminated string": "tanda kutip tidak ditutup",
    "Expected '=' after a key": "setelah nama isian harus ada tanda =",
    "Expected newline or end of document": "ada tulisan lebih di akhir baris",
    "Invalid value": "nilai tidak terbaca; teks harus di antara tanda kutip",
    "Invalid statement": "baris ini bukan isian dan bukan judul tabel",
    "Invalid initial character for a key": "nama isian tidak sah",
    "Unclosed array": "daftar tidak ditutup dengan ]",
    "Unclosed inline table": "tabel tidak ditutup dengan }",
    "Expected ']'": "judul tabel tidak ditutup dengan ]",
    "Illegal character": "ada huruf yang tidak boleh di sini (kutip yang tidak ditutup?)",
    "Unescaped '\\'": "garis miring terbalik harus ditulis dua kali",
    "Invalid hex value": "kode huruf tidak sah",
    "Escaped character is not a Unicode scalar": "kode huruf tidak sah",
    "Invalid date": "tanggal tidak ada di kalender",
    "integer string conversion": "bilangan terlalu panjang",
}


def _depth(data: object) -> int:
    """Levels of tables and lists. Walks level by level: data nested very deep must not exhaust the stack."""
    depth, level = 0, [data]
    while level := [inner for value in level for inner in _inner(value)]:
        depth += 1
    return depth


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


# the document --------------------------------------------------------------------------------------------------------


def _document(top: Table) -> Sop:
    if not top.has("format") or top.data["format"] is not FORMAT:
        top.wrong("format", "wrong_format")
    top.require("sop", "procedure")
    block = top.table("sop")
    identity = _identity(block) if block is not None else Identity(id="")
    reading = _reading(top.table("reading"))
    attributes = tuple(_attribute(table) for table in top.tables("attribute", most=MAX_COLUMNS))
    known = Known(
        reading=reading,
        attributes={**BUILT_IN_ATTRIBUTES, **{attribute.id: attribute.values for attribute in attributes}},
    )
    roles = tuple(_role(table, known) for table in top.tables("role", most=MAX_COLUMNS))
    drafts = top.tables("procedure", most=MAX_PROCEDURES)
    every_row = {row for draft in drafts for row in row_ids(draft.data)}
    waits = tuple(_wait(table, reading, every_row) for table in top.tables("wait", most=MAX_COLUMNS))
    known = replace(
        known,
        roles=tuple(role.id for role in roles),
        waits=tuple(wait.id for wait in (*waits, *BUILT_IN_WAITS)),
        procedures=tuple(str(draft.data.get("id", "")) for draft in drafts),
    )
    procedures = tuple(read_procedure(draft, known) for draft in drafts)
    for key, ids in (
        ("attribute", [attribute.id for attribute in attributes]),
        ("role", [role.id for role in roles]),
        ("wait", [wait.id for wait in waits]),
        ("procedure", [procedure.id for procedure in procedures]),
    ):
        _only_once(top, key, ids)
    top.close()
    return Sop(identity, reading, roles, attributes, waits, procedures)


def _only_once(top: Table, key: str, ids: list[str]) -> None:
    for number, name in enumerate(ids):
        if name and name in ids[:number]:
            top.errors.add("repeated_id", Place((key, number, "id")), name=name, why="")


def _identity(table: Table) -> Identity:
    table.require("id")
    zone = table.text("zone", most=MAX_NAME) or "Asia/Jakarta"
    if not _is_zone(zone):
        table.wrong("zone", "unknown_zone", name=zone)
    identity = Identity(
        id=table.new_name("id"),
        form=Form(table.one_of("form", list(Form), Form.SOP_AP)),
        institution=table.texts("institution"),
        unit=table.text("unit"),
        number=table.text("number"),
        revision=table.text("revision"),
        title=table.text("title"),
        heading=table.text("heading"),
        year=table.text("year"),
        pages=table.number("pages", least=1),
        created_date=table.day("created_date"),
        revised_date=table.day("revised_date"),
        review_date=table.day("review_date"),
        effective_date=table.day("effective_date"),
        issued_date=table.day("issued_date"),
        legal_basis=table.texts("legal_basis"),
        qualifications=table.texts("qualifications"),
        related=table.texts("related"),
        equipment=table.texts("equipment"),
        warning=table.text("warning"),
        filing=table.text("filing"),
        references=table.texts("references"),
        users=table.texts("users"),
        outgoing_media=table.texts("outgoing_media"),
        channels=table.texts("channels", most=MAX_NAME),
        zone=zone,
        labels=table.mapping("labels", most=300),
        signatures=tuple(_signature(inside) for inside in table.tables("signature")),
        sections=tuple(_section(inside) for inside in table.tables("section")),
        copies=tuple(_copy(inside) for inside in table.tables("copy")),
    )
    table.close()
    return identity


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _signature(table: Table) -> Signature:
    signature = Signature(
        part=table.text("part"),
        post=table.text("post"),
        name=table.text("name"),
        nip=table.text("nip"),
        date=table.day("date"),
    )
    table.close()
    return signature


def _section(table: Table) -> Section:
    section = Section(
        no=table.text("no", most=MAX_NAME),
        title=table.text("title"),
        text=table.text("text", most=MAX_CHAPTER),
        items=table.texts("items", most=MAX_CHAPTER),
    )
    table.close()
    return section


def _copy(table: Table) -> Copy:
    copy = Copy(
        no=table.text("no", most=MAX_NAME),
        unit=table.text("unit"),
        status=table.text("status"),
        ticked=table.flag("ticked"),
        date=table.day("date"),
    )
    table.close()
    return copy


def _reading(table: Table | None) -> Reading:
    if table is None:
        return Reading()
    units = {word: Unit(table.one_of(word, choices, choices[0])) for word, choices in _UNITS.items()}
    table.close()
    return Reading(**units)


# columns, attributes, waits ------------------------------------------------------------------------------------------


def _attribute(table: Table) -> Attribute:
    table.require("id", "values")
    attribute = Attribute(
        id=table.new_name("id"), label=table.text("label", most=300), values=table.texts("values", most=MAX_NAME)
    )
    if attribute.id in BUILT_IN_ATTRIBUTES:
        table.wrong("id", "reserved_id", name=attribute.id)
    if len(set(attribute.values)) < len(attribute.values):
        table.wrong("values", "repeated_id", name=attribute.id, why=" dalam daftar nilai")
    table.close()
    return attribute


def _role(table: Table, known: Known) -> Role:
    table.require("id")
    party = table.one_of("party", list(Party), "")
    role = Role(
        id=table.new_name("id"),
        label=table.text("label", most=300),
        party=Party(party) if party else None,
        per_case=table.flag("per_case"),
        team=_team(table.table("team"), known),
    )
    table.close()
    return role


def _team(table: Table | None, known: Known) -> Team | None:
    if table is None:
        return None
    team = Team(
        min=table.number("min", least=1, most=100) or 1,
        odd=table.flag("odd"),
        min_by=known.numbers(table, "min_by"),
    )
    table.close()
    return team


def _wait(table: Table, reading: Reading, rows: set[str]) -> Wait:
    table.require("id")
    wait = Wait(
        id=table.new_name("id"),
        label=table.text("label", most=300),
        waits_for=table.one_of("for", ("complainant", "outside", "cycle"), "complainant"),
        at_most=table.duration("at_most", reading),
        then=table.name("then", {"resume", "propose", "close", *rows}, "unknown_target") or "resume",
        outcome=table.text("outcome", most=MAX_NAME),
        until_needed=table.flag("until_needed"),
    )
    table.close()
    return wait
