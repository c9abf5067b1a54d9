"""Decides what a visitor can filter a list of articles by, and reads and writes it as parameters of an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

RECOMMENDED, CHEAPEST, NEWEST = "empfohlen", "preis", "neu"
ORDERS = {RECOMMENDED: _("Recommended"), CHEAPEST: _("Price"), NEWEST: _("New")}
#: names of the parameters in the address
VILLAGE, PRODUCER, KIND, STORAGE = "ort", "betrieb", "art", "lagerung"
LABEL, DIET, WITHOUT = "siegel", "kost", "ohne"
SEASON, ORGANIC, NEW, ONLY = "saison", "bio", "neu", "nur-jetzt"
TEXT, ORDER, CATEGORY = "q", "sortierung", "regal"
YES = "1"
#: parameters of which several values may be chosen, and where `Choice` keeps them: one of them has to hold …
EITHER = ((VILLAGE, "villages"), (PRODUCER, "producers"), (KIND, "kinds"), (STORAGE, "storages"))
#: … or all of them
ALL = ((LABEL, "labels"), (DIET, "diets"), (WITHOUT, "without_allergens"))
LISTS = (*EITHER, *ALL)
FLAGS = ((SEASON, "season"), (ORGANIC, "organic"), (NEW, "new"), (ONLY, "only_now"))
PARAMETERS = (TEXT, ORDER, *(name for name, _attribute in (*LISTS, *FLAGS)))
MOST_VALUES = 20


@dataclass(frozen=True)
class Choice:
    """What a visitor filters by; everything comes from an address, so unknown values find nothing rather than fail."""

    category: str = ""
    villages: tuple[str, ...] = ()
    producers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    storages: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    without_allergens: tuple[str, ...] = ()
    season: bool = False
    organic: bool = False
    new: bool = False
    only_now: bool = False
    text: str = ""
    order: str = RECOMMENDED

    def pairs(self) -> list[tuple[str, str]]:
        """The choice as parameters of an address; the category stands in the path."""
        several = [(name, value) for name, attribute in LISTS for value in getattr(self, attribute)]
        flags = [(name, YES) for name, attribute in FLAGS if getattr(self, attribute)]
        order = [(ORDER, self.order)] if self.order != RECOMMENDED else []
        return [*([(TEXT, self.text)] if self.text else []), *several, *flags, *order]

    def query(self) -> str:
        """The parameters encoded."""
        return urlencode(self.pairs())

    def without(self, *, name: str, value: str) -> "Choice":
        """The same without one filter."""
        changed: dict[str, Any] = {"text": ""}
        if name in dict(LISTS):
            attribute = dict(LISTS)[name]
            changed = {attribute: tuple(kept for kept in getattr(self, attribute) if kept != value)}
        elif name in dict(FLAGS):
            changed = {dict(FLAGS)[name]: False}
        return replace(self, **changed)

    def has(self, *, name: str, value: str = YES) -> bool:
        """Whether the filter is set."""
        return (name, value) in self.pairs()

    @property
    def active(self) -> list[tuple[str, str]]:
        """The filters that are set, without text and order."""
        return [(name, value) for name, value in self.pairs() if name not in {ORDER, TEXT}]


def choice_from(*, given: Mapping[str, list[str]], category: str = "") -> Choice:
    """Read the choice from the parameters of an address (`dict(request.GET.lists())`)."""
    order = next(iter(given.get(ORDER, [])), RECOMMENDED)
    lists: dict[str, Any] = {attribute: _values(given, name) for name, attribute in LISTS}
    flags: dict[str, Any] = {attribute: YES in given.get(name, []) for name, attribute in FLAGS}
    return Choice(
        category=category,
        text=next(iter(given.get(TEXT, [])), "").replace("\x00", "").strip()[:100],
        order=order if order in ORDERS else RECOMMENDED,
        **lists,
        **flags,
    )


def _values(given: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """The values of one parameter, at most twenty, each once; a zero byte would be an error in PostgreSQL."""
    return tuple(dict.fromkeys(value[:80] for value in given.get(name, [])[:MOST_VALUES] if value and "\x00" not in value))
