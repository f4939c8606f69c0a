"""Every table, one module per family."""

from tanggap.records.models.arranging import JoinLink, OrganisationAct, OrganisationMove, SignInLink
from tanggap.records.models.boxes import BoxOpening, BoxSlip
from tanggap.records.models.calendars import CalendarMove, CalendarVersion, Holiday, OfficeHours
from tanggap.records.models.cases import (
    Case,
    CaseEvent,
    CaseParty,
    Duty,
    DutyPost,
    DutyRung,
    IntakeKey,
    RegisterCounter,
    TrackingCode,
)
from tanggap.records.models.content import Attachment, CaseKey, Identity, IdentityReveal, Message, Rating
from tanggap.records.models.inbox import ChannelAccount, Inbox, InboxAnswer, InboxItem, RemoteFile, SenderReveal
from tanggap.records.models.installation import Installation
from tanggap.records.models.likeness import CaseMark
from tanggap.records.models.notices import ConfirmedAddress, NoticeTemplate, Outbox
from tanggap.records.models.people import Column, Holder, Institution, Membership, Post, Unit, User
from tanggap.records.models.queues import Bucket, WorkerBeat
from tanggap.records.models.schedules import Schedule
from tanggap.records.models.sops import SopVersion

__all__ = [
    "Attachment", "BoxOpening", "BoxSlip", "Bucket", "CalendarMove", "CalendarVersion", "Case", "CaseEvent", "CaseKey",
    "CaseMark", "CaseParty", "ChannelAccount", "Column", "ConfirmedAddress", "Duty", "DutyPost", "DutyRung", "Holder",
    "Holiday", "Identity", "IdentityReveal", "Inbox", "InboxAnswer", "InboxItem", "Installation", "Institution",
    "IntakeKey", "JoinLink", "Membership", "Message", "NoticeTemplate", "OfficeHours", "OrganisationAct",
    "OrganisationMove", "Outbox", "Post", "Rating", "RegisterCounter", "RemoteFile", "Schedule", "SenderReveal",
    "SignInLink", "SopVersion", "TrackingCode", "Unit", "User", "WorkerBeat",
]  # fmt: skip
