"""Desk entry: a complaint that came by telephone, letter, counter or box, typed while listening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.actions.at_once import answer_at_once
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import TooLarge
from tanggap.actions.intake import Complainant, Incoming, NoProcedure, Receipt, receive
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.web import dates, labels, page, receipts
from tanggap.web.public.forms import MOST_LETTERS, FilesField, ManyFiles, Words
from tanggap.web.uploads import hint, uploads

_INPUT = {"class": "input"}
_ATTRIBUTE = "ciri-"
_CHANNELS = [
    (value, labels.CHANNELS[value][0])
    for value in ("telepon", "lisan", "surat", "whatsapp", "sms", "email", "instagram", "media sosial", "kotak saran")
]


class EntryForm(forms.Form):
    """What the desk writes down. Only the channel and the story are required."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100, initial=page.new_key)
    channel = forms.ChoiceField(label=gettext_lazy("Saluran"), choices=_CHANNELS, widget=forms.Select(attrs=_INPUT))
    happened_at = forms.DateTimeField(
        label=gettext_lazy("Disampaikan pada"),
        help_text=gettext_lazy("Kosongkan bila sekarang."),
        required=False,
        widget=forms.DateTimeInput(attrs={**_INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M"],
        error_messages={"invalid": gettext_lazy("Tulis tanggal dan jam, misalnya 2026-11-20 08:30.")},
    )
    story = Words(
        label=gettext_lazy("Uraian"),
        widget=forms.Textarea(attrs={**_INPUT, "rows": 7}),
        max_length=MOST_LETTERS,
        error_messages={"required": gettext_lazy("Tulis isi laporannya.")},
    )
    title = Words(label=gettext_lazy("Perihal"), required=False, max_length=150, widget=forms.TextInput(attrs=_INPUT))
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        choices=[(value, word) for value, (word, _s) in labels.KINDS.items()],
        widget=forms.Select(attrs=_INPUT),
    )
    service = Words(label=gettext_lazy("Layanan"), required=False, max_length=200)
    addressee = Words(label=gettext_lazy("Unit yang dituju"), required=False, max_length=100)
    respondent = Words(label=gettext_lazy("Pihak yang dikeluhkan"), required=False, max_length=100)
    place = Words(
        label=gettext_lazy("Tempat dan waktu kejadian"), required=False, max_length=300,
        widget=forms.TextInput(attrs=_INPUT),
    )  # fmt: skip
    identity = forms.ChoiceField(
        label=gettext_lazy("Identitas"),
        choices=[(value, word) for value, (word, _s) in labels.IDENTITIES.items()],
        initial="confidential",
        widget=forms.Select(attrs=_INPUT),
    )
    name = Words(label=gettext_lazy("Nama"), required=False, max_length=200, widget=forms.TextInput(attrs=_INPUT))
    phone = Words(label=gettext_lazy("Telepon"), required=False, max_length=60, widget=forms.TextInput(attrs=_INPUT))
    email = Words(label=gettext_lazy("Surel"), required=False, max_length=200, widget=forms.TextInput(attrs=_INPUT))
    address = Words(label=gettext_lazy("Alamat"), required=False, max_length=300, widget=forms.TextInput(attrs=_INPUT))
    affiliation = forms.ChoiceField(
        label=gettext_lazy("Pelapor adalah"),
        choices=[("", "-"), *((value, word) for value, (word, _s) in labels.AFFILIATIONS.items())],
        required=False,
        widget=forms.Select(attrs=_INPUT),
    )
    on_behalf_of = Words(
        label=gettext_lazy("Mewakili"), required=False, max_length=200, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Isi bila yang menghubungi menyampaikan keluhan orang lain."),
    )  # fmt: skip
    answer_now = Words(
        label=gettext_lazy("Jawaban di tempat"), required=False, max_length=MOST_LETTERS,
        help_text=gettext_lazy("Isi bila Anda sudah menjawab langsung; laporan diselesaikan menurut SOP."),
        widget=forms.Textarea(attrs={**_INPUT, "rows": 3}),
    )  # fmt: skip
    answer_by = forms.ChoiceField(
        label=gettext_lazy("Cara dijawab"),
        choices=[(value, word) for value, (word, _s) in labels.REPLY_BY.items()],
        required=False,
        widget=forms.Select(attrs=_INPUT),
    )
    agenda_number = Words(
        label=gettext_lazy("Nomor agenda"), required=False, max_length=80, widget=forms.TextInput(attrs=_INPUT)
    )
    letter_number = Words(
        label=gettext_lazy("Nomor surat"), required=False, max_length=120, widget=forms.TextInput(attrs=_INPUT)
    )
    letter_date = forms.DateField(
        label=gettext_lazy("Tanggal surat"), required=False,
        widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Tulis tanggal, misalnya 2026-11-20.")},
    )  # fmt: skip
    external = Words(
        label=gettext_lazy("Nomor pada sistem lain"), required=False, max_length=300,
        help_text=gettext_lazy("Misalnya tautan atau nomor tiket UB Care atau SP4N-LAPOR!."),
        widget=forms.TextInput(attrs=_INPUT),
    )  # fmt: skip
    documents = FilesField(
        label=gettext_lazy("Pindaian surat atau berkas"), required=False, allow_empty_file=True,
        widget=ManyFiles(attrs={"class": "file"}),
    )  # fmt: skip

    def __init__(self, *args: Any, house: InstitutionLine, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.house, self.at = house, at
        own = [(value, word) for value, (word, _sentence) in labels.kinds_of(house).items()]
        self.fields["kind"].choices = own  # type: ignore[attr-defined]
        places = queries.respondents_to_name(house.key)
        units = [(one.key, one.name) for one in places if one.is_unit]
        unknown = ("", _("Belum ditentukan"))
        self.fields["service"].widget = forms.Select(attrs=_INPUT, choices=[unknown, *((s, s) for s in house.services)])
        self.fields["addressee"].widget = forms.Select(attrs=_INPUT, choices=[unknown, *units])
        self.fields["respondent"].widget = forms.Select(
            attrs=_INPUT, choices=[unknown, *((one.key, one.name) for one in places)]
        )
        for name, label, values in _attributes(house, at):
            self.fields[f"{_ATTRIBUTE}{name}"] = forms.ChoiceField(
                label=label, choices=[unknown, *((value, value) for value in values)], required=False,
                widget=forms.Select(attrs=_INPUT),
            )  # fmt: skip

    @property
    def attributes(self) -> list[forms.BoundField]:
        """The fields for what the SOPs of the institution call their complaints by: urgency, kind, class."""
        return [self[name] for name in self.fields if name.startswith(_ATTRIBUTE)]

    def clean_happened_at(self) -> datetime | None:
        """On the clocks of the institution, and not in the future."""
        typed: datetime | None = self.cleaned_data["happened_at"]
        if typed is None:
            return None
        try:
            moment = dates.on_clocks(typed, self.house.zone)
        except ValueError:
            raise forms.ValidationError(self.fields["happened_at"].error_messages["invalid"]) from None
        if moment > self.at:
            raise forms.ValidationError(_("Waktu kejadian tidak boleh di masa depan."))
        return moment


def _attributes(house: InstitutionLine, at: datetime) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Attributes with a closed list that the SOPs in force declare, each once (S4-6)."""
    told: set[str] = set()
    for line in queries.current_sops(house.key, at=at):
        for attribute in line.sop.attributes:
            if attribute.values and attribute.id not in told:
                told.add(attribute.id)
                yield attribute.id, attribute.label or attribute.id, attribute.values


@page.for_staff
def entry(request: HttpRequest, who: Reader) -> HttpResponse:
    """The form and, when it is sent, the tanda terima to print."""
    keys = {part.institution for part in who.parts.values() if part.desk or part.coordinator}
    houses = [house for house in queries.institutions() if house.key in keys]
    if not houses:
        raise Http404
    wanted = request.POST.get("house") or request.GET.get("institution", "")
    house = next((one for one in houses if one.key == wanted), houses[0])
    if request.method != "POST":
        return _page(request, who, house, houses, EntryForm(house=house, at=who.at), status=200)
    form = EntryForm(request.POST, request.FILES, house=house, at=who.at)
    if not form.is_valid():
        return _page(request, who, house, houses, form, status=422)
    try:
        incoming = _incoming(form.cleaned_data, request)
        receipt = receive(house.key, incoming, key=form.cleaned_data["key"], at=who.at, by=who)
    except NotVisible:
        raise Http404 from None
    except TooLarge as error:
        form.add_error("documents", str(error))
        return _page(request, who, house, houses, form, status=413)
    except NoProcedure:
        form.add_error(None, _("Lembaga ini belum mempunyai SOP yang berlaku."))
        return _page(request, who, house, houses, form, status=503)
    except Refused:
        form.add_error(None, _("Formulir ini sudah tercatat dengan isi yang lain. Buka formulir baru."))
        return _page(request, who, house, houses, form, status=409)
    answered = _answered(form.cleaned_data, receipt, who)
    shown = receipts.receipt_page(receipt, incoming, at=who.at, recorded_by=who.user.shown_name)
    context = {"receipt": shown, "house": house, "here": "entry", "case_id": receipt.case, "answered": answered}
    return page.office(request, who, "duties/entry_receipt.html", context)


def _answered(typed: dict[str, Any], receipt: Receipt, who: Reader) -> bool | None:
    """Whether the answer given on the spot could be recorded as one; ``None`` when there was none."""
    if not typed["answer_now"].strip():
        return None
    medium = typed["channel"] if typed["channel"] in labels.MEDIA else "lisan"
    return answer_at_once(receipt.case, typed["answer_now"], medium=medium, key=typed["key"], at=who.at, by=who)


def _incoming(typed: dict[str, Any], request: HttpRequest) -> Incoming:
    known = {name: typed[name] for name in ("name", "phone", "email", "address", "affiliation", "on_behalf_of")}
    return Incoming(
        text=typed["story"],
        title=typed["title"],
        channel=typed["channel"],
        kind=typed["kind"],
        identity=typed["identity"],
        service=typed["service"],
        place=typed["place"],
        addressee=typed["addressee"],
        answer_by=typed["answer_by"],
        complainant=Complainant(**known),
        respondent=(typed["respondent"],) if typed["respondent"] else (),
        files=uploads(request, "documents"),
        letter_number=typed["letter_number"],
        letter_date=typed["letter_date"],
        agenda_number=typed["agenda_number"],
        external={_("Nomor pada sistem lain"): typed["external"]} if typed["external"] else {},
        happened_at=typed["happened_at"],
        attributes={
            name.removeprefix(_ATTRIBUTE): value
            for name, value in typed.items()
            if name.startswith(_ATTRIBUTE) and value
        },
    )


def _page(
    request: HttpRequest, who: Reader, house: InstitutionLine, houses: list[InstitutionLine], form: EntryForm, *,
    status: int,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "house": house, "houses": houses, "here": "entry", "file_hint": hint(), "now": who.at}
    return page.office(request, who, "duties/entry.html", context, status=status)
