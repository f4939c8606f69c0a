"""The words of notices as an institution wants them: every change is another version, and only what may be said is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from tanggap.actions.cases import NotVisible
from tanggap.casework import wording
from tanggap.casework.wording import LANGUAGES, Words
from tanggap.records.access import Reader
from tanggap.records.models import NoticeTemplate
from tanggap.records.wordings import TEMPLATES
from tanggap.records.writing import write


def rewrite(
    institution: int, name: str, language: str, *, subject: str, body: str, short: str = "", by: Reader, at: datetime
) -> Words:
    """Let the notice ``name`` of ``institution`` say this from now on; letters begun before keep the words they had.

    Raises :class:`NotVisible` for who does not administer the institution and for notices there are none of, and
    :class:`tanggap.casework.wording.BadWords`.
    """
    if not by.part(institution).admin or name not in TEMPLATES or language not in LANGUAGES:
        raise NotVisible(name)
    words = wording.checked(subject, body, short)
    with write():
        own = NoticeTemplate.objects.filter(institution=institution, kind=name, language=language)
        version = (own.aggregate(last=Max("version"))["last"] or 0) + 1
        NoticeTemplate.objects.create(
            institution_id=institution, kind=name, language=language, version=version,
            subject=words.subject, body=words.body, short=words.short, made_at=at, made_by=by.user,
        )  # fmt: skip
    return Words(words.subject, words.body, version, words.short)
