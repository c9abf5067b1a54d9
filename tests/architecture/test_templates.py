"""Pages keep the strict Content-Security-Policy: nothing inline, nothing from elsewhere; and they speak German."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture import house
from tools import messages

COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.DOTALL)
LOADS = r"<(?:script|link|img|iframe|source|video|audio|use)\b[^>]*\b(?:src|href|srcset)="
#: what must not be there, how it is found, and an example by which the search itself is tried
INLINE = {
    "an inline script": (r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", "<script>alert(1)</script>"),
    "a style element": (r"<style\b", "<style>p{}</style>"),
    "a style attribute": (r"\sstyle\s*=", '<p class="a" style="color:red">'),
    "an event attribute": (r"<[^>]*\son[a-z]+\s*=\s*[\"']", '<a href="x" onclick="go()">'),
    "evaluated code": (r"hx-on[:-]|hx-vals\s*=\s*[\"']js:|javascript:", '<p hx-on:click="go()">'),
    "a foreign source": (LOADS + r"[\"'](?:https?:)?//", '<img alt="" src="https://elsewhere.example/a.png">'),
}


#: what no visitor reads: tags and variables, class names, whole translated passages
UNREAD = (
    COMMENT,
    re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}", re.DOTALL),
    re.compile(r"{%\s*block\s+\w*class\w*\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL),
    re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL),
    re.compile(r"<(script|title)\b.*?</\1>", re.DOTALL),
)
BARE = re.compile(r">\s*([^<>{}]*[A-Za-zÄÖÜäöüß]{3,}[^<>{}]*)\s*<")
#: the same in every language
NAMES = {"Marktrunde", "IBAN", "E-Mail", "PDF", "XML", "UBL", "OpenStreetMap", "GeoNames", "EUR", "Leitweg-ID"}
#: the page of all components is for developers
GALLERY = "gallery.html"


@pytest.mark.parametrize("what", INLINE, ids=str)
def test_templates_hold_no(what: str) -> None:
    pattern, example = INLINE[what]
    assert re.search(pattern, example, re.IGNORECASE)
    assert [f"{path}:{line}" for path, line in _found(re.compile(pattern, re.IGNORECASE))] == []


def test_templates_hold_no_bare_text() -> None:
    """Whatever a visitor reads goes through gettext: no English on a German page, and no German on an English one."""
    read = {path: _read(house.text(path)) for path in house.templates() if path.name != GALLERY}
    assert [f"{path}: {words}" for path, found in read.items() for words in found if words.strip(":() ") not in NAMES] == []


def _read(text: str) -> list[str]:
    for unread in UNREAD:
        text = unread.sub(" ", text)
    return [words.strip() for words in BARE.findall(text)]


def _found(pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    for path in house.templates():
        text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), house.text(path))
        for match in pattern.finditer(text):
            yield str(path), text.count("\n", 0, match.start()) + 1


def test_every_message_has_a_german_text() -> None:
    assert messages.missing() == []
