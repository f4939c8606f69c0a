"""On what a time in an SOP depends, in words: by class, counted from another moment, a second standard, a timeout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tanggap.sop.flow import Flow
from tanggap.sop.model import Clock, Condition, Party, Procedure, Sop, Step, Timeout
from tanggap.web import dates, labels, printed
from tanggap.worktime.duration import DEFAULT_READING, Duration, Unit, UnreadableDuration, parse

STARTS: Mapping[str, str | Promise] = {
    "": gettext_lazy("langkah dibuka"),
    "opened": gettext_lazy("langkah dibuka"),
    "receipt": gettext_lazy("laporan diterima"),
    "complete": gettext_lazy("berkas lengkap"),
    "answered": gettext_lazy("pelapor dijawab"),
    "given": gettext_lazy("diberikan"),
}
"""Moments that clocks count from."""

_ATTRIBUTES: Mapping[str, str | Promise] = {
    "channel": gettext_lazy("kanal"),
    "kind": gettext_lazy("jenis laporan"),
    "identity": gettext_lazy("keterbukaan identitas"),
    "hours": gettext_lazy("jam penerimaan"),
    "in_time": gettext_lazy("tepat waktu"),
    "first": gettext_lazy("yang pertama"),
    "answered": gettext_lazy("sudah dijawab"),
}
_VALUES: Mapping[tuple[str, str], str | Promise] = {
    ("hours", "in"): gettext_lazy("pada jam kerja"),
    ("hours", "out"): gettext_lazy("di luar jam kerja"),
    **{(name, "yes"): gettext_lazy("ya") for name in ("in_time", "first", "answered")},
    **{(name, "no"): gettext_lazy("tidak") for name in ("in_time", "first", "answered")},
}


_OUTSIDERS = (Party.COMPLAINANT, Party.OUTSIDE)


def since(counted_from: str, name: Callable[[str], str]) -> str:
    """What happens at the moment a clock counts from. ``name``: how a row is called."""
    kind, _colon, rest = counted_from.partition(":")
    if counted_from in STARTS:
        return str(STARTS[counted_from])
    if kind == "done":
        return _("%(step)s selesai") % {"step": name(rest)}
    if kind == "delivered":
        return _("bukti diterima dari %(step)s") % {"step": name(rest)}
    if kind == "linked":
        relation, _colon, mark = rest.partition(":")
        return _("tanda “%(mark)s” pada laporan terkait (%(relation)s)") % {"mark": mark, "relation": relation}
    return _("tanda “%(mark)s”") % {"mark": counted_from}


def of_row(sop: Sop, flow: Flow, step: Step) -> list[str]:
    """What there is to say of the time of a row beside the printed cell; nothing for a plain one."""
    return list(_of_row(sop, flow, step))


def of_procedure(sop: Sop, flow: Flow) -> list[str]:
    """What there is to say of the time of a whole procedure; nothing for a plain one."""
    return list(_of_procedure(sop, flow))


def reading(sop: Sop) -> str:
    """How the bare words of the document are read: "menit = menit kerja, jam = jam kerja, hari = hari kerja"."""
    words = ", ".join(f"{word} = {parse(f'1 {word}', sop.reading).told(dates.language())[2:]}"
                      for word in ("menit", "jam", "hari"))  # fmt: skip
    return _("Waktu dibaca: %(words)s.") % {"words": words}


def _of_row(sop: Sop, flow: Flow, step: Step) -> Iterator[str]:
    if step.time is not None and _reads_otherwise(step.time):
        yield _read(step.time)
    for name, by_value in step.time_by.items():
        told = [f"{_value(name, value)}: {_plain(time)}" for value, time in by_value.items()]
        if step.time is not None and step.time.has_standard:
            told.append(_("selain itu: %(time)s") % {"time": step.time})
        yield _("Waktu menurut %(name)s: %(times)s") % {"name": _attribute(sop, name), "times": "; ".join(told)}
    if step.respond is not None:
        yield _("Respons pertama: %(time)s") % {"time": step.respond}
    if step.counted_from not in ("", "opened"):
        yield _("Dihitung sejak %(what)s") % {"what": since(step.counted_from, _namer(flow))}
    if step.timeout is not None:
        yield _timeout(sop, flow, step, step.timeout)
    if step.time is not None and step.time.has_standard and printed.of_party(sop, step, *_OUTSIDERS):
        yield _("Pelaksana di luar lembaga: untuk keterangan, tidak pernah terlambat")
    if step.extend is not None:
        yield ngettext("Dapat diperpanjang %(n)d kali, paling lama %(time)s",
                       "Dapat diperpanjang %(n)d kali, tiap kali paling lama %(time)s",
                       step.extend.at_most) % {"n": step.extend.at_most, "time": step.extend.by}  # fmt: skip


def _timeout(sop: Sop, flow: Flow, step: Step, timeout: Timeout) -> str:
    time = str(timeout.after) if timeout.after is not None else _("waktu itu")
    if timeout.counted_from:
        time = _("%(time)s sejak %(what)s") % {"time": time, "what": since(timeout.counted_from, _namer(flow))}
    if timeout.choice:
        return _("Bila %(time)s lewat, dianggap “%(choice)s”") % {"time": time, "choice": _label(step, timeout)}
    if timeout.next is None:
        return _("Bila %(time)s lewat, dianggap selesai") % {"time": time}
    places = printed.leads(flow, sop, timeout.next)
    if timeout.keep:
        return _("Bila %(time)s lewat, dibuka pula %(places)s") % {"time": time, "places": places}
    return _("Bila %(time)s lewat: %(places)s") % {"time": time, "places": places}


def _label(step: Step, timeout: Timeout) -> str:
    return next((exit.label for exit in step.choices if exit.id == timeout.choice), timeout.choice)


def _of_procedure(sop: Sop, flow: Flow) -> Iterator[str]:
    procedure = flow.procedure
    if procedure.limit is not None:
        yield _("Seluruh prosedur: %(time)s sejak laporan diterima") % {"time": procedure.limit}
    yield from (_clock(flow, clock) for clock in procedure.clocks if clock.time is not None)
    for start in procedure.start:
        if start.when:
            yield _("Mulai pada %(row)s bila %(when)s") % {
                "row": _namer(flow)(start.at), "when": _condition(sop, start.when),
            }  # fmt: skip
    yield from _window(procedure)
    if procedure.reopen is not None:
        yield _("Dapat dibuka kembali: %(time)s sesudah berakhir") % {"time": procedure.reopen}


def _clock(flow: Flow, clock: Clock) -> str:
    ends = {"end": _("laporan berakhir"), "answered": _("pelapor dijawab")}
    until = ends.get(clock.until) or _("%(step)s selesai") % {"step": _namer(flow)(clock.until)}
    source = f" ({clock.source})" if clock.source else ""
    return _("%(name)s: %(time)s sejak %(what)s, sampai %(until)s") % {
        "name": clock.id, "time": clock.time, "what": since(clock.counted_from, _namer(flow)), "until": until,
    } + source  # fmt: skip


def _window(procedure: Procedure) -> Iterator[str]:
    window = procedure.window
    if window is not None:
        moment = since(f"linked:{window.relation}:{window.counted_from}", str)
        said = _("Tepat waktu: %(time)s sejak %(what)s") % {"time": window.within, "what": moment}
        yield said + (_("; hanya satu kali") if window.once else "")


def _namer(flow: Flow) -> Callable[[str], str]:
    return lambda row: printed.name(flow.steps[row]) if row in flow.steps else row


def _plain(time: Duration) -> str:
    """A time as printed, and what it counts where that is not what its words would mean elsewhere."""
    return f"{time} ({time.told(dates.language())})" if _reads_otherwise(time) else str(time)


def _read(time: Duration) -> str:
    return _("“%(printed)s” dibaca sebagai %(meaning)s") % {"printed": time, "meaning": time.told(dates.language())}


def _reads_otherwise(time: Duration) -> bool:
    """True when the print alone would not tell a reader: the wall clock, or words this document reads its own way."""
    if not time.has_standard or time.printed.lower().endswith(time.unit.value):
        return False
    try:
        usual = parse(time.printed, DEFAULT_READING)
    except UnreadableDuration:
        return True
    return (usual.unit, usual.amount) != (time.unit, time.amount) or time.unit in (Unit.CLOCK_HOURS, Unit.CLOCK_MINUTES)


def _condition(sop: Sop, when: Condition) -> str:
    return _(" dan ").join(
        f"{_attribute(sop, name)}: {_(' atau ').join(_value(name, value) for value in values)}"
        for name, values in when.items()
    )


def _attribute(sop: Sop, name: str) -> str:
    declared = next((one.label for one in sop.attributes if one.id == name and one.label), "")
    label = declared or str(_ATTRIBUTES.get(name, name))
    return label[:1].lower() + label[1:] if not label.isupper() else label


def _value(name: str, value: str) -> str:
    known = {"kind": labels.kind, "channel": labels.channel, "identity": labels.identity}.get(name)
    return str(known(value) if known is not None else _VALUES.get((name, value), value))
