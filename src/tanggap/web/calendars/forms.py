"""The forms of the calendar pages: a day off, hours of a week, the holidays of a year, and the confirmation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.web.calendars.year import kind_word
from tanggap.web.public.forms import Words
from tanggap.worktime.office_hours import (
    WEEKDAYS as DAY_KEYS,
)
from tanggap.worktime.office_hours import (
    CalendarRefused,
    Holiday,
    HolidayKind,
    Interval,
    Period,
)

FIRST_YEAR, LAST_YEAR = 1990, 2199
MOST_DAYS = 31
"""How many days one entry may add."""

_INPUT = {"class": "input"}
_CLOSED = frozenset(("", "-", "tutup", "libur"))


class DateField(forms.DateField):
    """A date within the years a calendar can count."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}))
        more.setdefault("error_messages", {})
        more["error_messages"] = {
            "required": gettext_lazy("Isi tanggalnya."),
            "invalid": gettext_lazy("Tulis tanggal seperti 2026-11-20."),
            **more["error_messages"],
        }
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **more)

    def clean(self, value: Any) -> date | None:
        """A date that a calendar reaches."""
        found: date | None = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"])
        return found


class DayForm(forms.Form):
    """A day off, or several in a row. ``was_date`` and ``was_name`` name the entry that is changed."""

    what = forms.CharField(widget=forms.HiddenInput, initial="hari")
    was_date = forms.CharField(widget=forms.HiddenInput, required=False)
    was_name = forms.CharField(widget=forms.HiddenInput, required=False)
    day = DateField(label=gettext_lazy("Tanggal"))
    last = DateField(
        label=gettext_lazy("Sampai tanggal"), required=False,
        help_text=gettext_lazy("Hanya bila libur beberapa hari berturut-turut."),
    )  # fmt: skip
    name = Words(
        label=gettext_lazy("Nama hari libur"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Isi nama hari liburnya.")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), widget=forms.Select(attrs=_INPUT))
    decree = Words(
        label=gettext_lazy("Nomor keputusan"), max_length=200, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Misalnya nomor SKB, surat edaran, atau keputusan rektor."),
    )  # fmt: skip
    estimated = forms.BooleanField(
        label=gettext_lazy("Masih perkiraan, belum ditetapkan"), required=False, widget=forms.CheckboxInput()
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Jenis"), choices=[(kind.value, kind_word(kind).capitalize()) for kind in HolidayKind],
            widget=forms.Select(attrs=_INPUT),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The last day follows the first, and not by more than a month."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = typed.get("day"), typed.get("last")
        if first and last and not first <= last < first + timedelta(days=MOST_DAYS):
            self.add_error("last", _("Tanggal akhir harus sesudah tanggal awal, paling jauh satu bulan."))
        return typed

    def days(self) -> list[Holiday]:
        """The days off that a valid form names."""
        typed = self.cleaned_data
        first, last = typed["day"], typed["last"] or typed["day"]
        kind, name = HolidayKind(typed["kind"]), " ".join(typed["name"].split())
        return [
            Holiday(first + timedelta(days=n), name, kind, typed["decree"].strip(), typed["estimated"])
            for n in range((last - first).days + 1)
        ]


class PeriodForm(forms.Form):
    """The hours of a week, and from when until when they hold. ``position``: of the period changed; empty: new."""

    what = forms.CharField(widget=forms.HiddenInput, initial="jam")
    unit = forms.CharField(widget=forms.HiddenInput, required=False)
    position = forms.CharField(widget=forms.HiddenInput, required=False)
    label = Words(
        label=gettext_lazy("Nama jam kerja"), max_length=100, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Misalnya Jam kerja, atau Ramadan 1448 H."),
        error_messages={"required": gettext_lazy("Isi namanya.")},
    )  # fmt: skip
    first = DateField(
        label=gettext_lazy("Berlaku mulai"), required=False,
        help_text=gettext_lazy("Kosong: sejak semula. Tenggat yang sudah berjalan dihitung ulang sejak tanggal ini."),
    )  # fmt: skip
    last = DateField(
        label=gettext_lazy("Hari terakhir"), required=False,
        help_text=gettext_lazy("Kosong: seterusnya. Jam yang punya awal dan akhir mendahului jam biasa."),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for n, key in enumerate(DAY_KEYS):
            self.fields[key] = Words(
                label=str(WEEKDAYS[n]), required=False, max_length=200,
                widget=forms.TextInput(attrs={"class": "input", "placeholder": _("tutup"), "inputmode": "text"}),
            )  # fmt: skip

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the seven days."""
        return [self[key] for key in DAY_KEYS]

    def clean(self) -> dict[str, Any]:
        """Hours as intervals, each mistake at its day."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        week = []
        for key in DAY_KEYS:
            try:
                week.append(intervals(typed.get(key, "")))
            except CalendarRefused as error:
                self.add_error(key, str(error))
        if not self.errors:
            last = typed["last"] + timedelta(days=1) if typed["last"] else None
            try:
                typed["period"] = Period(tuple(week), typed["first"], last, " ".join(typed["label"].split()))
            except CalendarRefused as error:
                self.add_error(None, str(error))
        return typed

    @classmethod
    def of(cls, period: Period, *, unit: str = "", position: str = "") -> PeriodForm:
        """The form filled with a period."""
        known = {
            "unit": unit,
            "position": position,
            "label": period.label,
            "first": period.from_date,
            "last": period.until_date - timedelta(days=1) if period.until_date else None,
        }
        hours = {key: ", ".join(map(str, day)) for key, day in zip(DAY_KEYS, period.week, strict=True)}
        return cls(initial={**known, **hours})


def intervals(typed: str) -> tuple[Interval, ...]:
    """ "07.30-12.00, 13.00-16.00" in order; nothing for a day that is closed. Raises ``CalendarRefused``."""
    words = typed.strip().lower()
    if words in _CLOSED:
        return ()
    found = sorted(Interval.read(part) for part in re.split(r"\s*(?:[,;]|\bdan\b)\s*", words) if part)
    for earlier, later in pairwise(found):
        if later.opens < earlier.closes:
            raise CalendarRefused(_("Jam %(one)s dan %(other)s bertumpuk.") % {"one": earlier, "other": later})
    return tuple(found)


class YearForm(forms.Form):
    """Holidays of a year from the list that comes with Tanggap, each to be ticked, and the numbers of their decree."""

    what = forms.CharField(widget=forms.HiddenInput, initial="libur")
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    decree = Words(
        label=gettext_lazy("Nomor keputusan"), max_length=200, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Misalnya SKB 3 Menteri. Bila kosong, tanggalnya tetap ditandai perkiraan."),
    )  # fmt: skip
    day = forms.MultipleChoiceField(
        label=gettext_lazy("Hari libur"), error_messages={"required": gettext_lazy("Pilih paling sedikit satu hari.")}
    )

    def __init__(self, *args: Any, offered: Sequence[Holiday], **more: Any) -> None:
        super().__init__(*args, **more)
        self.offered = {f"{one.date.isoformat()}|{one.name}": one for one in offered}
        self.fields["day"].choices = [(key, key) for key in self.offered]  # type: ignore[attr-defined]

    def options(self) -> list[tuple[str, Holiday, bool]]:
        """What can be ticked, and what is."""
        chosen = set(self["day"].value() or ()) if self.is_bound else set(self.offered)
        return [(key, day, key in chosen) for key, day in self.offered.items()]

    def days(self) -> list[Holiday]:
        """The days that a valid form names, with the decree typed."""
        decree = self.cleaned_data["decree"].strip()
        chosen = (self.offered[key] for key in self.cleaned_data["day"])
        return [Holiday(one.date, one.name, one.kind, decree, False) if decree else one for one in chosen]


class ConfirmForm(forms.Form):
    """Why the calendar is changed, asked when everything that moves is known."""

    why = Words(
        label=gettext_lazy("Alasan perubahan"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Tercatat pada riwayat kalender, misalnya “SKB tentang cuti bersama 2027”."),
        error_messages={"required": gettext_lazy("Isi alasannya, agar orang lain tahu mengapa tenggat bergeser.")},
    )  # fmt: skip
    decree_of = Words(
        label=gettext_lazy("Nomor keputusan"), max_length=200, required=False, widget=forms.TextInput(attrs=_INPUT)
    )
