"""The English catalogue: every word of the pages is in it, compiled as it is written."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import tanggap.web
from tanggap.channels import directory, email

ROOM = Path(tanggap.web.__file__).parent
CATALOGUE = ROOM / "locale" / "en" / "LC_MESSAGES" / "django.mo"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% (?:endblocktranslate|plural) %\}", re.DOTALL)


def said_in_code() -> dict[str, str]:
    """Words marked for translation in Python, and where."""
    found = {}
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[first.value] = file.name
    return found


def said_in_templates() -> dict[str, str]:
    """Words marked for translation in templates, and where."""
    found = {}
    for file in ROOM.rglob("*.html"):
        text = file.read_text("utf-8")
        found |= {one or other: file.name for one, other in TRANSLATE.findall(text)}
        found |= {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", words): file.name for words in BLOCK.findall(text)}
    return found


def said_by_channels() -> dict[str, str]:
    """Words by which channels ask for their settings, and sentences on what is wrong with them."""
    found = {words: module.KEY for module in directory.modules().values() for words in directory.words_of(module)}
    for out in ("smtp", "mailgun", "postmark"):
        for chosen in (
            {"smtp_port": "x", "smtp_tls": "off", "smtp_user": "a", "imap_host": "a"},
            {"provider_key": "a b"},
        ):
            found |= dict.fromkeys(email.wrong({"out": out, **chosen}).values(), email.KEY)
    return found


def english() -> dict[str, str]:
    """The compiled catalogue."""
    with CATALOGUE.open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {(key if isinstance(key, str) else key[0]): words for key, words in known.items() if key}


def test_every_word_of_the_pages_has_its_english() -> None:
    known = english()
    said = said_in_code() | said_in_templates() | said_by_channels()
    missing = {words: file for words, file in said.items() if words not in known}
    assert not missing, missing


def test_what_a_sentence_fills_in_is_filled_in_in_english_too() -> None:
    named = re.compile(r"%\((\w+)\)[sd]")
    for indonesian, words in english().items():
        assert sorted(named.findall(indonesian)) == sorted(named.findall(words)), indonesian


def test_a_sentence_that_follows_a_name_stays_small_and_one_that_stands_alone_stays_capital() -> None:
    """The record tells by the first letter whether the name of the one who acted goes before."""
    known = english()
    source = (ROOM / "sentences.py").read_text("utf-8")
    for words in re.findall(r'_\(\s*"([^"]+)"\s*\)', source):
        if words[:1].isalpha() and words.endswith("."):
            assert words[:1].isupper() == known[words][:1].isupper(), words


def test_the_compiled_catalogue_is_the_written_one() -> None:
    text = CATALOGUE.with_suffix(".po").read_text("utf-8")
    written = set()
    for block in text.split("\n\n")[1:]:
        found = re.search(r'^msgid ((?:".*"\n)+)', block, re.MULTILINE)
        assert found, block
        written.add("".join(ast.literal_eval(line) for line in found[1].splitlines()))
        assert 'msgstr ""' not in block.replace('msgstr ""\n"', ""), block
        assert "fuzzy" not in block, block
    assert written == set(english())
