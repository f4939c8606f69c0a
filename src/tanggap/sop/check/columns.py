"""Rules about the columns: who performs, who is bound, in which order the columns stand, what the text calls people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tanggap.sop.check.finding import Document, Finding, Note, Sheet, document_rule, procedure_rule
from tanggap.sop.check.identity import approver
from tanggap.sop.model import Party, Role, Sop, Step

_SHORT = {
    "ka": "kepala",
    "kabag": "kepala bagian",
    "kasubbag": "kepala subbagian",
    "kabiro": "kepala biro",
    "koord": "koordinator",
    "wakor": "wakil koordinator",
    "wd": "wakil dekan",
    "&": "dan",
}
_PEOPLE = {
    "admin", "administrator", "dekan", "kepala", "koordinator", "operator", "pejabat", "pengelola", "petugas",
    "pimpinan", "rektor", "staf", "staff", "subbagian", "sekretaris", "tim", "unit", "wakil",
}  # fmt: skip
_ACTIVE = re.compile(r"(me|ber)\w{3,}", re.IGNORECASE)
_NOUNS = {"media", "mesin", "menit", "metode", "menteri", "mereka", "berkas", "berita", "meja"}
_LONGEST_SUBJECT = 7


def plain(name: str) -> str:
    """A name of an office as compared: small letters, usual short forms written out."""
    words = re.findall(r"[\w&]+", name.lower())
    return " ".join(_SHORT.get(word, word) for word in words)


@procedure_rule("no_performer")
def no_performer(sheet: Sheet) -> Iterator[Note]:
    """A row nobody performs."""
    for step in sheet.rows:
        if not step.who:
            yield Note("Baris ini tidak punya pelaksana.", "who", step.id)


@procedure_rule("never_bound")
def never_bound(sheet: Sheet) -> Iterator[Note]:
    """A column that is filled case by case, and no row that fills it."""
    bound = {role for procedure in sheet.sop.procedures for step in procedure.steps for role in step.binds}
    for step in sheet.rows:
        for role in sheet.roles(step):
            if (role.per_case or role.party is Party.RESPONDENT or role.team) and role.id not in bound:
                yield Note(
                    f"{_label(role)} ditentukan per perkara, tetapi tidak ada baris yang menentukannya.", "who", step.id
                )


@document_rule("lane_never_used")
def lane_never_used(document: Document) -> Iterator[Note]:
    """A column without a row. The complainant is always part of the case, with or without a row."""
    used = {role for procedure in document.sop.procedures for step in procedure.steps for role in step.who}
    for role in document.sop.roles:
        if role.id not in used and role.party is not Party.COMPLAINANT:
            yield Note(f'Kolom "{_label(role)}" tidak dipakai oleh satu baris pun.', "role")


@document_rule("column_order")
def column_order(document: Document) -> Iterator[Note]:
    """Columns stand in the order in which their people first act, not by rank (PermenPANRB 35/2012).

    The complainant's column may stand first without a row: his complaint precedes them all.
    """
    appeared: dict[str, None] = {}
    for procedure in document.sop.procedures:
        for step in procedure.steps:
            appeared.update(dict.fromkeys(step.who))
    public = {role.id for role in document.sop.roles if role.party is Party.COMPLAINANT}
    declared = [role for role in document.sop.roles if role.id in appeared.keys() - public]
    order = [role for role in appeared if role not in public]
    if [role.id for role in declared] != sorted((role.id for role in declared), key=order.index):
        first = next(_label(role) for role in document.sop.roles if role.id == order[0])
        yield Note(f"Urutan kolom pelaksana tidak mengikuti urutan kemunculan; yang pertama bekerja {first}.", "role")


@procedure_rule("approver_performs")
def approver_performs(sheet: Sheet) -> Iterator[Note]:
    """Who puts the SOP in force also works in it: allowed, but worth knowing."""
    signature = approver(sheet.sop.identity)
    post = plain(signature.post) if signature else ""
    for step in sheet.rows:
        for role in sheet.roles(step):
            if post and f"{post} ".startswith(f"{plain(_label(role))} "):
                yield Note(f"{_label(role)} mengesahkan SOP ini dan juga pelaksana di dalamnya.", "who", step.id)


@procedure_rule("actor_in_text")
def actor_in_text(sheet: Sheet) -> Iterator[Note]:
    """The activity of a table repeats its actor, who already stands in the column; a narrative has no columns."""
    for step in sheet.rows:
        if sheet.has_standards and _names_own_actor(sheet, step):
            yield Note(
                f'Uraian menyebut pelaksananya ("{_subject(step)}"), padahal sudah ada di kolom.', "what", step.id
            )


@procedure_rule("actor_differs")
def actor_differs(sheet: Sheet) -> Iterator[Note]:
    """The activity names another actor than the column does."""
    for step in sheet.rows:
        if _names_other_actor(sheet, step):
            labels = " / ".join(_label(role) for role in sheet.roles(step)) or "kosong"
            yield Note(f'Uraian menyebut "{_subject(step)}", sedangkan kolomnya {labels}.', "what", step.id)


@procedure_rule("not_active")
def not_an_active_verb(sheet: Sheet) -> Iterator[Note]:
    """An activity begins with what is done: an active verb (me-, ber-)."""
    for step in sheet.rows:
        words = step.what.split()
        named = _names_own_actor(sheet, step) or _names_other_actor(sheet, step)
        if words and not _is_active(words[0]) and not named:
            yield Note("Uraian kegiatan tidak diawali kata kerja aktif (me-, ber-).", "what", step.id)


def role_findings(sop: Sop, mapped_roles: Collection[str]) -> tuple[Finding, ...]:
    """Columns of staff whom the organisation gives no post: ``mapped_roles`` are the ids of those it does.

    Not part of :func:`tanggap.sop.check.check`: the file alone does not know the organisation.
    """
    found = []
    for procedure in sop.procedures:
        missing: dict[str, str] = {}
        for step in procedure.steps:
            for name in step.who:
                if name not in mapped_roles:
                    missing.setdefault(name, step.id)
        for role in sop.roles:
            if role.id in missing and role.party is None and role.team is None:
                message = f'Kolom "{_label(role)}" belum dipetakan ke jabatan.'
                found.append(Finding("role_without_post", procedure.id, missing[role.id], "who", message))
    return tuple(found)


def _label(role: Role) -> str:
    return role.label or role.id


def _is_active(word: str) -> bool:
    bare = re.split(r"\W", word.lower())[0]
    return bool(_ACTIVE.fullmatch(bare)) and bare not in _NOUNS


def _subject(step: Step) -> str:
    """The words before the first verb: who the sentence says acts. Empty when it begins with the verb, or has none."""
    words = step.what.split()
    for number, word in enumerate(words[: _LONGEST_SUBJECT + 1]):
        if _is_active(word):
            return " ".join(words[:number])
    return ""


def _names_own_actor(sheet: Sheet, step: Step) -> bool:
    subject = plain(_subject(step))
    names = [plain(name) for role in sheet.roles(step) for name in (_label(role), *_label(role).split("/"))]
    return bool(subject) and any(name and f"{subject} ".startswith(f"{name} ") for name in names)


def _names_other_actor(sheet: Sheet, step: Step) -> bool:
    subject = plain(_subject(step)).split()
    people = _PEOPLE | {plain(_label(role)).split()[0] for role in sheet.sop.roles if plain(_label(role))}
    return bool(subject) and subject[0] in people and not _names_own_actor(sheet, step)
