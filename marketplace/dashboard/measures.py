"""Decides what a weight or a content means that somebody typed with a thumb: `1250`, `1,25 kg`, `0,75 l`."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product

TYPED = re.compile(r"(\d{1,7})(?:([.,])(\d{1,3}))?(g|gramm|kg|kilo|ml|l|liter)?", re.IGNORECASE)
THOUSAND = 1000
WHOLE = {"g": "g", "gramm": "g", "ml": "ml"}
LARGE = {"kg": "g", "kilo": "g", "l": "ml", "liter": "ml"}
NetUnit = Product.NetUnit


class BadMeasure(ValueError):
    """What was typed is no weight or content; the message is for the person who typed it."""


@dataclass(frozen=True)
class Content:
    """Whole grams or millilitres."""

    number: int
    unit: Product.NetUnit


def grams(*, text: str) -> int | None:
    """Whole grams; None for nothing. A number with a comma, or with `kg`, is kilograms. Raises `BadMeasure`."""
    found = _read(text)
    if found is None:
        return None
    if found.unit == NetUnit.MILLILITRES:
        raise BadMeasure(_("Please enter a weight such as 1250 or 1,25 kg."))
    return found.number


def content(*, text: str) -> Content | None:
    """How much one of it holds; None for nothing. Raises `BadMeasure`."""
    return _read(text)


def _read(text: str) -> Content | None:
    plain = "".join(text.split())
    if not plain:
        return None
    match = TYPED.fullmatch(plain)
    if match is None:
        raise BadMeasure(_("Please enter a number such as 500 g, 1,25 kg or 0,75 l."))
    whole, mark, rest, unit = match[1], match[2] or "", match[3] or "", (match[4] or "").lower()
    kind = NetUnit(WHOLE.get(unit) or LARGE.get(unit) or "g")
    if unit in WHOLE and rest:
        return Content(_thousands(whole, mark, rest), kind)
    if rest or unit in LARGE:
        return Content(int(whole) * THOUSAND + int(rest.ljust(3, "0")), kind)
    return Content(int(whole), kind)


def _thousands(whole: str, mark: str, rest: str) -> int:
    """`1.250 g` is written with a point between the thousands; there are no parts of a gram."""
    if mark != "." or len(rest) != len("000"):
        raise BadMeasure(_("Please enter whole grams or millilitres."))
    return int(whole + rest)
