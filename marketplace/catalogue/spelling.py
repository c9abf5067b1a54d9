"""Decides which spellings of a German word mean the same, so that `kaese`, `Käse` and `kase` find each other."""

import re

WORD = re.compile(r"\w{2,}")
PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "ê": "e", "à": "a", "á": "a", "ç": "c"})
LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
ENDINGS = ("en", "n", "e", "er", "s")
SHORTEST_STEM = 4


def words(*, text: str) -> list[str]:
    """The words of a text in lower case, each once, in their order."""
    return list(dict.fromkeys(WORD.findall(text.lower())))


def plain(*, word: str) -> str:
    """Without dots and accents: `käse` → `kase`, `straße` → `strasse`."""
    return word.lower().translate(PLAIN)


def spellings(*, word: str) -> list[str]:
    """How a word may stand written: `käse` → `käse`, `kase`, `kaese`."""
    lower = word.lower()
    return list(dict.fromkeys((lower, lower.translate(PLAIN), lower.translate(LONG).translate(PLAIN))))


def sought(*, word: str) -> list[str]:
    """What a word that somebody typed may mean: its spellings, and `aepfel` also as `apfel`."""
    forms = spellings(word=word)
    short = forms[-1].replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return list(dict.fromkeys((*forms, short)))


def stems(*, word: str) -> list[str]:
    """The word without an ending of the plural, where enough of it is left: `kartoffeln` → `kartoffel`."""
    cut = [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)]
    return [stem for stem in cut if len(stem) >= SHORTEST_STEM]


def indexed(*, texts: list[str]) -> str:
    """All spellings of all words of some texts, for the index of the search."""
    found = [spelling for text in texts for word in words(text=text) for spelling in spellings(word=word)]
    return " ".join(dict.fromkeys(found))
