"""Text whose lines were cut for the way (RFC 3676, ``format=flowed``), put together again."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool) -> str:
    """Paragraphs as one line each; quoted ones keep their marks, a signature its own lines."""
    done: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        said = line[marks:].removeprefix(" ")
        goes_on = said.endswith(" ") and said != "-- "
        if pieces and (marks != depth or said == "-- "):
            done.append(_put(depth, pieces))
            pieces = []
        depth = marks
        pieces.append(said[:-1] if goes_on and delete_space else said)
        if not goes_on:
            done.append(_put(depth, pieces))
            pieces = []
    if pieces:
        done.append(_put(depth, pieces))
    return "\n".join(done)


def _put(depth: int, pieces: list[str]) -> str:
    return f"{'>' * depth} {''.join(pieces)}".rstrip("\n") if depth else "".join(pieces)
