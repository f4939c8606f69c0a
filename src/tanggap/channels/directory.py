"""Which channels there are: the folder is walked, so a new file is a new channel and there is no list to edit."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from tanggap import channels
from tanggap.channels.contract import Setting


def modules() -> Mapping[str, ModuleType]:
    """The channel modules (:mod:`tanggap.channels.contract`), by ``KEY``, in the order of their files."""
    found = (import_module(f"{channels.__name__}.{one.name}") for one in pkgutil.iter_modules(channels.__path__))
    return {module.KEY: module for module in found if hasattr(module, "KEY")}


def readable() -> Mapping[str, ModuleType]:
    """The channels by which something can arrive."""
    return {key: module for key, module in modules().items() if hasattr(module, "read")}


def settings_of(module: ModuleType) -> tuple[Setting, ...]:
    """What an administrator enters for an account of the channel."""
    return tuple(getattr(module, "SETTINGS", ()))


def words_of(module: ModuleType) -> tuple[str, ...]:
    """Every Indonesian word by which the channel shows itself and its settings: the English catalogue has them all."""
    asked = settings_of(module)
    shown = [(one.label, one.help, one.group, *(word for _value, word in one.choices)) for one in asked]
    return tuple(dict.fromkeys(word for word in (module.LABEL, *(w for words in shown for w in words)) if word))
