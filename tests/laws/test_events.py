"""Every kind of event is complete: a branch of the fold, a sentence, a privacy class; and it carries no one's words."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from datetime import datetime

import pytest

from tanggap.casework import events, fold
from tanggap.web import sentences

KINDS = pytest.mark.parametrize("kind", events.KINDS.values(), ids=list(events.KINDS))
NAMES_OF_WORDS = {"name", "text", "body", "address", "email", "phone", "subject", "content", "title", "nip", "nik"}
DECLARED_BY_THE_SOP = {(events.AttributeSet, "name"), (events.Marked, "name")}


def test_the_list_of_kinds_is_closed() -> None:
    declared = {
        name for name, value in vars(events).items() if isinstance(value, type) and events.Event in value.__bases__
    }
    assert set(events.KINDS) == declared
    assert all(getattr(events, name) is kind for name, kind in events.KINDS.items())


@KINDS
def test_every_kind_of_event_has_its_branch_in_the_fold(kind: type[events.Event]) -> None:
    assert kind in fold._BRANCHES


@KINDS
def test_every_kind_of_event_has_an_indonesian_sentence(kind: type[events.Event]) -> None:
    assert kind in sentences.told_kinds()


@KINDS
def test_every_kind_of_event_has_a_privacy_class(kind: type[events.Event]) -> None:
    assert sentences.PRIVACY[kind] in {sentences.COMPLAINANT, sentences.STAFF}


@KINDS
def test_every_kind_of_event_is_frozen_and_says_what_it_means(kind: type[events.Event]) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}("), "dataclass wrote this, nobody else"


@KINDS
def test_an_event_holds_ids_choices_moments_and_posts_and_never_words_or_names(kind: type[events.Event]) -> None:
    allowed = {str, int, bool, datetime, type(None)}
    hints = typing.get_type_hints(kind)

    def plain(hint: object) -> bool:
        if hint in allowed or hint is events.Group or hint is ...:
            return True
        return bool(typing.get_args(hint)) and all(map(plain, typing.get_args(hint)))

    for field in dataclasses.fields(kind):
        assert plain(hints[field.name]), field.name
        assert field.name not in NAMES_OF_WORDS or (kind, field.name) in DECLARED_BY_THE_SOP
    assert not any(isinstance(getattr(kind, field.name, None), Mapping) for field in dataclasses.fields(kind))
