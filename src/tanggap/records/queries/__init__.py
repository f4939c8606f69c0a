"""What pages, reports and the API read: plain values in few queries, always within what the reader may see."""

from tanggap.records.access import Part, Reader, installation, reader
from tanggap.records.queries.books import (
    OpenLine,
    RegisterLine,
    counts,
    find_register,
    register_book,
    unanswered,
    unresolved,
    without_performer,
)
from tanggap.records.queries.boxes import OpeningLine, OpeningPaper, SlipLine, box_opening, box_openings
from tanggap.records.queries.calendars import (
    CalendarAct,
    MoveLine,
    calendar_acts,
    calendar_moves,
    calendars_before,
    frozen_calendars,
    units_of,
)
from tanggap.records.queries.cases import (
    CasePage,
    FileLine,
    MessageLine,
    Reveal,
    StoredFile,
    TrackedCase,
    case_page,
    stored_file,
    tracked_case,
    tracked_file,
)
from tanggap.records.queries.deadlines import (
    CaseDeadlines,
    Promised,
    case_deadlines,
    case_of_register,
    deadlines_of,
    promised,
)
from tanggap.records.queries.duties import (
    ClimbedLine,
    DutyCounts,
    DutyFilter,
    DutyLine,
    climbed_to,
    duty_counts,
    for_desk,
    my_duties,
)
from tanggap.records.queries.inbox import (
    AccountLine,
    InboxHealth,
    accounts,
    inbox_health,
    other_addresses,
    raw_delivery,
    unread_deliveries,
    waiting_deliveries,
    waiting_item,
    waiting_items,
)
from tanggap.records.queries.institutions import (
    Choice,
    InstitutionLine,
    SopLine,
    all_sops,
    calendar_of,
    current_sops,
    current_versions,
    institution,
    institutions,
    names_of,
    people,
    respondents_to_name,
    shelf,
    sop_version,
)
from tanggap.records.queries.links import LinkedCase, linked_case
from tanggap.records.queries.lives import LifeLine, life_lines, logs
from tanggap.records.queries.notices import (
    Health,
    Heard,
    News,
    TemplateLine,
    Told,
    Trouble,
    heard,
    news,
    notice_words,
    outbox_health,
    sent_of,
    task_count,
    told_complainant,
    troubles,
    unread,
)
from tanggap.records.queries.organisation import (
    ActLine,
    HoldingLine,
    PersonLine,
    PostLine,
    UnitLine,
    absences,
    alone_lately,
    columns,
    organisation_acts,
    post,
    post_names,
    posts,
    staff,
    staffed_columns,
    units,
)
from tanggap.records.queries.schedules import DutyCase, ScheduleLine, reads_schedules, schedules
from tanggap.records.queries.standing import StandingLine, standing
from tanggap.records.queries.twins import Twin, twin_count, twins
from tanggap.records.queries.workers import ClockTrouble, clock_troubles

__all__ = [
    "AccountLine", "ActLine", "CalendarAct", "CaseDeadlines", "CasePage", "Choice", "ClimbedLine", "ClockTrouble",
    "DutyCase", "DutyCounts", "DutyFilter", "DutyLine", "FileLine", "Health", "Heard", "HoldingLine", "InboxHealth",
    "InstitutionLine", "LifeLine", "LinkedCase", "MessageLine", "MoveLine", "News", "OpenLine", "OpeningLine",
    "OpeningPaper", "Part", "PersonLine", "PostLine", "Promised", "Reader", "RegisterLine", "Reveal", "ScheduleLine",
    "SlipLine", "SopLine", "StandingLine", "StoredFile", "TemplateLine", "Told", "TrackedCase", "Trouble", "Twin",
    "UnitLine", "absences", "accounts", "all_sops", "alone_lately", "box_opening", "box_openings", "calendar_acts",
    "calendar_moves", "calendar_of", "calendars_before", "case_deadlines", "case_of_register", "case_page",
    "climbed_to", "clock_troubles", "columns", "counts", "current_sops", "current_versions", "deadlines_of",
    "duty_counts", "find_register", "for_desk", "frozen_calendars", "heard", "inbox_health", "installation",
    "institution", "institutions", "life_lines", "linked_case", "logs", "my_duties", "names_of", "news",
    "notice_words", "organisation_acts", "other_addresses", "outbox_health", "people", "post", "post_names", "posts",
    "promised", "raw_delivery", "reader", "reads_schedules", "register_book", "respondents_to_name", "schedules",
    "sent_of", "shelf", "sop_version", "staff", "staffed_columns", "standing", "stored_file", "task_count",
    "told_complainant", "tracked_case", "tracked_file", "troubles", "twin_count", "twins", "unanswered", "units",
    "units_of", "unread", "unread_deliveries", "unresolved", "waiting_deliveries", "waiting_item", "waiting_items",
    "without_performer",
]  # fmt: skip
