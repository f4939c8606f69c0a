"""Facebook: direct messages to the institution's own account, and its answers within the platform's window.

Source: Meta's published reference of the webhook fields under ``messaging`` and of ``/messages``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.channels import direct_messages, graph
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import Call, Outgoing

KEY = "facebook"
LABEL = "Facebook"
SETTINGS = direct_messages.settings_of("ID halaman Facebook")
FILE_HOSTS = direct_messages.FILE_HOSTS
MOST_BYTES = 2000
_MOST_FILE = 25 * 1024 * 1024

answer_hook = graph.answer_hook
hosts = graph.hosts
read = direct_messages.read
outcome = direct_messages.outcome
file_call = direct_messages.file_call
window = direct_messages.window
probe = direct_messages.probe


def call(outgoing: Outgoing, settings: Mapping[str, str]) -> Call:
    """The call that sends ``outgoing``. Raises :class:`tanggap.channels.contract.CannotSend` (address, window)."""
    return direct_messages.call(outgoing, settings, most=MOST_BYTES)


def takes(part: Part) -> bool:
    """True for any kind of file up to 25 megabytes. (Instagram takes files only from an address open to all.)"""
    return 0 < len(part.data or b"") <= _MOST_FILE


def file_message(part: Part, outgoing: Outgoing, settings: Mapping[str, str], uploaded: str) -> Call:
    """The call that sends a file, in one with its message. Raises :class:`tanggap.channels.contract.CannotSend`."""
    return direct_messages.file_message(part, outgoing, settings)
