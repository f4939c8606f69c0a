"""Random procedures that are hard to draw: many performers, returns, splits, joint rows, long labels, odd ends."""

from __future__ import annotations

import random

from tanggap.sop.model import END, Exit, Procedure, Role, Step
from tanggap.worktime.duration import parse

WORDS = (
    "menerima", "pengaduan", "memeriksa", "kelengkapan", "berkas", "meneruskan", "kepada", "pimpinan", "unit",
    "terkait", "klarifikasi", "menyusun", "jawaban", "tanggapan", "pelapor", "mencatat", "register", "laporan",
    "hasil", "evaluasi", "formulir", "dokumen", "disposisi", "koordinasi",
)  # fmt: skip
LABELS = (
    "Ya", "Tidak", "Sesuai", "Tidak sesuai", "Belum efektif", "Perlu koordinasi", "Dapat langsung dijawab",
    "Lengkap", "Dikembalikan untuk dilengkapi",
)  # fmt: skip
ROLES = (
    "Pelapor", "Staf Humas", "Kepala Bagian Tata Usaha", "Wakil Dekan Bidang Akademik", "Dekan", "Unit terkait",
    "Koordinator Layanan", "Tim Pemeriksa", "Sekretaris",
)  # fmt: skip
TIMES = ("15 menit", "1 hari", "-", "2 jam", "Disesuaikan")


def random_procedure(seed: int) -> tuple[Procedure, tuple[Role, ...]]:
    """3 to 32 rows and 1 to 9 performers; about a quarter of the rows decide, some of these three ways."""
    rng = random.Random(seed)
    size, lanes = rng.randint(3, 32), rng.randint(1, 9)
    roles = tuple(Role(id=f"r{number}", label=ROLES[number]) for number in range(lanes))
    steps, column = [], 0
    for row in range(size):
        column = min(lanes - 1, max(0, column + rng.choice((-2, -1, -1, 0, 0, 1, 1, 2))))
        steps.append(_step(rng, row, size, _performers(rng, column, lanes)))
    return Procedure(id="p", label=f"Prosedur acak {seed}", steps=tuple(steps)), roles


def _performers(rng: random.Random, column: int, lanes: int) -> tuple[str, ...]:
    columns = [column]
    if lanes > 1 and rng.random() < 0.08:
        columns += rng.sample(range(lanes), min(lanes, rng.randint(2, 3)))
    return tuple(dict.fromkeys(f"r{number}" for number in columns))


def _step(rng: random.Random, row: int, size: int, who: tuple[str, ...]) -> Step:
    choices, onward = _exits(rng, row, size)
    return Step(
        id=str(row),
        no=str(row + 1),
        what=_text(rng, 3, 18),
        who=who,
        needs=(_text(rng, 1, 5),) if rng.random() < 0.7 else (),
        time=parse(rng.choice(TIMES)),
        output=_text(rng, 0, 5),
        note=_text(rng, 2, 5) if rng.random() < 0.1 else "",
        question="Bagaimana?" if choices else "",
        choices=choices,
        next=onward,
    )


def _exits(rng: random.Random, row: int, size: int) -> tuple[tuple[Exit, ...], tuple[str, ...] | None]:
    last, kind = row == size - 1, rng.random()
    if not last and kind < 0.25:
        targets = [str(row + 1), _target(rng, row, size)]
        if rng.random() < 0.1:
            targets.append(_target(rng, row, size))
        rng.shuffle(targets)
        labels = rng.sample(LABELS, len(targets))
        return tuple(Exit(label=label, next=(to,)) for label, to in zip(labels, targets, strict=True)), None
    if not last and kind < 0.32:
        return (), tuple(dict.fromkeys((str(row + 1), str(min(size - 1, row + rng.randint(2, 4))))))
    return (), (END,) if kind > 0.95 else None


def _target(rng: random.Random, row: int, size: int) -> str:
    kind = rng.random()
    if kind < 0.08:
        return END
    if kind < 0.35:
        return str(rng.randint(max(0, row - 6), row))
    return str(min(size - 1, row + rng.choice((1, 1, 1, 2, 3, 5))))


def _text(rng: random.Random, least: int, most: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(least, most)))
