"""Suggestion boxes: the form that is filled in beside the open box, and its berita acara."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.actions.boxes import Opening, Slip, open_box
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import TooLarge
from tanggap.actions.intake import NoProcedure
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.web import dates, labels, page
from tanggap.web.public.forms import MOST_LETTERS, Words
from tanggap.web.uploads import uploads

_INPUT = {"class": "input"}
_AT_FIRST, _AT_ONCE, _MOST = 5, 5, 60


class OpeningForm(forms.Form):
    """The head of the berita acara."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100, initial=page.new_key)
    box = Words(
        label=gettext_lazy("Kotak"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Misalnya: lobi Gedung C."),
        error_messages={"required": gettext_lazy("Tulis kotak yang dibuka.")},
    )  # fmt: skip
    opened_at = forms.DateTimeField(
        label=gettext_lazy("Dibuka pada"),
        widget=forms.DateTimeInput(attrs={**_INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M"],
        error_messages={
            "required": gettext_lazy("Tulis kapan kotak dibuka."),
            "invalid": gettext_lazy("Tulis tanggal dan jam, misalnya 2026-11-20 08:30."),
        },
    )
    opened_by = Words(
        label=gettext_lazy("Dibuka oleh"), max_length=200, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Tulis siapa yang membuka kotak.")},
    )  # fmt: skip
    witnesses = Words(
        label=gettext_lazy("Saksi"), required=False, max_length=2000,
        help_text=gettext_lazy("Satu nama pada satu baris."),
        widget=forms.Textarea(attrs={**_INPUT, "rows": 3}),
    )  # fmt: skip
    slips = forms.IntegerField(
        label=gettext_lazy("Banyak lembar dalam kotak"), min_value=0, max_value=2000,
        help_text=gettext_lazy("Termasuk yang tidak terbaca."), widget=forms.NumberInput(attrs=_INPUT),
        error_messages={
            "required": gettext_lazy("Tulis banyaknya lembar; nol bila kotak kosong."),
            "invalid": gettext_lazy("Tulis dengan angka."),
            "min_value": gettext_lazy("Tulis dengan angka."),
            "max_value": gettext_lazy("Paling banyak 2000 lembar."),
        },
    )  # fmt: skip
    notes = Words(
        label=gettext_lazy("Catatan"), required=False, max_length=2000,
        help_text=gettext_lazy("Misalnya keadaan segel, atau lembar yang tidak terbaca."),
        widget=forms.Textarea(attrs={**_INPUT, "rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, house: InstitutionLine, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.house, self.at = house, at

    def clean_opened_at(self) -> datetime:
        """On the clocks of the institution, and not in the future."""
        try:
            moment = dates.on_clocks(self.cleaned_data["opened_at"], self.house.zone)
        except ValueError:
            raise forms.ValidationError(self.fields["opened_at"].error_messages["invalid"]) from None
        if moment > self.at:
            raise forms.ValidationError(_("Waktu kejadian tidak boleh di masa depan."))
        return moment


@page.for_staff
def boxes(request: HttpRequest, who: Reader) -> HttpResponse:
    """The openings of the reader's institution, and a form for the next."""
    house, houses = _house(request, who)
    if request.method == "POST":
        return _open(request, who, house, houses)
    form = OpeningForm(
        house=house, at=who.at, initial={"opened_at": dates.local(who.at, house.zone), "opened_by": who.user.shown_name}
    )
    return _page(request, who, house, houses, form, [{} for _row in range(_AT_FIRST)])


def _house(request: HttpRequest, who: Reader) -> tuple[InstitutionLine, list[InstitutionLine]]:
    keys = {part.institution for part in who.parts.values() if part.desk or part.coordinator}
    houses = [house for house in queries.institutions() if house.key in keys]
    if not houses:
        raise Http404
    wanted = request.POST.get("house") or request.GET.get("institution", "")
    return next((one for one in houses if one.key == wanted), houses[0]), houses


def _open(
    request: HttpRequest, who: Reader, house: InstitutionLine, houses: list[InstitutionLine]
) -> HttpResponse:  # fmt: skip
    rows = _rows(request)
    form = OpeningForm(request.POST, house=house, at=who.at)
    if "more" in request.POST:
        again = OpeningForm(initial={name: request.POST.get(name, "") for name in form.fields}, house=house, at=who.at)
        more = rows + [{} for _row in range(min(_AT_ONCE, _MOST - len(rows)))]
        return _page(request, who, house, houses, again, more)
    told = [row for row in rows if row["text"].strip() or row["files"]]
    if form.is_valid() and form.cleaned_data["slips"] < len(told):
        words = _("Anda mengetik %(typed)d lembar, lebih banyak daripada yang ditulis di sini.") % {"typed": len(told)}
        form.add_error("slips", words)
    if not form.is_valid():
        return _page(request, who, house, houses, form, rows, status=422)
    facts = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    slips = [
        Slip(
            row["text"].strip() or _("(Tulisan ada pada pindaian.)"),
            row["kind"],
            row["name"],
            row["contact"],
            row["files"],
        )
        for row in told
    ]
    try:
        made = open_box(house.key, Opening(**facts), slips, key=form.cleaned_data["key"], at=who.at, by=who)
    except NotVisible:
        raise Http404 from None
    except TooLarge as error:
        form.add_error(None, str(error))
        return _page(request, who, house, houses, form, rows, status=413)
    except NoProcedure:
        form.add_error(None, _("Lembaga ini belum mempunyai SOP yang berlaku."))
        return _page(request, who, house, houses, form, rows, status=503)
    except Refused:
        form.add_error(None, _("Formulir ini sudah tercatat dengan isi yang lain. Buka formulir baru."))
        return _page(request, who, house, houses, form, rows, status=409)
    return redirect("box_opening", made.pk)


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The slips as typed: every row of the form, also the empty ones."""
    told = (page.whole_number(name.removeprefix("text-")) for name in request.POST if name.startswith("text-"))
    count = min(max((n for n in told if n is not None), default=_AT_FIRST), _MOST)
    rows = []
    for n in range(1, count + 1):
        kind = request.POST.get(f"kind-{n}", "")
        rows.append(
            {
                "text": request.POST.get(f"text-{n}", "").replace("\0", "")[:MOST_LETTERS],
                "kind": kind[:60] or "suggestion",
                "name": request.POST.get(f"name-{n}", "").replace("\0", "")[:200],
                "contact": request.POST.get(f"contact-{n}", "").replace("\0", "")[:200],
                "files": uploads(request, f"scan-{n}"),
            }
        )
    return rows


def _page(
    request: HttpRequest, who: Reader, house: InstitutionLine, houses: list[InstitutionLine], form: OpeningForm,
    rows: list[dict[str, Any]], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "here": "entry",
        "form": form,
        "rows": rows,
        "house": house,
        "houses": houses,
        "kinds": [(value, word) for value, (word, _sentence) in labels.kinds_of(house).items()],
        "may_add": len(rows) < _MOST,
        "openings": queries.box_openings(who, house.key, limit=10),
        "now": who.at,
    }
    return page.office(request, who, "desk/boxes.html", context, status=status)


@page.for_staff
def opening(request: HttpRequest, who: Reader, pk: int) -> HttpResponse:
    """The berita acara, to be printed and signed."""
    paper = queries.box_opening(who, pk)
    if paper is None:
        raise Http404
    house = paper.line.institution
    context = {"here": "entry", "paper": paper, "house": house, "unread": paper.line.slips - paper.line.cases}
    return page.office(request, who, "desk/berita_acara.html", context)
