"""What was answered on the spot, at the counter or on the telephone, is recorded as the SOP wants it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tanggap.actions.cases import act
from tanggap.actions.contents import new_content
from tanggap.casework.at_once import way_to_answer
from tanggap.casework.commands import Note
from tanggap.casework.refusals import Refused
from tanggap.records import store
from tanggap.records.access import Reader
from tanggap.records.shelves import compiled


def answer_at_once(case: UUID, text: str, *, medium: str, key: str, at: datetime, by: Reader) -> bool:
    """Leave every row up to the answer, and answer; ``True`` when that is what the SOP lets ``by`` do alone.

    Otherwise nothing is left undone silently: the words are kept as an internal note. The same ``key`` again does
    nothing more.
    """
    log = store.load(case)
    shelf = compiled(log.row.institution).shelf(at)
    content = new_content(
        "answer", text, author=by.user.person, key=f"{key}-jawab", audience="complainant", medium=medium
    )
    if any(answer.message == content.id for answer in log.state.answers):
        return True
    way = way_to_answer(log.state, shelf, by.actor(log.row.institution_id), answer=content.id, at=at)
    try:
        for command in way:
            written = (content,) if command.answer else ()
            act(command, case=case, by=by, at=at, key=f"{key}-jawab-{command.visit}", contents=written)
    except Refused:  # somebody else was quicker
        way = ()
    if not way:
        note = new_content("note", text, author=by.user.person, key=f"{key}-catat")
        act(Note(note.id), case=case, by=by, at=at, key=f"{key}-catat", contents=(note,))
    return bool(way)
