"""Says the allergens of an article in words and sets them off in its list of ingredients (articles 9 and 21 LMIV).

Allergens are keys of `menuella_food_safety` such as `MILK` or `WHEAT`. Producers set them off as `**Milch**`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from menuella_food_safety import ALLERGEN_KEYS
from menuella_food_safety.loaders import load_bundle

#: what the law names as one group each
GLUTEN: Final = frozenset({"RYE", "BARLEY", "EMMER", "EINKORN", "SPELT", "WHEAT", "OATS", "KHORASAN"})
NUTS: Final = frozenset({"MACADAMIA", "ALMONDS", "BRAZIL_NUTS", "PECANS", "PISTACHIOS", "WALNUTS", "CASHEWS", "HAZELNUTS"})
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@cache
def names(*, language: str) -> dict[str, str]:
    """Key → name in a language such as "de", in the order in which the law lists them."""
    listed = {entry["key"]: entry["name"] for entry in load_bundle(language)["allergens"]}
    return {key: str(listed.get(key, key)) for key in ALLERGEN_KEYS}


def text(*, keys: Sequence[str], language: str) -> str:
    """The allergens as a list of words: `Milch, Weizen`; unknown keys are shown as they are rather than left out."""
    known = names(language=language)
    ordered = [key for key in known if key in keys] + [key for key in keys if key not in known]
    return ", ".join(known.get(key, key) for key in ordered)


def emphasised(*, ingredients: str) -> SafeString:
    """The ingredients as safe HTML with `**x**` as <strong>; everything else is escaped."""
    parts = BOLD.split(ingredients)
    pieces = [
        format_html("<strong>{}</strong>", part) if index % 2 else conditional_escape(part) for index, part in enumerate(parts)
    ]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def groups(*, language: str) -> dict[str, str]:
    """The fourteen groups of the law, as one filters by them: key → name; cereals with gluten are one, nuts are one."""
    single = {key: name for key, name in names(language=language).items() if key not in GLUTEN | NUTS}
    return {"GLUTEN": _("Gluten (wheat, rye, spelt …)"), "NUTS": _("Nuts"), **single}


def group(*, key: str) -> frozenset[str]:
    """The keys of a group; a key alone is a group, too."""
    return {"GLUTEN": GLUTEN, "NUTS": NUTS}.get(key, frozenset({key}))


def groups_of(*, keys: Iterable[str]) -> frozenset[str]:
    """The groups to which the allergens of an article belong."""
    return frozenset("GLUTEN" if key in GLUTEN else "NUTS" if key in NUTS else key for key in keys)
