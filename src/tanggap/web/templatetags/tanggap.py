"""Tags and filters: drawings, badges, dates in the reader's words."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tanggap.records.queries import InstitutionLine
from tanggap.web import dates, drawings, explained, labels
from tanggap.web.clocks import Clock

register = template.Library()

register.simple_tag(drawings.icon, name="icon")
register.simple_tag(drawings.shape, name="shape")
register.simple_tag(drawings.symbol, name="symbol")
register.simple_tag(drawings.bar, name="bar")
register.simple_tag(drawings.part_bar, name="part_bar")


@register.simple_tag
def node(kind: str, text: str, ring: bool = False) -> SafeString:
    """A node of the path; ``ring``: here the case stands."""
    return drawings.node(kind, text, ring=ring)


@register.simple_tag
def badge(tone: str, shape: str, words: object) -> SafeString:
    """Shape and word together, never colour alone."""
    return format_html('<span class="badge {}">{} {}</span>', tone, drawings.shape(shape), words)


@register.simple_tag
def status_badge(status: labels.PublicStatus) -> SafeString:
    """A public status."""
    return badge(status.tone, status.shape, status.word)


@register.simple_tag
def clock_badge(clock: Clock) -> SafeString:
    """Time left, in words and shape."""
    return badge(clock.tone, clock.shape, clock.words)


@register.simple_tag
def via(channel: str) -> SafeString:
    """A channel: icon and word."""
    drawn = drawings.icon(labels.channel_icon(channel))
    return format_html('<span class="via">{}{}</span>', drawn, labels.channel(channel))


@register.filter
def step_anchor(visit: str) -> str:
    """Where the page of deadlines explains the clock of a visit."""
    return explained.anchor(f"step:{visit}")


@register.filter
def stamp(value: datetime | None, zone: str) -> str:
    """As in: 20 November 2026, 08.30 WIB."""
    return dates.stamp(value, zone) if value else ""


@register.filter
def deadline(value: datetime | None, zone: str) -> str:
    """As in: Senin, 30 November 2026 pukul 09.30 WIB."""
    return dates.deadline(value, zone) if value else ""


@register.filter
def full_stamp(value: datetime | None, zone: str) -> str:
    """As in: Jumat, 20 November 2026, 08.30 WIB."""
    if not value:
        return ""
    return f"{dates.weekday(dates.local(value, zone))}, {dates.clock(value, zone)}"


@register.filter
def clock(value: datetime | None, zone: str) -> str:
    """As in: 08.30 WIB."""
    return dates.clock(value, zone) if value else ""


@register.filter
def hours(value: datetime, zone: str) -> str:
    """As in "08.30", where the zone is said nearby."""
    return f"{dates.local(value, zone):%H.%M}"


@register.filter
def iso(value: datetime, zone: str) -> str:
    """The machine's form of a moment, for ``<time datetime>``."""
    return dates.local(value, zone).isoformat(timespec="minutes")


@register.filter
def day(value: date | None) -> str:
    """As in "20 November 2026"; nothing for no date, as an empty cell prints empty."""
    return dates.day(value) if value else ""


@register.filter
def kind_word(value: str) -> object:
    """The word for a kind of report."""
    return labels.kind(value)


@register.filter
def channel_word(value: str) -> object:
    """The word for a channel."""
    return labels.channel(value)


@register.filter
def identity_word(value: str) -> object:
    """The word for how far the complainant may be known."""
    return labels.identity(value)


@register.filter
def outcome_word(value: str) -> object:
    """The word for how a case ended."""
    return labels.outcome(value)


@register.filter
def size(value: int) -> str:
    """As in: 184 KB, or 2,4 MB."""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} KB"
    return f"{value / 1_000_000:.1f} MB".replace(".", ",")


@register.filter
def on_date(value: datetime | None, zone: str) -> str:
    """The date alone, on the clocks of ``zone``: as in 20 November 2026."""
    return dates.day(dates.local(value, zone).date()) if value is not None else ""


@register.filter
def letter(value: str) -> SafeString:
    """A letter as it was written: its paragraphs kept, nothing in it executed or linked."""
    paragraphs = [part for part in value.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return mark_safe("".join(format_html('<p class="said">{}</p>', part.strip("\n")) for part in paragraphs))  # noqa: S308


@register.filter
def get(mapping: dict[str, object], key: str) -> object:
    """The value of ``key``; nothing when there is none."""
    return mapping.get(key, "")


@register.simple_tag
def accent_url(house: InstitutionLine) -> str:
    """The address of the institution's colour."""
    return reverse("accent", args=[f"{house.accent_hue:g}", f"{house.accent_chroma:g}"])
