"""Decides how many articles each filter would leave: read from the database once, in groups, then counted for any choice.

A filter of which one value has to hold (village, producer) counts as if nothing of its kind were chosen; one of which all have to
hold (labels, without an allergen) counts what would be left if it were chosen too.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.db.models import BooleanField, Count, ExpressionWrapper, QuerySet

from marketplace.assortments.precedence import EVERYTHING, Sight
from marketplace.catalogue import allergens, labels
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region
from marketplace.shop import criteria
from marketplace.shop.choice import (
    CATEGORY,
    DIET,
    EITHER,
    KIND,
    LABEL,
    NEW,
    ONLY,
    ORGANIC,
    PRODUCER,
    SEASON,
    STORAGE,
    VILLAGE,
    WITHOUT,
    YES,
    Choice,
)
from marketplace.shop.criteria import Moment

SECONDS: Final = 60
VERSION, COUNTS, GROUPS = "shop:version:{}", "shop:counts:{}", "shop:groups:{}"
FLAGS: Final = (SEASON, ORGANIC, NEW, ONLY)
Mark = tuple[str, str]


class Group(NamedTuple):
    """Articles that are alike in everything one can filter by. `marks` are flags, labels and diets that hold."""

    number: int
    path: str
    values: dict[str, str]
    names: dict[str, str]
    marks: frozenset[Mark]
    contains: frozenset[str]


@dataclass(frozen=True)
class Tally:
    """How many articles are left in all, and for each filter by (parameter, value); `names` of shelves, producers, villages.

    `shelf_order` has the shelves as they stand. `helps` says, when nothing is left, what taking one filter away would leave.
    `key` names the choice and what it was counted among; what is counted anew has another one.
    """

    total: int
    counts: Mapping[Mark, int]
    names: Mapping[Mark, str]
    shelf_order: tuple[str, ...]
    helps: Mapping[Mark, int]
    key: str = ""

    def of(self, name: str, value: str = YES) -> int:
        """The number of articles beside one filter."""
        return self.counts.get((name, value), 0)

    def values(self, name: str) -> list[str]:
        """The values of a filter that some article has, by their names."""
        known = {value for key, value in self.names if key == name} | {value for key, value in self.counts if key == name}
        return sorted(known, key=lambda value: (self.names.get((name, value), value).casefold(), value))


def tally(
    *, region: Region, products: QuerySet[Product], choice: Choice, path: str, moment: Moment, sight: Sight = EVERYTHING
) -> Tally:
    """The counts for a choice among `products` (a region's shelf as `sight` sees it, or what was found there; not filtered).

    `path` is that of the chosen shelf. One query at most, none for a minute after it or until an article is saved.
    """
    base = f"{version_of(region=region)}:{sight.key}:{moment}:{choice.text}"
    key, below = COUNTS.format(_digest(f"{base}:{path}:{sorted(choice.active)}")), GROUPS.format(_digest(base))
    known: Tally | None = cache.get(key)
    if known is None:
        groups: list[Group] | None = cache.get(below)
        if groups is None:
            groups = read(products=products, moment=moment)
            cache.set(below, groups, SECONDS)
        known = replace(count(groups=groups, choice=choice, path=path), key=key)
        cache.set(key, known, SECONDS)
    return known


def version_of(*, region: Region) -> str:
    """Which state of the articles of a region is counted: another one after a minute, or as soon as one is saved."""
    return str(cache.get_or_set(VERSION.format(region.pk), lambda: uuid.uuid4().hex, SECONDS))


def forget(*, region_id: int) -> None:
    """Count anew at the next request."""
    cache.delete(VERSION.format(region_id))


def read(*, products: QuerySet[Product], moment: Moment) -> list[Group]:
    """The articles in groups: one query."""
    flags = {
        f"is_{place}": ExpressionWrapper(criteria.flag(name=name, moment=moment), output_field=BooleanField())
        for place, name in enumerate(FLAGS)
    }
    certified = ExpressionWrapper(labels.certified(today=moment.today), output_field=BooleanField())
    rows = (
        products.order_by()
        .annotate(**flags, is_certified=certified)
        .values_list(
            "categories__path", "categories__slug", "categories__name", "partner__slug", "partner__name",
            "partner__municipality__slug", "partner__municipality__name", "kind", "storage", "diet", "labels", "allergens",
            "is_certified", *flags,
        )
        .annotate(number=Count("pk"))
    )  # fmt: skip
    return [_group(row) for row in rows]


def count(*, groups: Sequence[Group], choice: Choice, path: str) -> Tally:
    """Count the groups for a choice; `path` is that of the chosen shelf, empty for all."""
    counts: Counter[Mark] = Counter()
    contained: Counter[str] = Counter()
    wanted = {name: frozenset(getattr(choice, attribute)) for name, attribute in EITHER if getattr(choice, attribute)}
    marks, without = _marks(choice), _without(choice)
    for group in groups:
        if not marks <= group.marks or without & group.contains:
            continue
        failed = [name for name, values in wanted.items() if group.values[name] not in values]
        if path and not group.path.startswith(path):
            failed.append(CATEGORY)
        if len(failed) > 1:
            continue
        for name in failed or group.values:
            counts[name, group.values[name]] += group.number
        if not failed:
            counts["", ""] += group.number
            for mark in group.marks:
                counts[mark] += group.number
            for key in group.contains:
                contained[key] += group.number
    total = counts.pop(("", ""), 0)
    for key in {key for group in groups for key in group.contains} if total else ():
        counts[WITHOUT, key] = total - contained[key]
    return Tally(
        total=total,
        counts=dict(counts),
        names={(name, group.values[name]): text for group in groups for name, text in group.names.items()},
        shelf_order=tuple(dict.fromkeys(group.values[CATEGORY] for group in sorted(groups, key=lambda group: group.path))),
        helps={} if total else _helps(groups, choice, path),
    )


def _helps(groups: Sequence[Group], choice: Choice, path: str) -> dict[Mark, int]:
    """What is left when one of the filters is taken away; only those that help."""
    active = choice.active
    if not active:
        return {}
    left = {(name, value): _total(groups, choice.without(name=name, value=value), path) for name, value in active}
    return {mark: number for mark, number in left.items() if number}


def _total(groups: Iterable[Group], choice: Choice, path: str) -> int:
    wanted = {name: frozenset(getattr(choice, attribute)) for name, attribute in EITHER if getattr(choice, attribute)}
    marks, without = _marks(choice), _without(choice)
    return sum(
        group.number
        for group in groups
        if marks <= group.marks
        and not without & group.contains
        and group.path.startswith(path)
        and all(group.values[name] in values for name, values in wanted.items())
    )


def _marks(choice: Choice) -> frozenset[Mark]:
    return frozenset(mark for mark in choice.active if mark[0] in {*FLAGS, LABEL, DIET})


def _without(choice: Choice) -> frozenset[str]:
    return allergens.groups_of(keys=choice.without_allergens)


def _group(row: tuple[Any, ...]) -> Group:
    (path, shelf, shelf_name, maker, maker_name, village, village_name, kind, storage, diet, carried, inside, certified) = row[
        :13
    ]
    flags, number = row[13:-1], row[-1]
    marks = {(name, YES) for name, holds in zip(FLAGS, flags, strict=True) if holds}
    marks |= {(LABEL, code) for code in carried if certified or code not in labels.SEALS}
    marks |= {(DIET, claim) for claim in Product.Diet.values if diet in labels.fitting(diet=claim)}
    values = {CATEGORY: shelf or "", PRODUCER: maker, VILLAGE: village, KIND: kind, STORAGE: storage}
    names = {CATEGORY: shelf_name or "", PRODUCER: maker_name, VILLAGE: village_name}
    return Group(number, path or "", values, names, frozenset(marks), allergens.groups_of(keys=inside))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
