"""Decides how the filters of a list are offered: chips of the shelves, groups of boxes, and what can be taken away again."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product
from marketplace.shop import shelves

#: so many producers are offered as boxes, the largest first; the others are found on the producers' page
MOST_PRODUCERS = 10


@dataclass(frozen=True)
class Option:
    """One box or radio button."""

    value: str
    label: str
    count: int | None
    checked: bool


@dataclass(frozen=True)
class Group:
    """Boxes under one heading."""

    legend: str
    name: str
    kind: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chip:
    """A link that says what it leads to."""

    url: str
    label: str
    current: bool = False


def category_chips(*, facets: shelves.Facets, choice: shelves.Choice) -> list[Chip]:
    """All shelves on which the region has something, the other filters kept."""
    query = f"?{choice.query()}" if choice.pairs() else ""
    everything = Chip(url=reverse("catalogue:index") + query, label=_("Everything"), current=not choice.category)
    shelved = [
        Chip(
            url=reverse("catalogue:category", args=[facet.value]) + query,
            label=facet.name,
            current=choice.category == facet.value,
        )
        for facet in facets.categories
    ]
    return [everything, *shelved]


def groups(*, facets: shelves.Facets, choice: shelves.Choice, counted: bool) -> list[Group]:
    """The boxes; `counted` shows how many articles each has, which is true only for the whole market."""
    kinds, storages = dict(Product.Kind.choices), dict(Product.Storage.choices)
    every = [
        Group(legend=_("Season"), name=shelves.SEASON, kind="checkbox", options=(_flag(_("In season now"), choice.season),)),
        Group(
            legend=_("Farming"),
            name=shelves.ORGANIC,
            kind="checkbox",
            options=(_flag(_("Organic"), choice.organic),) if facets.organic or choice.organic else (),
        ),
        _group(_("Village"), shelves.VILLAGE, facets.villages, choice.villages, {}, counted=counted),
        _group(_("Kind"), shelves.KIND, facets.kinds, choice.kinds, kinds, counted=counted),
        _group(_("Storage"), shelves.STORAGE, facets.storages, choice.storages, storages, counted=counted),
        _group(
            _("Producer"), shelves.PRODUCER, _largest(facets.producers, choice.producers), choice.producers, {}, counted=counted
        ),
    ]
    return [group for group in every if len(group.options) > 1 or group.name in {shelves.SEASON, shelves.ORGANIC}]


def hidden(*, choice: shelves.Choice) -> list[dict[str, str]]:
    """What the form of the filters has to carry along."""
    order = {"name": shelves.ORDER, "value": choice.order}
    text = {"name": shelves.TEXT, "value": choice.text}
    return [*([text] if choice.text else []), *([order] if choice.order != shelves.RECOMMENDED else [])]


def removable(*, facets: shelves.Facets, choice: shelves.Choice, url: str) -> list[Chip]:
    """The filters that are set, each a link to the list without it."""
    names = {(shelves.VILLAGE, facet.value): facet.name for facet in facets.villages}
    names |= {(shelves.PRODUCER, facet.value): facet.name for facet in facets.producers}
    names |= {(shelves.KIND, value): str(label) for value, label in Product.Kind.choices}
    names |= {(shelves.STORAGE, value): str(label) for value, label in Product.Storage.choices}
    names |= {(shelves.SEASON, shelves.YES): _("In season now"), (shelves.ORGANIC, shelves.YES): _("Organic")}
    active = [*choice.active, *([(shelves.TEXT, choice.text)] if choice.text else [])]
    return [
        Chip(url=_address(url, choice.without(name=name, value=value)), label=names.get((name, value), value))
        for name, value in active
    ]


def orders(*, choice: shelves.Choice, url: str) -> list[Chip]:
    """The orders in which the list can stand."""
    kept = [pair for pair in choice.pairs() if pair[0] != shelves.ORDER]
    return [
        Chip(url=f"{url}?{urlencode([*kept, (shelves.ORDER, order)])}", label=str(label), current=choice.order == order)
        for order, label in shelves.ORDERS.items()
    ]


def _address(url: str, choice: shelves.Choice) -> str:
    return f"{url}?{choice.query()}" if choice.pairs() else url


def _flag(label: str, checked: bool) -> Option:
    return Option(value=shelves.YES, label=label, count=None, checked=checked)


def _group(
    legend: str, name: str, facets: tuple[shelves.Facet, ...], chosen: tuple[str, ...], labels: dict[str, Any], *, counted: bool
) -> Group:
    options = tuple(
        Option(
            value=facet.value,
            label=facet.name or str(labels.get(facet.value, facet.value)),
            count=facet.count if counted else None,
            checked=facet.value in chosen,
        )
        for facet in facets
    )
    return Group(legend=legend, name=name, kind="checkbox", options=options)


def _largest(facets: tuple[shelves.Facet, ...], chosen: tuple[str, ...]) -> tuple[shelves.Facet, ...]:
    largest = sorted(facets, key=lambda facet: (-facet.count, facet.name))[:MOST_PRODUCERS]
    return tuple(facet for facet in facets if facet in largest or facet.value in chosen)
