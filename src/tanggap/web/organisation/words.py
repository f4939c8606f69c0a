"""Sentences about an organisation: who holds what since when, what was changed, and why something cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tanggap.actions.arranging import NotArranged
from tanggap.actions.foretelling import Foretold, Touched
from tanggap.records.queries import ActLine, HoldingLine
from tanggap.web import dates, labels
from tanggap.web.labels import Words

CAPACITIES: Mapping[str, Words] = {
    "definitif": gettext_lazy("Definitif"),
    "plt": gettext_lazy("Plt. (jabatan kosong)"),
    "plh": gettext_lazy("Plh. (pemegangnya berhalangan)"),
}
SHORT: Mapping[str, str] = {"definitif": "", "plt": "Plt.", "plh": "Plh."}
POWERS: Mapping[str, tuple[Words, Words]] = {
    "desk": (gettext_lazy("Meja layanan"), gettext_lazy("Mencatat laporan untuk orang lain.")),
    "coordinator": (gettext_lazy("Koordinator"), gettext_lazy("Menyimpang dari SOP dengan alasan.")),
    "officer": (gettext_lazy("Petugas"), gettext_lazy("Melaksanakan langkah jabatannya.")),
    "auditor": (gettext_lazy("Pengawas"), gettext_lazy("Membaca semua, tidak mengubah apa pun.")),
    "admin": (gettext_lazy("Pengelola"), gettext_lazy("Mengatur organisasi, tanpa membaca laporan.")),
}

_REFUSALS: Mapping[str, Callable[[], str]] = {
    "post_unknown": lambda: _("Jabatan itu tidak ada."),
    "unit_unknown": lambda: _("Unit itu tidak ada."),
    "kind_unknown": lambda: _("Jenis itu tidak ada."),
    "kind_known": lambda: _("Jenis dengan nama itu sudah ada."),
    "kinds_full": lambda: _("Daftar jenis sudah penuh; hapus yang tidak dipakai."),
    "person_unknown": lambda: _("Pilih orangnya."),
    "column_unknown": lambda: _("Pelaksana itu tidak ada pada SOP."),
    "power_unknown": lambda: _("Wewenang itu tidak ada."),
    "holding_unknown": lambda: _("Pemegang itu sudah berakhir."),
    "posts_needed": lambda: _("Pilih paling sedikit satu jabatan."),
    "begins_in_past": lambda: _("Tanggal itu sudah lewat. Perubahan berlaku paling awal hari ini."),
    "ends_before_it_begins": lambda: _("Hari terakhir harus sesudah hari pertama."),
    "ends_sooner_anyway": lambda: _("Masa jabatannya sudah berakhir lebih awal daripada itu."),
    "until_needed": lambda: _("Plh. berlaku untuk masa tertentu: isi hari terakhirnya."),
    "too_long": lambda: _("Paling lama satu tahun. Untuk yang lebih lama, pengelola menetapkan pejabat lain."),
    "holds_it_already": lambda: _("%(person)s sudah memegang jabatan ini pada masa itu."),
    "not_vacant": lambda: _("Jabatan ini dipegang %(person)s. Untuk yang berhalangan pilih Plh."),
    "vacant": lambda: _("Jabatan ini kosong pada masa itu. Untuk jabatan kosong pilih Plt."),
    "stands_in_for_oneself": lambda: _("Pilih orang lain."),
    "away_too": lambda: _("%(person)s sendiri tidak di tempat pada masa itu. Pilih orang lain."),
    "away_already": lambda: _("Pada masa itu Anda sudah digantikan oleh %(person)s. Akhiri dahulu yang itu."),
    "ring": lambda: _("Itu membuat lingkaran: ia akan berada di atas dirinya sendiri."),
    "fallback_needed": lambda: _("Harus ada satu jenjang terakhir. Tetapkan jabatan lain sebagai jenjang terakhir."),
    "nothing_changed": lambda: _("Tidak ada yang berubah."),
    "needs_another": lambda: _(
        "Perubahan ini memberi Anda sendiri wewenang atau tugas. Pengelola lain yang harus menjalankannya: %(names)s."
    ),
    "will_not_do": lambda: _("Tidak dapat dipakai. %(says)s"),
    "address_taken": lambda: _("Alamat surel ini sudah dipakai akun lain."),
    "last_administrator": lambda: _("Harus ada paling sedikit satu pengelola."),
    "not_oneself": lambda: _("Anda tidak dapat mematikan akun Anda sendiri."),
    "works_elsewhere": lambda: _("Akun ini juga dipakai di lembaga lain. Pengelola instalasi yang dapat mengubahnya."),
    "guarded_account": lambda: _(
        "Akun pengelola dan pengawas tidak diberi tautan dari sini. Pemiliknya mengganti kata sandinya sendiri."
    ),
    "belongs_already": lambda: _(
        "Akun ini sudah mempunyai bagian di lembaga itu; pengelolanya dapat mengubah wewenangnya."
    ),
    "auditor_alone": lambda: _("Pengawas tidak mempunyai wewenang lain."),
}


def refusal(problem: NotArranged) -> str:
    """Why a change cannot be made, as a sentence."""
    return _REFUSALS[problem.code]() % problem.details


def known_refusals() -> frozenset[str]:
    """Codes that have a sentence."""
    return frozenset(_REFUSALS)


# spans ----------------------------------------------------------------------------------------------------------------


def last_day(until: datetime, zone: str) -> str:
    """The last day of a span that ends (exclusively) at ``until``; with the clock when it ends within a day."""
    there = dates.local(until, zone)
    if there.time() == time():
        return dates.day((there - timedelta(days=1)).date())
    return dates.stamp(until, zone)


def span(from_at: datetime, until_at: datetime | None, zone: str) -> str:
    """As in: 17 November 2026 sampai 20 November 2026; or: sejak 1 Januari 2026."""
    first = dates.day(dates.local(from_at, zone))
    if until_at is None:
        return _("sejak %(first)s") % {"first": first}
    return _("%(first)s sampai %(last)s") % {"first": first, "last": last_day(until_at, zone)}


def holder(one: HoldingLine, zone: str, *, post: bool = False) -> str:
    """As in: Ani (Plh. menggantikan Budi, 17 November 2026 sampai 20 November 2026). ``post``: the post, not who."""
    capacity = SHORT[one.capacity]
    if one.instead_of:
        capacity = _("%(capacity)s menggantikan %(person)s") % {"capacity": capacity, "person": one.instead_of}
    inside = ", ".join(filter(None, (capacity, span(one.from_at, one.until_at, zone))))
    name = one.post_name if post else one.name
    return f"{name} ({inside})" if one.active else _("%(name)s (akun dimatikan)") % {"name": name}


# acts -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """The words for what acts name. ``persons`` by log id; ``posts``: posts and units; ``columns``: by SOP and role."""

    persons: Mapping[str, str]
    posts: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    zone: str

    def person(self, key: str) -> str:
        """Somebody by name."""
        return self.persons.get(key) or _("seseorang")

    def post(self, key: str) -> str:
        """A post or unit by name; a dash for none."""
        return self.posts.get(key, key) or "-"

    def every(self, keys: Iterable[str]) -> str:
        """Several by name."""
        return ", ".join(self.post(key) for key in keys) or _("tidak ada")

    def moment(self, said: str) -> datetime | None:
        """A moment as it was recorded."""
        return datetime.fromisoformat(said) if said else None

    def span(self, data: Mapping[str, Any]) -> str:
        """From when until when."""
        from_at = self.moment(data["from"])
        assert from_at is not None
        return span(from_at, self.moment(data["until"]), self.zone)


def persons_in(data: Mapping[str, Any]) -> list[str]:
    """Log ids of the people whom an act names."""
    return [data[name] for name in ("person", "instead_of") if data.get(name)]


def act(one: ActLine, names: Names) -> str:
    """What was done, as a sentence that follows a name. How much it moved its own page says, by who reads it."""
    return _ACTS[one.kind](one.data, names)


def moved(number: int) -> str:
    """How many due moments an act moved."""
    if not number:
        return _("Tidak ada tenggat yang bergeser.")
    return ngettext("%(n)d tenggat bergeser.", "%(n)d tenggat bergeser.", number) % {"n": number}


def _hold(data: Mapping[str, Any], names: Names) -> str:
    capacity = SHORT[data["capacity"]] or _("pejabat definitif")
    if data.get("instead_of"):
        capacity = _("%(capacity)s menggantikan %(person)s") % {
            "capacity": capacity, "person": names.person(data["instead_of"]),
        }  # fmt: skip
    told = {"person": names.person(data["person"]), "post": names.post(data["post"]), "span": names.span(data)}
    return _("menetapkan %(person)s sebagai %(capacity)s %(post)s, %(span)s.") % {**told, "capacity": capacity}


def _end(data: Mapping[str, Any], names: Names) -> str:
    until = names.moment(data["until"])
    assert until is not None
    return _("mengakhiri jabatan %(person)s sebagai %(post)s pada %(at)s.") % {
        "person": names.person(data["person"]), "post": names.post(data["post"]), "at": dates.stamp(until, names.zone),
    }  # fmt: skip


def _leave(data: Mapping[str, Any], names: Names) -> str:
    return _("tidak di tempat %(span)s, digantikan %(person)s sebagai Plh. %(posts)s.") % {
        "span": names.span(data), "person": names.person(data["person"]), "posts": names.every(data["posts"]),
    }  # fmt: skip


def _leave_end(data: Mapping[str, Any], names: Names) -> str:
    return _("mengakhiri penggantian oleh %(person)s sebagai Plh. %(post)s.") % {
        "person": names.person(data["person"]), "post": names.post(data["post"]),
    }  # fmt: skip


_FACTS: Mapping[str, Callable[[], str]] = {
    "name": lambda: _("nama"),
    "unit": lambda: _("unit"),
    "parent": lambda: _("induk"),
    "superior": lambda: _("atasan"),
    "is_fallback": lambda: _("jenjang terakhir"),
    "may_be_complained_of": lambda: _("dapat dikeluhkan"),
    "full_name": lambda: _("nama"),
    "email": lambda: _("surel"),
    "nip": lambda: "NIP",
}


def _fact(name: str, value: object, names: Names) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return names.post(str(value)) if name in ("unit", "parent", "superior") else str(value)


def _row(data: Mapping[str, Any], names: Names, made: str, changed: str) -> str:
    facts = "; ".join(f"{_FACTS[name]()}: {_fact(name, value, names)}" for name, value in data["after"].items())
    words = made if data["new"] else changed
    return words % {"name": names.post(data["key"]), "facts": facts}


def _column(data: Mapping[str, Any], names: Names) -> str:
    return _("menetapkan pelaksana “%(role)s” pada SOP %(sop)s: %(after)s (semula %(before)s).") % {
        "role": names.columns.get(data["sop"], {}).get(data["role"], data["role"]), "sop": data["sop"],
        "after": names.every(data["after"]), "before": names.every(data["before"]),
    }  # fmt: skip


def powers(which: Iterable[str]) -> str:
    """Powers by name."""
    known = set(which)
    return ", ".join(str(word).lower() for name, (word, _means) in POWERS.items() if name in known) or _("tidak ada")


def _of_person(words: Callable[[], str]) -> Callable[[Mapping[str, Any], Names], str]:
    return lambda data, names: words() % {"person": names.person(data["person"])}


_ACTS: Mapping[str, Callable[[Mapping[str, Any], Names], str]] = {
    "hold": _hold,
    "end": _end,
    "leave": _leave,
    "leave_end": _leave_end,
    "unit": lambda data, names: _row(
        data, names, _("menambah unit %(name)s (%(facts)s)."), _("mengubah unit %(name)s (%(facts)s).")
    ),
    "post": lambda data, names: _row(
        data, names, _("menambah jabatan %(name)s (%(facts)s)."), _("mengubah jabatan %(name)s (%(facts)s).")
    ),
    "units": lambda data, names: _("memindahkan jabatan ke unit lain dengan berkas lembaga: %(posts)s.") % {
        "posts": "; ".join(
            _("%(post)s dari %(before)s ke %(after)s") % {
                "post": names.post(post), "before": names.post(before) if before else "-",
                "after": names.post(after) if after else "-",
            } for post, (before, after) in data["posts"].items()
        ),
    },
    "kind": lambda data, names: _("menambah jenis laporan “%(label)s”, dihitung sebagai %(kind)s.") % {
        "label": data["label"], "kind": str(labels.kind(data["as"])).lower(),
    },
    "kind_off": lambda data, names: _("tidak lagi menawarkan jenis laporan “%(label)s”.") % {"label": data["label"]},
    "column": _column,
    "person": lambda data, names: _("menambah akun %(person)s dengan wewenang: %(powers)s.") % {
        "person": names.person(data["person"]), "powers": powers(data["powers"]),
    },
    "invite": lambda data, names: _("membuat undangan bergabung dengan wewenang: %(powers)s.") % {
        "powers": powers(data["powers"]),
    },
    "uninvite": lambda data, names: ngettext(
        "membatalkan %(n)d undangan yang belum dipakai.", "membatalkan %(n)d undangan yang belum dipakai.",
        data["number"],
    ) % {"n": data["number"]},
    "join": lambda data, names: _("bergabung atas undangan dengan akunnya sendiri, wewenang: %(powers)s.") % {
        "powers": powers(data["powers"]),
    },
    "details": lambda data, names: _("mengubah %(what)s akun %(person)s.") % {
        "person": names.person(data["person"]), "what": ", ".join(_FACTS[name]() for name in data["what"]),
    },
    "powers": lambda data, names: _("mengubah wewenang %(person)s: %(after)s (semula %(before)s).") % {
        "person": names.person(data["person"]), "after": powers(data["after"]), "before": powers(data["before"]),
    },
    "off": _of_person(lambda: _("mematikan akun %(person)s.")),
    "on": _of_person(lambda: _("menghidupkan kembali akun %(person)s.")),
    "link": _of_person(lambda: _("membuat tautan kata sandi untuk %(person)s.")),
}  # fmt: skip


def told_kinds() -> frozenset[str]:
    """Kinds of act that have a sentence."""
    return frozenset(_ACTS)


# foretold -------------------------------------------------------------------------------------------------------------


def foretold(found: Foretold, names: Mapping[str, str], zone: str) -> list[str]:
    """What a change does to open duties, a sentence each."""
    said = [line for one in found.posts for line in _touched(one, names.get(one.post, one.post), zone)]
    if found.stay:
        said.append(
            ngettext(
                "%(n)d langkah yang sudah terbuka tetap pada pelaksananya yang lama.",
                "%(n)d langkah yang sudah terbuka tetap pada pelaksananya yang lama.",
                found.stay,
            )
            % {"n": found.stay}
        )
    said += [
        _("%(post)s kini kosong: langkah yang dibuka sesudah ini naik ke atasannya.") % {"post": names.get(post, post)}
        for post in found.climb
    ]
    return said


def _touched(one: Touched, post: str, zone: str) -> list[str]:
    nobody = _("tidak seorang pun")
    told = {
        "post": post, "at": dates.stamp(one.moment, zone), "before": ", ".join(one.before) or nobody,
        "after": ", ".join(one.after) or nobody,
    }  # fmt: skip
    said = [_("%(post)s mulai %(at)s: %(after)s (semula %(before)s).") % told]
    if one.open:
        said.append(
            ngettext(
                "%(n)d tugas terbuka pada %(post)s ikut berpindah tangan.",
                "%(n)d tugas terbuka pada %(post)s ikut berpindah tangan.",
                one.open,
            )
            % {"n": one.open, "post": post}
        )
    if not one.after:
        said.append(_("Langkah baru untuk %(post)s naik ke atasannya.") % {"post": post})
    if one.vacant_from is not None:
        said.append(_("Sejak %(at)s %(post)s kosong lagi.") % {"post": post, "at": dates.stamp(one.vacant_from, zone)})
    return said


def left_alone(found: Foretold) -> str:
    """How many open duties nobody could do any more; empty when there are none."""
    number = sum(one.nobody for one in found.posts)
    if not number:
        return ""
    return ngettext(
        "%(n)d tugas terbuka tidak lagi mempunyai pelaksana. Koordinator yang harus mengerjakan atau menugaskannya.",
        "%(n)d tugas terbuka tidak lagi mempunyai pelaksana. Koordinator yang harus mengerjakan atau menugaskannya.",
        number,
    ) % {"n": number}
