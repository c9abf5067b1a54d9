"""Decides which rule about an assortment counts for somebody, and what is seen by it.

A rule for a group of customers goes before the defaults for everybody; among rules of one kind the one with the higher priority
goes first. Of an article that belongs to several assortments the first rule that names one of them decides. What no rule names is
seen.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q


@dataclass(frozen=True)
class Rule:
    """`assortment` and `group` are keys; without a group the rule is a default for everybody."""

    assortment: int
    group: int | None
    shows: bool


@dataclass(frozen=True)
class Sight:
    """What somebody sees: (assortment, shown), the first whose assortment an article belongs to decides. Empty: everything."""

    steps: tuple[tuple[int, bool], ...] = ()

    def __bool__(self) -> bool:
        """Whether it hides anything."""
        return bool(self.steps)

    @property
    def key(self) -> str:
        """The same for all who see the same; a part of the keys under which lists are kept."""
        return "".join(f"{assortment}{'+' if shown else '-'}" for assortment, shown in self.steps)

    def sees(self, assortments: Collection[int]) -> bool:
        """Whether an article of these assortments is seen."""
        return next((shown for assortment, shown in self.steps if assortment in assortments), True)

    def where(self, prefix: str = "") -> Q:
        """The same as a condition on articles, or on what is related to them by `prefix` (`product__`)."""
        found: Q | None = None
        for assortment, shown in reversed(self.steps):
            belongs = Q(**{f"{prefix}assortments__contains": [assortment]})
            if shown:
                found = belongs | found if found is not None else None
            else:
                found = ~belongs & found if found is not None else ~belongs
        return found if found is not None else Q()


#: of who works with the goods, and of everybody where a region has no rules
EVERYTHING: Final = Sight()


def sight(*, rules: Iterable[Rule], groups: Collection[int]) -> Sight:
    """What somebody in these groups sees by the rules of a region, which come in the order of their priority."""
    known = tuple(rules)
    special = [rule for rule in known if rule.group is not None and rule.group in groups]
    steps: dict[int, bool] = {}
    for rule in (*special, *(rule for rule in known if rule.group is None)):
        steps.setdefault(rule.assortment, rule.shows)
    told = list(steps.items())
    while told and told[-1][1]:
        told.pop()  # what is shown in the end would be seen without a rule, too
    return Sight(tuple(told))
