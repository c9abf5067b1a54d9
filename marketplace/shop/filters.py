"""Decides how the filters of a list are offered: chips of the shelves, groups of boxes, and what can be taken away again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.catalogue import allergens, labels
from marketplace.catalogue.models import Product
from marketplace.shop.choice import (
    CATEGORY,
    DIET,
    KIND,
    LABEL,
    NEW,
    ONLY,
    ORDER,
    ORDERS,
    ORGANIC,
    PRODUCER,
    RECOMMENDED,
    SEASON,
    STORAGE,
    TEXT,
    VILLAGE,
    WITHOUT,
    YES,
    Choice,
)
from marketplace.shop.tallies import Tally

#: so many producers are offered as boxes, the largest first; the others are found on the producers' page
MOST_PRODUCERS: Final = 10


@dataclass(frozen=True)
class Option:
    """One box or radio button; `name` only where it differs from the group's."""

    value: str
    label: str
    count: int | None
    checked: bool
    name: str = ""


@dataclass(frozen=True)
class Group:
    """Boxes under one heading; a long one is `folded` until something in it is chosen. `hint` stands below."""

    legend: str
    name: str
    kind: str
    options: tuple[Option, ...]
    folded: bool = False
    hint: str = ""

    @property
    def open(self) -> bool:
        """Whether a folded group shows its boxes at once."""
        return any(option.checked for option in self.options)


@dataclass(frozen=True)
class Chip:
    """A link that says what it leads to, and how much is there."""

    url: str
    label: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Panel:
    """All that stands beside and above a list."""

    chips: tuple[Chip, ...]
    groups: tuple[Group, ...]
    hidden: tuple[tuple[str, str], ...]
    removable: tuple[Chip, ...]
    ways_out: tuple[Chip, ...]
    orders: tuple[Chip, ...]


@dataclass(frozen=True)
class _Counted:
    """A tally by its key."""

    key: str
    tally: Tally = field(compare=False)


def panel(*, tally: Tally, choice: Choice, url: str) -> Panel:
    """The panel of a choice; put together once for all who ask while the same tally holds."""
    make = _panel if tally.key else _panel.__wrapped__
    return make(_Counted(tally.key, tally), choice, url, get_language())


@lru_cache(maxsize=500)
def _panel(counted: _Counted, choice: Choice, url: str, _written_in: str | None) -> Panel:
    tally = counted.tally
    return Panel(
        chips=tuple(category_chips(tally=tally, choice=choice)),
        groups=tuple(groups(tally=tally, choice=choice)),
        hidden=tuple(hidden(choice=choice)),
        removable=tuple(removable(tally=tally, choice=choice, url=url)),
        ways_out=tuple(ways_out(tally=tally, choice=choice, url=url)),
        orders=tuple(orders(choice=choice, url=url)),
    )


def category_chips(*, tally: Tally, choice: Choice) -> list[Chip]:
    """All shelves on which the other filters leave something, and the present one."""
    query = f"?{choice.query()}" if choice.pairs() else ""
    there = [slug for slug in tally.shelf_order if slug and (tally.of(CATEGORY, slug) or slug == choice.category)]
    everything = Chip(url=reverse("catalogue:index") + query, label=_("Everything"), current=not choice.category)
    return [everything, *(_shelf(slug, query, tally, choice) for slug in there)]


def groups(*, tally: Tally, choice: Choice) -> list[Group]:
    """The boxes, each with the number of articles it leaves; what leaves nothing is not offered unless it is chosen."""
    named = _named(tally)
    without = allergens.groups(language=_language())
    plainly = {**named, **{(WITHOUT, key): name for key, name in without.items()}}
    marks = [(ORGANIC, YES), *((LABEL, code) for code in labels.names())]
    largest = sorted(tally.values(PRODUCER), key=lambda slug: -tally.of(PRODUCER, slug))[:MOST_PRODUCERS]
    every = [
        Group(_("Right now"), SEASON, "checkbox", _options([(SEASON, YES), (ONLY, YES), (NEW, YES)], tally, choice, named)),
        Group(_("Labels"), LABEL, "checkbox", _options(marks, tally, choice, named)),
        Group(_("Diet"), DIET, "checkbox", _options(((DIET, value) for value in Product.Diet.values), tally, choice, named)),
        Group(
            _("Without allergens"),
            WITHOUT,
            "checkbox",
            _options(((WITHOUT, value) for value in without), tally, choice, plainly),
            folded=True,
            hint=_("As stated by the producers. Traces are possible; please read the list of ingredients."),
        ),
        Group(_("Kind"), KIND, "checkbox", _choices(KIND, tally, choice, named)),
        Group(_("Storage"), STORAGE, "checkbox", _choices(STORAGE, tally, choice, named), folded=True),
        Group(_("Village"), VILLAGE, "checkbox", _choices(VILLAGE, tally, choice, named), folded=True),
        Group(
            _("Producer"),
            PRODUCER,
            "checkbox",
            tuple(option for option in _choices(PRODUCER, tally, choice, named) if option.checked or option.value in largest),
            folded=True,
        ),
    ]
    either = {KIND, STORAGE, VILLAGE, PRODUCER}
    return [group for group in every if len(group.options) > (group.name in either) or group.open]


def hidden(*, choice: Choice) -> list[tuple[str, str]]:
    """What the form of the filters has to carry along: names and values."""
    text = [(TEXT, choice.text)] if choice.text else []
    return [*text, *([(ORDER, choice.order)] if choice.order != RECOMMENDED else [])]


def removable(*, tally: Tally, choice: Choice, url: str) -> list[Chip]:
    """The filters that are set, each a link to the list without it; when nothing is left, with what its going would give."""
    named = _named(tally)
    active = [*choice.active, *([(TEXT, choice.text)] if choice.text else [])]
    return [
        Chip(url=_address(url, choice.without(name=name, value=value)), label=named.get((name, value), value))
        for name, value in active
    ]


def ways_out(*, tally: Tally, choice: Choice, url: str) -> list[Chip]:
    """Which filters to drop when all together leave nothing: links, the one that gives most first."""
    named = _named(tally)
    return [
        Chip(url=_address(url, choice.without(name=name, value=value)), label=named.get((name, value), value), count=number)
        for (name, value), number in sorted(tally.helps.items(), key=lambda item: -item[1])
    ]


def orders(*, choice: Choice, url: str) -> list[Chip]:
    """The orders in which the list can stand."""
    kept = [pair for pair in choice.pairs() if pair[0] != ORDER]
    return [
        Chip(url=f"{url}?{urlencode([*kept, (ORDER, order)])}", label=str(label), current=choice.order == order)
        for order, label in ORDERS.items()
    ]


def _named(tally: Tally) -> dict[tuple[str, str], str]:
    """What every filter is called, in the language of the page."""
    kinds = {Product.Kind.GOODS: _("Goods"), Product.Kind.SERVICE: _("Service at a fixed price")}
    without = {**allergens.names(language=_language()), **allergens.groups(language=_language())}
    return {
        **tally.names,
        **{(KIND, value): label for value, label in kinds.items()},
        **{(STORAGE, value): str(label) for value, label in Product.Storage.choices},
        **{(DIET, value): str(label) for value, label in Product.Diet.choices},
        **{(LABEL, code): name for code, name in labels.names().items()},
        **{(WITHOUT, key): _("without %(allergen)s") % {"allergen": name} for key, name in without.items()},
        (SEASON, YES): _("In season now"),
        (ORGANIC, YES): _("Organic"),
        (NEW, YES): _("New in the last 30 days"),
        (ONLY, YES): _("Only this round"),
    }


def _options(
    marks: Iterable[tuple[str, str]], tally: Tally, choice: Choice, named: dict[tuple[str, str], str]
) -> tuple[Option, ...]:
    made = [
        Option(
            value=value,
            label=named[name, value],
            count=tally.of(name, value),
            checked=choice.has(name=name, value=value),
            name=name,
        )
        for name, value in marks
    ]
    return tuple(option for option in made if option.count or option.checked)


def _choices(name: str, tally: Tally, choice: Choice, named: dict[tuple[str, str], str]) -> tuple[Option, ...]:
    return _options(((name, value) for value in tally.values(name) if (name, value) in named), tally, choice, named)


def _shelf(slug: str, query: str, tally: Tally, choice: Choice) -> Chip:
    return Chip(
        url=reverse("catalogue:category", args=[slug]) + query,
        label=tally.names.get((CATEGORY, slug), slug),
        current=choice.category == slug,
        count=tally.of(CATEGORY, slug),
    )


def _address(url: str, choice: Choice) -> str:
    return f"{url}?{choice.query()}" if choice.pairs() else url


def _language() -> str:
    return (get_language() or "de")[:2]
