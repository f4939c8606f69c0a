"""The words of notices: as an institution wrote them, else as they come with Tanggap (``seeds/notices.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tanggap.casework.notices import KINDS
from tanggap.casework.wording import Words
from tanggap.records.models import NoticeTemplate

DIGEST, CONFIDENTIAL, CONFIDENTIAL_DUTY, SPOKEN = "digest", "confidential", "confidential_duty", "spoken"
TEMPLATES = (*KINDS, DIGEST, CONFIDENTIAL, CONFIDENTIAL_DUTY, SPOKEN)
"""What has words of its own: every kind of notice, several at once, what may be said of confidential procedures, and
what stands under the words that an officer wrote.
"""


@cache
def defaults() -> Mapping[tuple[str, str], Words]:
    """The words that come with Tanggap, by template and language."""
    told = tomllib.loads((files("tanggap") / "seeds" / "notices.toml").read_text("utf-8"))
    return {
        (name, language): Words(one["subject"], one["body"].strip(), short=one.get("short", "").strip())
        for name, languages in told.items()
        for language, one in languages.items()
    }


def words(institution: int, template: str, language: str, *, version: int | None = None) -> Words:
    """The words in force, or those of an earlier ``version`` (0: as they come with Tanggap).

    Raises ``KeyError`` for a template or language there is none of.
    """
    own = NoticeTemplate.objects.filter(institution=institution, kind=template, language=language)
    found = own.first() if version is None else own.filter(version=version).first()
    if found is None:
        return defaults()[template, language]
    return Words(found.subject, found.body, found.version, found.short or defaults()[template, language].short)
