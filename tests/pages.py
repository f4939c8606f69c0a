"""Pages as a person meets them: headings, links, alerts, and forms filled in by their labels and sent by their buttons.

A journey written with these breaks when a field, a label, a choice or a button disappears from the HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
QUIET = frozenset(("script", "style", "title", "template"))
FIELDS = frozenset(("input", "select", "textarea"))
SENDS_NOTHING = frozenset(("submit", "button", "reset", "image"))


class Element:
    """One element of a page, with its children in order; strings are text."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    def __iter__(self) -> Iterator[Element]:
        """This element and everything inside it, in the order of the page."""
        return iter(self.inside)

    @cached_property
    def inside(self) -> list[Element]:
        """This element and everything inside it: pages are read often and change never."""
        found = [self]
        for child in self.children:
            if isinstance(child, Element):
                found += child.inside
        return found

    def all(self, *tags: str, **attrs: str) -> list[Element]:
        """Elements inside with one of ``tags`` and these attributes (``class_`` asks for one of the classes)."""
        return [one for one in self.inside if (not tags or one.tag in tags) and (not attrs or one._has(attrs))]

    def _has(self, attrs: dict[str, str]) -> bool:
        for name, value in attrs.items():
            found = self.attrs.get(name.rstrip("_").replace("_", "-"))
            if found is None or (value not in found.split() if name == "class_" else found != value):
                return False
        return True

    def first(self, *tags: str, **attrs: str) -> Element:
        """The first of :meth:`all`; an assertion when there is none."""
        found = self.all(*tags, **attrs)
        assert found, f"no {tags} {attrs} in {self.text[:400]!r}"
        return found[0]

    def above(self, *tags: str, class_: str = "") -> Element | None:
        """The nearest element round this one with one of ``tags`` or with the class."""
        one = self.parent
        while one is not None and not (one.tag in tags or (class_ and class_ in one.attrs.get("class", "").split())):
            one = one.parent
        return one

    @property
    def raw(self) -> str:
        """The text as it stands, line ends and all."""
        return "".join(one if isinstance(one, str) else "" if one.tag in QUIET else one.raw for one in self.children)

    @cached_property
    def text(self) -> str:
        """The text on one line."""
        return " ".join(self._words().split())

    def _words(self) -> str:
        parts = []
        for one in self.children:
            if isinstance(one, str):
                parts.append(one)
            elif one.tag not in QUIET:
                parts.append(one._words() if one.tag in INLINE else f" {one._words()} ")
        return "".join(parts)


INLINE = frozenset(("a", "b", "em", "i", "kbd", "small", "span", "strong", "sup", "time"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#page", {}, None)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        one: Element | None = self.here
        while one is not None and one.tag != tag:
            one = one.parent
        if one is None or one is not self.here:
            self.faults.append(f"</{tag}> closes <{self.here.tag}>")
        self.here = (one.parent if one is not None else self.here) or self.root

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Form:
    """A form of a page: what it would send now. Fields are named by the label a person reads."""

    def __init__(self, browser: Browser, page: Page, element: Element) -> None:
        self.browser, self.page, self.element = browser, page, element
        self.action = element.attrs.get("action") or page.url
        self.method = element.attrs.get("method", "get").lower()
        self.sent: dict[str, list[Any]] = {}
        for field in self.fields:
            self._take(field)

    @cached_property
    def fields(self) -> list[Element]:
        """Every control that can send something."""
        return [
            one
            for one in self.element
            if one.tag in FIELDS and one.attrs.get("name") and one.attrs.get("type", "") not in SENDS_NOTHING
        ]

    def _take(self, field: Element) -> None:
        name, kind = field.attrs["name"], field.attrs.get("type", "text")
        self.sent.setdefault(name, [])
        if field.tag == "select":
            self.sent[name] += [value(one) for one in field.all("option") if "selected" in one.attrs]
            options = field.all("option")
            if not self.sent[name] and options and "multiple" not in field.attrs:
                self.sent[name] = [value(options[0])]
        elif field.tag == "textarea":
            self.sent[name].append(field.raw.removeprefix("\n"))
        elif kind in ("radio", "checkbox"):
            self.sent[name] += [field.attrs.get("value", "on")] if "checked" in field.attrs else []
        elif kind != "file":
            self.sent[name].append(field.attrs.get("value", ""))

    def field(self, label: str, *kinds: str) -> Element:
        """The control whose label begins with ``label``."""
        known = []
        for one in self.fields:
            words = self.page.label_of(one)
            known.append(words)
            if words.lower().startswith(label.lower()) and (not kinds or kind_of(one) in kinds):
                return one
        raise AssertionError(f"no field {label!r} {kinds} among {known} at {self.page.url}")

    def write(self, label: str, words: str) -> Form:
        """Type into a field."""
        field = self.field(label)
        assert kind_of(field) not in ("select", "radio", "checkbox", "file"), label
        self.sent[field.attrs["name"]] = [words]
        return self

    def pick(self, label: str, *words: str) -> Form:
        """Choose from a list, by what the options say."""
        field = self.field(label, "select")
        options = {one.text: value(one) for one in field.all("option")}
        chosen = []
        for wanted in words:
            fits = [options[wanted]] if wanted in options else [v for said, v in options.items() if wanted in said]
            assert fits, f"{label}: no option {wanted!r} among {list(options)}"
            chosen.append(fits[0])
        self.sent[field.attrs["name"]] = chosen
        return self

    def choose(self, label: str) -> Form:
        """Choose among radio buttons."""
        field = self.field(label, "radio")
        self.sent[field.attrs["name"]] = [field.attrs["value"]]
        return self

    def tick(self, *labels: str) -> Form:
        """Tick boxes."""
        for label in labels:
            field = self.field(label, "checkbox")
            self.sent[field.attrs["name"]].append(field.attrs.get("value", "on"))
        return self

    def attach(self, label: str, *files: tuple[str, bytes]) -> Form:
        """Add files, as (name, bytes)."""
        assert self.element.attrs.get("enctype") == "multipart/form-data", "a form without this sends no files"
        name = self.field(label, "file").attrs["name"]
        self.sent.setdefault(name, []).extend(SimpleUploadedFile(*file) for file in files)
        return self

    def put(self, name: str, *values: str) -> Form:
        """Send something no page offers, as somebody would who writes requests by hand."""
        self.sent[name] = list(values)
        return self

    @property
    def buttons(self) -> list[Element]:
        """What sends the form."""
        return [one for one in self.element.all("button") if one.attrs.get("type", "submit") == "submit"]

    @property
    def labels(self) -> list[str]:
        """The labels of what can be filled in."""
        return [self.page.label_of(one) for one in self.fields if one.attrs.get("type") != "hidden"]

    @property
    def choices(self) -> list[str]:
        """What the radio buttons say."""
        return [self.page.label_of(one) for one in self.fields if one.attrs.get("type") == "radio"]

    def send(self, *, expect: int = 200) -> Page:
        """Press the button, and follow where it leads."""
        return self.browser.send(self, expect=expect)


def kind_of(field: Element) -> str:
    """text, select, textarea, radio, checkbox, file, hidden ..."""
    return field.tag if field.tag != "input" else field.attrs.get("type", "text")


def value(option: Element) -> str:
    """What an option sends."""
    return option.attrs.get("value", option.text)


class Page:
    """One page that came back."""

    def __init__(self, browser: Browser, response: HttpResponse, url: str) -> None:
        self.browser, self.response, self.url, self.status = browser, response, url, response.status_code
        self.body = b"".join(response) if getattr(response, "streaming", False) else response.content
        self.html = self.body.decode() if "html" in response.get("Content-Type", "") else ""
        reader = _Reader()
        reader.feed(self.html)
        self.root, self.faults = reader.root, reader.faults

    @property
    def text(self) -> str:
        """Everything that can be read, on one line."""
        return self.root.text

    @property
    def main(self) -> str:
        """What stands between letterhead and foot."""
        return self.root.first("main").text

    @property
    def heading(self) -> str:
        """The first heading."""
        return self.root.first("h1").text

    @property
    def alerts(self) -> str:
        """What the page calls out."""
        return " ".join(one.text for one in self.root if one.attrs.get("role") in ("alert", "status"))

    @property
    def links(self) -> dict[str, str]:
        """Addresses by what their links say."""
        found = [one for one in self.root.all("a") if "href" in one.attrs]
        return {one.text or one.attrs.get("aria-label", ""): one.attrs["href"] for one in found}

    def says(self, *sentences: str) -> Page:
        """Assert that each of ``sentences`` can be read on the page."""
        for sentence in sentences:
            assert sentence in self.text, f"{sentence!r} is not on {self.url}: {self.text[:3000]}"
        return self

    def says_not(self, *sentences: str) -> Page:
        """Assert that none of ``sentences`` stands anywhere in the page, nor in its source."""
        for sentence in sentences:
            assert sentence not in self.text, f"{sentence!r} is on {self.url}"
            assert sentence not in self.html, f"{sentence!r} is in the source of {self.url}"
        return self

    def click(self, words: str) -> Page:
        """Follow the first link whose words contain ``words``."""
        for one in self.root.all("a"):
            if words in (one.text or one.attrs.get("aria-label", "")):
                return self.browser.visit(one.attrs["href"])
        raise AssertionError(f"no link {words!r} on {self.url}: {[one.text for one in self.root.all('a')]}")

    def forms(self) -> list[Form]:
        """The forms of the page, as they would be sent now."""
        return [Form(self.browser, self, one) for one in self.root.all("form")]

    def has_form(self, button: str) -> bool:
        """True when a form with that button is there."""
        return any(button == one.text for form in self.forms() for one in form.buttons)

    def form(self, button: str, *, within: str = "") -> Form:
        """The form with a button that says ``button``; ``within``: words of the section it stands in."""
        for form in self.forms():
            section = form.element.above("section", "article")
            if within and (section is None or within not in section.text):
                continue
            if any(button == one.text for one in form.buttons):
                return form
        every = [one.text for form in self.forms() for one in form.buttons]
        raise AssertionError(f"no form {button!r} on {self.url}; there are {every}: {self.text[:2000]}")

    def label_of(self, field: Element) -> str:
        """The words a person reads beside a control."""
        if "aria-label" in field.attrs:
            return field.attrs["aria-label"]
        named = self._labels.get(field.attrs.get("id", ""))
        if named is not None:
            return named.text
        round_it = field.above("label")
        return round_it.text if round_it is not None else ""

    @cached_property
    def _labels(self) -> dict[str, Element]:
        # By the control they name; of two, the first.
        return {one.attrs["for"]: one for one in reversed(self.root.all("label")) if one.attrs.get("for")}

    def weaknesses(self) -> list[str]:
        """What is wrong with the page whatever it is about: twice the same id, a label or anchor that leads nowhere."""
        ids = Counter(one.attrs["id"] for one in self.root if one.attrs.get("id"))
        found = [*self.faults, *(f"id {one!r} twice" for one, times in sorted(ids.items()) if times > 1)]
        found += [f"label for {one!r}" for one in (label.attrs.get("for") for label in self.root.all("label"))
                  if one and one not in ids]  # fmt: skip
        for one in self.root:
            for name in ("aria-describedby", "aria-labelledby"):
                found += [f"{name}={word!r}" for word in one.attrs.get(name, "").split() if word not in ids]
            target = one.attrs.get("href", "")
            if one.tag == "a" and target.startswith("#") and target[1:] not in ids:
                found.append(f"link to {target!r}")
        found += self._form_weaknesses()
        return found

    def _form_weaknesses(self) -> list[str]:
        found = []
        for form in self.forms():
            if form.method == "post" and "csrfmiddlewaretoken" not in form.sent:
                found.append(f"form {form.action} without token")
            found += [
                f"field {one.attrs['name']!r} without label"
                for one in form.fields
                if one.attrs.get("type") != "hidden" and not self.label_of(one)
            ]
        return found


class Browser:
    """One person's browser: cookies, checks of forms against forgery, redirects, and their own place on the network."""

    def __init__(self, *, address: str = "203.0.113.1") -> None:
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
        self.seen: list[Page] = []

    def visit(self, url: str, *, expect: int = 200) -> Page:
        """Open an address, and follow redirects."""
        return self._arrive(self.client.get(_path(url)), _path(url), expect)

    def send(self, form: Form, *, expect: int = 200) -> Page:
        """Send a form as a browser would."""
        url = _path(form.action, base=form.page.url)
        if form.method == "get":
            query = urlencode([(name, one) for name, values in form.sent.items() for one in values])
            return self._arrive(self.client.get(f"{url.partition('?')[0]}?{query}"), url, expect)
        if form.element.attrs.get("enctype") == "multipart/form-data":
            body, kind = encode_multipart(BOUNDARY, form.sent), MULTIPART_CONTENT
        else:
            pairs = [(name, one) for name, values in form.sent.items() for one in values]
            body, kind = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return self._arrive(self.client.generic("POST", url, body, kind), url, expect)

    def _arrive(self, response: Any, url: str, expect: int) -> Page:
        for _hop in range(5):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            url = _path(response["Location"], base=url)
            response = self.client.get(url)
        page = Page(self, response, url)
        assert page.status == expect, f"{url}: {page.status}, not {expect}: {page.text[:2000]}"
        if page.html:
            assert not page.weaknesses(), f"{url}: {page.weaknesses()}"
        self.seen.append(page)
        return page


def _path(url: str, *, base: str = "/") -> str:
    parts = urlsplit(url)
    if not parts.path:
        return base.partition("?")[0] + (f"?{parts.query}" if parts.query else "")
    assert not parts.netloc or parts.netloc in ("testserver", "127.0.0.1:8000", "localhost:8000"), f"leads away: {url}"
    return parts.path + (f"?{parts.query}" if parts.query else "")
