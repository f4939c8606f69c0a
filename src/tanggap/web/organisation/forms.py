"""The forms of the organisation's pages. A day typed is a day on the clocks of the institution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.web import labels
from tanggap.web.calendars.forms import DateField
from tanggap.web.organisation.words import CAPACITIES, POWERS
from tanggap.web.public.forms import Words

Options = Sequence[tuple[str, Any]]
_INPUT = {"class": "input"}


def begins(day: date, zone: str, *, now: datetime) -> datetime:
    """The first moment of a day; of today: now."""
    first = datetime.combine(day, time(), ZoneInfo(zone))
    return now if first.date() == now.astimezone(ZoneInfo(zone)).date() else first


def ends(day: date, zone: str) -> datetime:
    """The first moment after a day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _select(label: Any, options: Options, *, required: bool = True, empty: str = "", **more: Any) -> forms.ChoiceField:
    choices = [("", empty or _("Pilih")), *options]
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select(attrs=_INPUT),
        error_messages={"required": _("Pilih salah satu.")}, **more,
    )  # fmt: skip


def _name(label: Any, *, max_length: int = 200, **more: Any) -> Words:
    return Words(
        label=label, max_length=max_length, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Isi namanya.")}, **more,
    )  # fmt: skip


class Wish(forms.Form):
    """What every form of these pages carries: which wish it is."""

    what = forms.CharField(widget=forms.HiddenInput)


class HoldForm(Wish):
    """Who is to hold a post, in which capacity, from when until when."""

    post = forms.CharField(widget=forms.HiddenInput)
    first = DateField(label=gettext_lazy("Mulai tanggal"))
    last = DateField(
        label=gettext_lazy("Hari terakhir"), required=False,
        help_text=gettext_lazy("Kosong: seterusnya. Untuk Plh. harus diisi."),
    )  # fmt: skip
    field_order = ("what", "post", "person", "capacity", "instead_of", "first", "last")

    def __init__(self, *args: Any, persons: Options, own: Options, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"] = _select(_("Pemegang"), persons)
        self.fields["capacity"] = _select(_("Sebagai"), list(CAPACITIES.items()))
        if len(own) > 1:
            self.fields["instead_of"] = _select(
                _("Menggantikan"), own, required=False, empty=_("Semua pemegang"), help_text=_("Hanya untuk Plh.")
            )
        self.order_fields(self.field_order)


class EndForm(Wish):
    """Until when a person holds a post."""

    holding = forms.IntegerField(widget=forms.HiddenInput)
    last = DateField(
        label=gettext_lazy("Hari terakhir"), required=False,
        help_text=gettext_lazy("Kosong: berakhir sekarang juga."),
    )  # fmt: skip


class UnitForm(Wish):
    """A unit."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    name = _name(gettext_lazy("Nama unit"))
    may_be_complained_of = forms.BooleanField(
        label=gettext_lazy("Dapat dipilih sebagai pihak yang dikeluhkan"), required=False, initial=True
    )
    field_order = ("what", "key", "name", "parent", "may_be_complained_of")

    def __init__(self, *args: Any, units: Options, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["parent"] = _select(
            _("Bagian dari"), units, required=False, empty=_("Langsung di bawah lembaga"),
            help_text=_("Jam kerja tidak ikut unit di atasnya; jam kerja unit diatur pada Kalender kerja."),
        )  # fmt: skip
        self.order_fields(self.field_order)


class KindForm(Wish):
    """A kind of report by the institution's own name."""

    label = _name(gettext_lazy("Nama jenis"), max_length=60, help_text=gettext_lazy("Misalnya: Permohonan informasi."))
    field_order = ("what", "label", "counts_as")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        usual = [(value, word) for value, (word, _sentence) in labels.KINDS.items()]
        self.fields["counts_as"] = _select(
            _("Dihitung sebagai"), usual, help_text=_("Jenis baku yang menentukan prosedur dan tenggat hukumnya.")
        )


class PostForm(Wish):
    """A post."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    name = _name(gettext_lazy("Nama jabatan"))
    is_fallback = forms.BooleanField(
        label=gettext_lazy("Jenjang terakhir: menerima yang tidak dapat ditangani siapa pun"), required=False
    )
    field_order = ("what", "key", "name", "unit", "superior", "is_fallback")

    def __init__(self, *args: Any, units: Options, posts: Options, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"] = _select(
            _("Unit"), units, required=False, empty=_("Tanpa unit"),
            help_text=_("Tenggat tugasnya dihitung menurut jam kerja unit ini."),
        )  # fmt: skip
        self.fields["superior"] = _select(
            _("Atasan"), posts, required=False, empty=_("Langsung ke jenjang terakhir"),
            help_text=_("Yang menangani bila pemegangnya berhalangan atau sendiri yang dikeluhkan."),
        )  # fmt: skip
        self.order_fields(self.field_order)


class ColumnForm(Wish):
    """Which posts fill a column of an SOP."""

    sop = forms.CharField(widget=forms.HiddenInput)
    role = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, posts: Options, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["posts"] = forms.MultipleChoiceField(
            label=_("Jabatan"), choices=list(posts), required=False,
            widget=forms.SelectMultiple(attrs={**_INPUT, "size": "10"}),
            help_text=_("Boleh lebih dari satu: siapa pun di antaranya boleh mengerjakan."),
        )  # fmt: skip


class _Powers(Wish):
    """Ticks for what somebody may do."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, (word, means) in POWERS.items():
            self.fields[f"may_{name}"] = forms.BooleanField(
                label=f"{word}: {str(means)[:1].lower()}{str(means)[1:]}", required=False
            )

    def powers(self) -> tuple[str, ...]:
        """What is ticked in a valid form."""
        return tuple(name for name in POWERS if self.cleaned_data[f"may_{name}"])


class PersonForm(_Powers):
    """A new account. ``key``: the form's own key, so that sent twice it is one account."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    full_name = Words(
        label=gettext_lazy("Nama lengkap"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Isi namanya.")},
    )  # fmt: skip
    nip = Words(label="NIP", max_length=40, required=False, widget=forms.TextInput(attrs=_INPUT))
    username = Words(
        label=gettext_lazy("Nama pengguna"), max_length=150,
        help_text=gettext_lazy("Untuk masuk: huruf, angka, dan tanda @ . + - _ saja."),
        widget=forms.TextInput(attrs={**_INPUT, "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Isi nama penggunanya.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Surel"), widget=forms.EmailInput(attrs=_INPUT),
        error_messages={
            "required": gettext_lazy("Isi alamat surelnya."),
            "invalid": gettext_lazy("Tulis alamat surel, misalnya nama@contoh.ac.id."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["may_officer"].initial = True
        self.order_fields(("what", "key", "full_name", "nip", "username", "email"))


class InviteForm(_Powers):
    """What somebody who comes with an account of their own may do here."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["may_officer"].initial = True


class DetailsForm(Wish):
    """Name, NIP and address of an account."""

    person = forms.IntegerField(widget=forms.HiddenInput)
    full_name = Words(
        label=gettext_lazy("Nama lengkap"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Isi namanya.")},
    )  # fmt: skip
    nip = Words(label="NIP", max_length=40, required=False, widget=forms.TextInput(attrs=_INPUT))
    email = forms.EmailField(
        label=gettext_lazy("Surel"), widget=forms.EmailInput(attrs=_INPUT),
        error_messages={
            "required": gettext_lazy("Isi alamat surelnya."),
            "invalid": gettext_lazy("Tulis alamat surel, misalnya nama@contoh.ac.id."),
        },
    )  # fmt: skip


class PowersForm(_Powers):
    """What somebody may do here."""

    person = forms.IntegerField(widget=forms.HiddenInput)


class OneForm(Wish):
    """A button about one person: off, on, a link."""

    person = forms.IntegerField(widget=forms.HiddenInput)


class WhyForm(forms.Form):
    """Why the organisation is changed."""

    why = Words(
        label=gettext_lazy("Alasan atau nomor keputusan"), max_length=200, required=False,
        widget=forms.TextInput(attrs=_INPUT), help_text=gettext_lazy("Tercatat pada riwayat organisasi."),
    )  # fmt: skip


class LeaveForm(forms.Form):
    """From when until when an officer is away, and who acts meanwhile."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    first = DateField(label=gettext_lazy("Tidak di tempat mulai"))
    last = DateField(label=gettext_lazy("Sampai dengan"))
    why = Words(
        label=gettext_lazy("Keperluan"), max_length=200, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Misalnya cuti tahunan atau dinas luar. Dibaca atasan dan pengelola."),
    )  # fmt: skip
    field_order = ("key", "first", "last", "person", "posts", "why")

    def __init__(self, *args: Any, persons: Options, posts: Options, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"] = _select(_("Digantikan oleh"), persons)
        self.fields["posts"] = forms.MultipleChoiceField(
            label=_("Untuk jabatan"), choices=list(posts), initial=[key for key, _name in posts],
            error_messages={"required": _("Pilih paling sedikit satu jabatan.")},
            widget=forms.SelectMultiple(attrs={**_INPUT, "size": str(min(6, max(2, len(posts))))}),
        )  # fmt: skip
        self.order_fields(self.field_order)
