"""What leaves for a complainant: by which way, within the caps, in whose words; or a task for a person instead."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from tanggap.actions import caps, opening, outbox
from tanggap.actions.letter_words import CHANNEL_WORDS, TAKES_FILES, File, Letter, domain, template_of, url, values_of
from tanggap.actions.outbox import Claim
from tanggap.actions.spoken import Spoken, data_of, spoken
from tanggap.actions.threads import last_heard_at
from tanggap.actions.ways import EMAIL, ON_THE_PAGE, Way, Ways, ways_to
from tanggap.casework import notices, wording
from tanggap.casework.wording import Words
from tanggap.records import store, vault
from tanggap.records.models import Case, Outbox
from tanggap.records.queries.words import reports
from tanggap.records.shelves import compiled
from tanggap.records.wordings import SPOKEN, words
from tanggap.records.writing import write

NEEDS_A_PERSON = frozenset({"question", "letter", "answered", "closing"})
"""What a person must tell a complainant who chose a way that only persons can go; the rest is read with the code."""
FILES_MOST = 7 * 1024 * 1024
"""Bytes of files in one letter: servers that take ten megabytes take them in their wrapping."""

_log = logging.getLogger(__name__)


def compose(claim: Claim, *, at: datetime) -> Letter | None:
    """The letter of ``claim``; ``None`` when nothing leaves now, which the row then says. Reads the vault."""
    row, case = claim.first, Case.objects.select_related("institution").get(pk=claim.first.case_id)
    if row.kind in notices.RUNNING_OUT and not claim.is_retry and not _still_runs_out(claim, at):
        return None
    form = reports([case.pk]).get(case.pk, {})
    ways = ways_to(case, form, until=row.made_at)
    said = None if case.confidential else spoken(row)
    way = ways.next(row)
    if way is None:
        _no_way(claim, ways, said, at)
        return None
    if way.by_hand:
        _by_hand(claim, way.channel, said, at)
        return None
    confirmed = way.is_vouched or caps.is_confirmed(way.to)
    speaks = _speaks(said, way, ways, confirmed=confirmed) and (not claim.is_retry or row.worded)
    if not speaks and (ways.wish in ON_THE_PAGE or row.worded):
        why = "erased" if row.worded else "machine"
        outbox.silence(claim, claim.rows, at=at, why=why)
        return None
    if not _may_leave(claim, way, speaks=speaks, confirmed=confirmed, at=at):
        return None
    return _worded(claim, case, form, way, ways, said if speaks else None, confirmed=confirmed)


def _speaks(said: Spoken | None, way: Way, ways: Ways, *, confirmed: bool) -> bool:
    """True when the officer's words may go: to where the case came from, or a confirmed address that was chosen."""
    if said is None or said.erased or not (said.text or said.files):
        return False
    return way.is_origin or (confirmed and ways.wish == way.channel)


def _may_leave(claim: Claim, way: Way, *, speaks: bool, confirmed: bool, at: datetime) -> bool:
    """What a person wrote is counted; what nobody wrote keeps to the caps, and the row says when it may not."""
    if speaks:
        caps.count(claim.first, way.to, at=at)
        return True
    why, until = caps.reserve(claim.first, way.to, confirmed=confirmed, at=at)
    if until is not None:
        outbox.postpone(claim, until=until, why=why)
    elif why:
        outbox.silence(claim, claim.rows, at=at, why=why)
    return not why


def _no_way(claim: Claim, ways: Ways, said: Spoken | None, at: datetime) -> None:
    """Every way was refused, or there is none: a person's task where somebody waits for words they cannot read."""
    row = claim.first
    if row.tried:
        outbox.failed(claim, at=at, why=row.why or "refused", channel=row.channel)
    elif claim.is_retry:
        outbox.another_way(claim, at=at, why="no_account")
    elif ways.origin is not None and ways.why != "erased":
        _by_hand(claim, ways.origin.account.channel, said, at, why=ways.why)
    else:
        outbox.silence(claim, claim.rows, at=at, why=ways.why)


def _by_hand(claim: Claim, channel: str, said: Spoken | None, at: datetime, *, why: str = "own_wish") -> None:
    if claim.first.kind in NEEDS_A_PERSON or (said is not None and said.visits):
        outbox.by_hand(claim, at=at, channel=channel, why=why)
    else:
        outbox.silence(claim, claim.rows, at=at, why=why)


def _still_runs_out(claim: Claim, at: datetime) -> bool:
    """True when the clock still runs and is nearly out; one that was given more time is warned of later."""
    row = claim.first
    log = store.load(row.case_id)
    notice = notices.Notice(row.kind, "", row.about)
    found = notices.lapse(notice, log.state, compiled(log.row.institution).shelf(at))
    if found is None or found[1] <= at:
        outbox.silence(claim, claim.rows, at=at, why="past")
        return False
    warn_at, ends_at = found
    if ends_at != row.moment:
        with write():
            Outbox.objects.filter(pk=row.pk).update(moment=ends_at)
        row.moment = ends_at
    if warn_at > at:
        outbox.postpone(claim, until=warn_at)
        return False
    return True


# words ----------------------------------------------------------------------------------------------------------------


def _worded(
    claim: Claim, case: Case, form: Mapping[str, str], way: Way, ways: Ways, said: Spoken | None, *, confirmed: bool
) -> Letter:
    """One notice in words. A letter sent again has the very same words."""
    row = claim.first
    language = row.language if claim.is_retry else form.get("language", "") or settings.LANGUAGE_CODE
    name = SPOKEN if said is not None else template_of(row, confidential=case.confidential)
    text = words(case.institution_id, name, language, version=row.template if claim.is_retry else None)
    if not claim.is_retry:
        outbox.first_attempt(
            claim, template=text.version, language=language, channel=way.channel, account=way.account,
            worded=said is not None,
        )  # fmt: skip
    values = _values(row, case, language, way, ways)
    news = words(case.institution_id, template_of(row, confidential=case.confidential), language)
    if _opens(case, way, ways, said, confirmed=confirmed):
        values["buka"] = url("open_by_letter", opening.token_of(claim.letter))
        text, news = _with_link(text) if case.confidential else text, _with_link(news)
    elif not confirmed and way.channel == EMAIL:
        values["konfirmasi"] = url("confirm_address", caps.confirm_token(claim.letter))
    letter = Letter(
        id=claim.letter,
        to=way.to,
        subject=wording.fill(text.subject, values),
        text=wording.fill(text.body, values),
        links=tuple(filter(None, (values.get("tautan", ""), values.get("buka", ""), values.get("konfirmasi", "")))),
        domain=domain(),
        channel=way.channel,
        account=way.account,
        brief=wording.fill(text.short, values),
        news=wording.fill(news.short, values),
        is_trusted=way.is_origin or confirmed,
        number=case.register,
        reply_to=way.account.settings.get("address", "") if way.account is not None else "",
        may_read=bool(values["tautan"] or values.get("buka")),
    )
    if way.is_origin and ways.origin is not None and way.account is not None:
        letter = replace(letter, answers=ways.origin.answers, last_heard_at=last_heard_at(case, way.account))
    return _spoken(letter, row, said, way, ways, language) if said is not None else letter


def _values(row: Outbox, case: Case, language: str, way: Way, ways: Ways) -> dict[str, str]:
    """Who wrote by mail or chat is told to reply; without a code not to read on a page closed to them."""
    values = values_of(row, case, language)
    if ways.origin is not None:
        indonesian, english = CHANNEL_WORDS.get(way.channel, ("", ""))
        values |= {"balas": english if language == "en" else indonesian}
        if not opening.has_code(case.pk):
            values["tautan"] = ""
    return values


def _opens(case: Case, way: Way, ways: Ways, said: Spoken | None, *, confirmed: bool) -> bool:
    """True when who wrote by mail or chat needs a link: nothing may be said, or there are files and no code."""
    if ways.origin is None or not (way.is_origin or confirmed):
        return False
    return case.confidential or (said is not None and bool(said.files) and not opening.has_code(case.pk))


def _with_link(text: Words) -> Words:
    """An institution's own words that do not name the link get it at their end: nothing else opens the case."""
    named = "{buka}"
    return replace(
        text,
        body=text.body if named in text.body else f"{text.body}\n\n{named}",
        short=text.short if named in text.short else f"{text.short}\n{named}",
    )


def _spoken(letter: Letter, row: Outbox, said: Spoken, way: Way, ways: Ways, language: str) -> Letter:
    """The officer's words above the foot of the letter: in the thread, under its subject."""
    files, left = _enclosed(row, said) if way.channel in TAKES_FILES else ((), said)
    unsent = _unsent(letter, language)
    note = unsent.replace("{names}", ", ".join(one.name for one in left.files)) if left.files else ""
    subject = letter.subject
    if way.is_origin and ways.origin is not None and ways.origin.subject:
        subject = f"Re: {ways.origin.subject.removeprefix('Re: ')}"
    text = "\n\n".join(filter(None, (said.text, note, f"-- \n{letter.text}")))
    brief = "\n\n".join(filter(None, (said.text, note, letter.brief)))
    return replace(letter, subject=subject, text=text, brief=brief, by_hand=True, files=files, unsent=unsent)


def _enclosed(row: Outbox, said: Spoken) -> tuple[tuple[File, ...], Spoken]:
    """The files that fit into a letter, and what was left out."""
    taken: list[File] = []
    left = []
    for one in said.files:
        if sum(len(file.data) for file in taken) + one.size > FILES_MOST:
            left.append(one)
            continue
        try:
            taken.append(File(" ".join(one.name.split()), one.type, data_of(row, one)))
        except (OSError, vault.Unreadable):
            _log.exception("a file of letter %s cannot be read", row.letter)
            left.append(one)
    return tuple(taken), replace(said, files=tuple(replace(one, name=" ".join(one.name.split())) for one in left))


def _unsent(letter: Letter, language: str) -> str:
    """What to say of files that cannot go along: where they can be had."""
    page = next(iter(letter.links), "") if letter.may_read else ""
    if language == "en":
        where = f"They can be fetched at {page}" if page else "Please ask us for them."
        return f"With this belong files that could not be sent here: {{names}}. {where}"
    where = f"Berkasnya dapat diambil di {page}" if page else "Silakan minta kepada kami."
    return f"Bersama ini ada berkas yang tidak dapat dikirim di sini: {{names}}. {where}"
