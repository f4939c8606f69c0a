"""Sends a letter by a chat or an SMS gateway: the channel says the call, the one way to platforms makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import ModuleType

from tanggap.actions.channel_accounts import settings_of
from tanggap.actions.letter_words import Account, Letter
from tanggap.channels import gsm, wording
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import CannotSend, Outcome, Outgoing
from tanggap.worker import sending
from tanggap.worker.calling import Caller
from tanggap.worker.lanes import Going
from tanggap.worker.sending import unsent

SMS_PIECES = 3
"""An SMS costs by the piece: what takes more says only that there is something to read, where it can be read."""
MESSAGES = 6
"""A long answer is this many messages of a chat at most."""
_TEMPLATE_LETTERS = 1000

caller = Caller
"""What calls the platforms."""


class ChatSender:
    """Letters by one account of a channel that is called over HTTP, or of a modem."""

    def __init__(self, module: ModuleType, account: Account, clock: Callable[[], datetime]) -> None:
        self._module, self._caller, self._clock = module, caller(), clock
        self._account, self._settings = account.pk, settings_of(account)

    def ready(self, letter: Letter) -> Outcome | Going:
        """What sends ``letter``. Raises :class:`CannotSend` when this channel cannot take it."""
        made = outgoing(self._module, letter, self._settings, at=self._clock())
        return sending.ready(
            made, channel=self._module.KEY, account=self._account, chosen=self._settings, caller=self._caller,
            clock=self._clock,
        )  # fmt: skip

    def close(self) -> None:
        """Every call is by itself."""


def outgoing(module: ModuleType, letter: Letter, settings: Mapping[str, str], *, at: datetime) -> Outgoing:
    """``letter`` as this channel takes it: whole or not at all, in few pieces. Raises :class:`CannotSend`."""
    text = letter.brief or letter.news
    values: tuple[str, ...] = ()
    window = getattr(module, "WINDOW", None)
    by_template = bool(settings.get("template")) and window is not None and _is_closed(letter, window, at)
    files, refused = _files(module, letter, by_template=by_template)
    if refused:
        text = f"{text}\n\n{unsent(letter.unsent, refused)}"
    if module.KEY in ("sms", "gammu"):
        text = _sms(letter, text)
    before: list[str] = []
    if by_template:
        if len(text) > _TEMPLATE_LETTERS:
            raise CannotSend("long")
        values = (text,)
    else:
        *before, text = wording.pieces(text, partial(_fits, module))
    if len(before) >= MESSAGES:
        raise CannotSend("long")
    return Outgoing(
        letter.to, text, letter.id, at, letter.subject, letter.answers[0] if letter.answers else "",
        letter.last_heard_at, values=values, by_hand=letter.by_hand, files=files, unsent=letter.unsent,
        before=tuple(before),
    )  # fmt: skip


def _files(module: ModuleType, letter: Letter, *, by_template: bool) -> tuple[tuple[Part, ...], list[str]]:
    """Files that the platform takes, and the names of those it does not; beside a template it takes none."""
    takes = getattr(module, "takes", None) if not by_template else None
    parts = [Part(file.name, file.type, file.data) for file in letter.files]
    taken = tuple(part for part in parts if takes is not None and takes(part))
    return taken, [part.name for part in parts if part not in taken]


def _is_closed(letter: Letter, window: object, at: datetime) -> bool:
    return letter.last_heard_at is None or at >= letter.last_heard_at + window  # type: ignore[operator]


def _fits(module: ModuleType, text: str) -> bool:
    """True when ``text`` is one message of this channel."""
    letters, most_bytes = getattr(module, "MOST_LETTERS", 0), getattr(module, "MOST_BYTES", 0)
    return not ((letters and len(text) > letters) or (most_bytes and len(text.encode()) > most_bytes))


def _sms(letter: Letter, text: str) -> str:
    """In the alphabet of GSM where that says the same; of more pieces only what cannot be read elsewhere."""
    text = gsm.plain(text)
    if letter.may_read and gsm.size(text).pieces > SMS_PIECES:
        return gsm.plain(letter.news)
    return text
