"""What pages, reports and the API read: plain values in few queries, always within what the reader may see."""

from tanggap.records.access import Part, Reader, reader
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
from tanggap.records.queries.duties import DutyCounts, DutyFilter, DutyLine, duty_counts, for_desk, my_duties
from tanggap.records.queries.institutions import (
    Choice,
    InstitutionLine,
    SopLine,
    all_sops,
    calendar_of,
    current_sops,
    institution,
    institutions,
    names_of,
    people,
    respondents_to_name,
    shelf,
    sop_version,
)

__all__ = [
    "CasePage", "Choice", "DutyCounts", "DutyFilter", "DutyLine", "FileLine", "InstitutionLine", "MessageLine",
    "OpenLine", "Part", "Reader", "RegisterLine", "Reveal", "SopLine", "StoredFile", "TrackedCase", "all_sops",
    "calendar_of", "case_page", "counts", "current_sops", "duty_counts", "find_register", "for_desk", "institution",
    "institutions", "my_duties", "names_of", "people", "reader", "register_book", "respondents_to_name", "shelf",
    "sop_version", "stored_file", "tracked_case", "tracked_file", "unanswered", "unresolved", "without_performer",
]  # fmt: skip
