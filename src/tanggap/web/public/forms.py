"""The complainant's forms: they ask little, keep what was typed, and say at the field what is missing."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.web import labels
from tanggap.web.page import new_key

MOST_LETTERS = 200_000
"""A report may be this long; longer texts belong into a file."""


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, empty ones too: nothing that comes with a report is refused for what it is."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself."""
        return [super(FilesField, self).clean(one, initial) for one in data or ()]


class Words(forms.CharField):
    """Text as it can be kept: what no pen can write is left out instead of refused."""

    def to_python(self, value: Any) -> str:
        """Without NUL."""
        return str(super().to_python(value)).replace("\0", "")


def _choices(words: dict[str, tuple[labels.Words, labels.Words]]) -> list[tuple[str, Any]]:
    return [(value, word) for value, (word, _sentence) in words.items()]


class ReportForm(forms.Form):
    """The report of ``/lapor``. Only the story is required."""

    template_name = "public/report.html"
    error_css_class = "has-error"

    key = forms.CharField(widget=forms.HiddenInput, max_length=100, initial=new_key)
    kind = forms.ChoiceField(label=gettext_lazy("Jenis laporan"), choices=_choices(labels.KINDS), initial="complaint")
    story = Words(
        label=gettext_lazy("Uraian"),
        help_text=gettext_lazy("Apa yang terjadi, kapan, dan apa yang Anda harapkan. Nama Anda tidak perlu di sini."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 8}),
        max_length=MOST_LETTERS,
        error_messages={
            "required": gettext_lazy("Ceritakan kejadiannya, paling sedikit satu kalimat."),
            "max_length": gettext_lazy("Uraian terlalu panjang. Ringkas, lalu lampirkan selengkapnya sebagai berkas."),
        },
    )
    service = Words(label=gettext_lazy("Layanan yang dimaksud"), required=False, max_length=200)
    addressee = Words(label=gettext_lazy("Unit yang dituju"), required=False, max_length=100)
    place = Words(
        label=gettext_lazy("Tempat dan waktu kejadian"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Foto"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "file", "accept": "image/*", "capture": "environment"}),
    )
    documents = FilesField(
        label=gettext_lazy("Berkas gambar atau PDF"),
        required=False,
        allow_empty_file=True,
        widget=ManyFiles(attrs={"class": "file", "accept": "image/*,application/pdf"}),
    )
    reply_by = forms.ChoiceField(
        label=gettext_lazy("Cara dijawab"), choices=_choices(labels.REPLY_BY), initial="lacak", required=False
    )
    name = Words(
        label=gettext_lazy("Nama"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    contact = Words(
        label=gettext_lazy("Nomor atau alamat surel"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "on"}),
    )
    affiliation = forms.ChoiceField(
        label=gettext_lazy("Anda adalah"), choices=[("", ""), *_choices(labels.AFFILIATIONS)], required=False
    )
    identity = forms.ChoiceField(
        label=gettext_lazy("Identitas saya"), choices=_choices(labels.IDENTITIES), initial="confidential"
    )
    publicity = forms.ChoiceField(
        label=gettext_lazy("Isi laporan"), choices=_choices(labels.PUBLICITY), initial="secret", required=False
    )

    def __init__(
        self, *args: Any, services: list[str], units: list[tuple[str, str]], kinds: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        unknown = ("", _("Biar petugas yang menentukan"))
        style = {"class": "input"}
        self.fields["service"].widget = forms.Select(attrs=style, choices=[unknown, *((s, s) for s in services)])
        self.fields["addressee"].widget = forms.Select(attrs=style, choices=[unknown, *units])
        for field in self.fields.values():
            field.error_messages.setdefault("max_length", _("Terlalu panjang."))

    def clean_story(self) -> str:
        """A story of spaces alone tells nothing."""
        story: str = self.cleaned_data["story"]
        if not re.search(r"\w", story):
            raise forms.ValidationError(_("Ceritakan kejadiannya, paling sedikit satu kalimat."))
        return story

    def clean(self) -> dict[str, Any]:
        """An answer by telephone or mail needs a number or an address; who stays unknown leaves neither."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("identity") == "anonymous":
            cleaned.update(name="", contact="", reply_by="lacak")
            return cleaned
        self._check_contact(cleaned.get("reply_by") or "lacak", cleaned.get("contact", ""))
        return cleaned

    def _check_contact(self, reply_by: str, contact: str) -> None:
        if reply_by == "email":
            try:
                validate_email(contact)
            except forms.ValidationError:
                self.add_error("contact", _("Tulis alamat surel, misalnya nama@contoh.ac.id."))
        elif reply_by in ("whatsapp", "telepon") and not 8 <= len(re.sub(r"\D", "", contact)) <= 15:
            self.add_error("contact", _("Tulis 8 sampai 15 angka, misalnya 0812-0000-4417."))


class TrackForm(forms.Form):
    """Register number and tracking code. Sent by POST, so that neither stands in an address."""

    register = Words(
        label=gettext_lazy("Nomor register"),
        max_length=120,
        error_messages={"required": gettext_lazy("Tulis nomor register pada tanda terima Anda.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    code = Words(
        label=gettext_lazy("Kode lacak"),
        max_length=120,
        error_messages={"required": gettext_lazy("Tulis kode lacak pada tanda terima Anda.")},
        widget=forms.TextInput(
            attrs={
                "class": "input code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                "placeholder": "XXXX-XXXX-XXXX-XXXX",
            }
        ),
    )  # fmt: skip
