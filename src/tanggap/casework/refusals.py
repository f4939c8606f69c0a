"""Why a command is refused: a closed list of codes; the sentences a user reads live with the pages."""

from __future__ import annotations

from datetime import datetime

CODES = frozenset({
    "unknown_sop", "unknown_procedure", "no_rows", "already_received", "not_received",
    "key_reused", "someone_else_acted", "case_closed", "case_open",
    "unknown_visit", "visit_not_open", "visit_not_done", "not_your_step", "respondent_may_not_act", "not_independent",
    "group_unknown", "choice_needed", "choice_not_offered", "reason_needed", "answer_needed",
    "attribute_needed", "attribute_unknown", "value_unknown", "bind_needed", "role_unknown", "post_unknown",
    "team_too_small", "team_not_odd", "respondent_in_team", "disposition_open", "unanswered_needs_reason",
    "not_taken", "not_optional", "nothing_to_respond", "already_responded", "posts_needed", "not_allowed",
    "wait_not_allowed", "already_waiting", "not_waiting", "until_needed", "moment_in_past", "moment_in_future",
    "before_opening", "law_clock", "extension_not_allowed", "extension_used_up", "clock_unknown", "unreadable_time",
    "row_unknown", "row_is_join", "cannot_undo", "not_correctable", "receipt_after_act", "rows_not_mapped",
    "reopen_not_offered", "reopen_too_late", "unknown_disposition", "disposition_not_open", "later_than_visit",
    "nothing_changed", "not_answered", "letter_not_yours", "nothing_proposed",
    "other_person", "merge_circle", "merged_here", "merge_respondent", "merge_confidential",
})  # fmt: skip
"""Every reason a command can be refused for."""


class Refused(Exception):
    """A command changes nothing, for a named reason. ``details`` are ids and values for the sentence."""

    def __init__(self, code: str, **details: object) -> None:
        assert code in CODES, code
        super().__init__(code, details)
        self.code = code
        self.details = details


class SomeoneElseActed(Refused):
    """Somebody touched the visit after the page was drawn: says who, at which entry, and when."""

    def __init__(self, *, by: str, seq: int, at: datetime | None = None) -> None:
        super().__init__("someone_else_acted", by=by, seq=seq, at=at)
