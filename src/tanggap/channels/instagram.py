"""Instagram: direct messages to the institution's own account, and its answers within the platform's window.

Source: Meta's published reference of the webhook fields under ``messaging`` and of ``/messages``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.channels import direct_messages, graph
from tanggap.channels.contract import Call, Outgoing

KEY = "instagram"
LABEL = "Instagram"
SETTINGS = direct_messages.settings_of("ID akun Instagram")
FILE_HOSTS = direct_messages.FILE_HOSTS
MOST_BYTES = 1000

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
