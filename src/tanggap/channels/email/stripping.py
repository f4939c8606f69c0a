"""What is new in a reply: quotes, the head of what is answered, signatures and footers away, in Indonesian and English.

The whole is kept beside it. A forwarded passage is new; words between quotes keep the quotes; never is nothing left.
"""

from __future__ import annotations

import re

from tanggap.channels.email import limits

_LONGEST_LINE = 600
_QUOTE_HEADS = (
    re.compile(r"^pada\b.{4,500}\b(?:menulis|menulis pesan|berkata)\s*:\s*$", re.IGNORECASE),
    re.compile(r"^on\b.{4,500}\bwrote\s*:\s*$", re.IGNORECASE),
    re.compile(r"^\d{1,4}[-/. ].{4,400}<[^>]{1,200}@[^>]{1,200}>\s*(?:menulis|wrote)?\s*:\s*$", re.IGNORECASE),
    re.compile(
        r"^.{2,200}(?:<[^>]{3,200}>)?\s(?:menulis|wrote)(?: pada [^:]{4,80}| on [^:]{4,80})?\s*:\s*$", re.IGNORECASE
    ),
)
_HEAD_STARTS = ("pada ", "on ", "pada\t")
_SEPARATOR = re.compile(
    r"^[-_=* ]{2,40}\s*(?:original message|pesan asli|pesan awal|pesan sebelumnya|balas di atas baris ini"
    r"|reply above this line|original appointment)\s*[-_=* ]{2,40}$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^(?:[-_=* ]{2,40}\s*)?(?:forwarded message|pesan (?:yang )?(?:diteruskan|terusan)|begin forwarded message"
    r"|mulai pesan (?:yang )?diteruskan|pesan teruskan)\s*:?\s*[-_=* ]{0,40}$",
    re.IGNORECASE,
)
_FORWARDED_SUBJECT = re.compile(r"^\s*(?:fwd?|trs|terusan|teruskan|diteruskan)\s*:", re.IGNORECASE)
_FIELD = re.compile(
    r"^[*_ ]{0,3}(dari|from|dikirim|terkirim|sent|tanggal|date|kepada|ke|to|tembusan|cc|perihal|subjek|hal|judul"
    r"|subject|prioritas|importance)[*_ ]{0,3}\s?:",
    re.IGNORECASE,
)
_FIRST_FIELDS = frozenset({"dari", "from"})
_FOOTER = re.compile(
    r"^(?:dikirim (?:dari|melalui|dengan|menggunakan)|terkirim dari|dikirimkan dari|sent (?:from|via|with|using)"
    r"|get outlook for|dapatkan outlook untuk|unduh outlook untuk|diketik dari|powered by)\b.{0,120}$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$")
_LONGEST_SIGNATURE = 15
_RULE = re.compile(r"^[_=*-]{5,}$")


def new_words(whole: str, *, subject: str = "") -> str:
    """The words of ``whole`` that its writer added; all of them when nothing else would be left."""
    lines = whole.split("\n")
    if len(lines) > limits.QUOTED_LINES:
        return whole.strip()
    keeps_rest = bool(_FORWARDED_SUBJECT.match(subject))
    kept = lines if keeps_rest else _without_quotes(lines)
    kept = _without_footers(kept)
    text = "\n".join(kept).strip()
    return text or whole.strip()


def _without_quotes(lines: list[str]) -> list[str]:
    at = 0
    while at < len(lines):
        line = lines[at].strip()[:_LONGEST_LINE]
        if _FORWARD.match(line):
            return lines
        after = _past_head(lines, at, line)
        if after:
            return _around_quote(lines, at, after)
        at += 1
    return _without_last_quote(lines)


def _past_head(lines: list[str], at: int, line: str) -> int:
    """Where what is answered begins, when its head stands at ``at``; else 0."""
    if _SEPARATOR.match(line):
        return at + 1
    if _FIELD.match(line):
        return _past_fields(lines, at)
    lowered = line.lower()
    if lowered.startswith(_HEAD_STARTS) or line.endswith(":"):
        for count in (1, 2, 3, 4):
            joined = " ".join(one.strip() for one in lines[at : at + count])[:_LONGEST_LINE]
            if any(head.match(joined) for head in _QUOTE_HEADS[: 4 if count == 1 else 2]):
                return at + count
    return 0


def _past_fields(lines: list[str], at: int) -> int:
    """The block Outlook writes: Dari, Dikirim, Kepada, Perihal. It begins with who, and has three lines at least."""
    first = _FIELD.match(lines[at].strip())
    if first is None or first[1].lower() not in _FIRST_FIELDS:
        return 0
    found, end = {first[1].lower()}, at + 1
    for n, line in enumerate(lines[at + 1 : at + 12], at + 1):
        field = _FIELD.match(line.strip())
        if field:
            found.add(field[1].lower())
            end = n + 1
        elif not line.strip() and len(found) > 1:
            break
    return end if len(found) >= 3 else 0


def _around_quote(lines: list[str], at: int, after: int) -> list[str]:
    """The words before a quote and behind it. Words between several quotes: all stays, only the last quote goes."""
    before, rest = lines[:at], lines[after:]
    while before and (not before[-1].strip() or _RULE.match(before[-1].strip())):
        before.pop()
    marked = [line.lstrip().startswith(">") for line in rest if line.strip()]
    if not marked or not marked[0]:
        return before  # a quote without marks goes on to the end
    if True not in marked[marked.index(False) :] if False in marked else True:
        return [*before, *_behind(rest)]
    return _without_last_quote(lines)


def _behind(rest: list[str]) -> list[str]:
    at = next((n for n, line in enumerate(rest) if line.strip() and not line.lstrip().startswith(">")), len(rest))
    return rest[at:]


def _without_last_quote(lines: list[str]) -> list[str]:
    """Without the marked lines at the very end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return lines[:end]


def _without_footers(lines: list[str]) -> list[str]:
    for n in range(len(lines) - 1, max(-1, len(lines) - _LONGEST_SIGNATURE - 2), -1):
        if _SIGNATURE.match(lines[n].rstrip("\r")) and any(line.strip() for line in lines[:n]):
            lines = lines[:n]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or _FOOTER.match(lines[end - 1].strip()[:_LONGEST_LINE])):
        end -= 1
    return lines[:end]
