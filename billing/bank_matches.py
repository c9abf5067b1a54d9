"""Decides what a booking of the bank was for: by the number in its purpose, else by amount and name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.bank_files import Told
from billing.models import BankLine
from billing.open_items import OpenItem
from marketplace.core import money

#: names shorter than that say nothing
SHORTEST_NAME = 4
#: a number of the operator's: a producer that sells in its own name has the same with its own before it ("B0012-RE-2026-000001")
NOBODYS = r"(?<!B\d{4})(?<!B\d{5})"
MOST = 4


class Ground(StrEnum):
    """Why an open item is suggested, the surest first."""

    NUMBER_AND_AMOUNT = "number_and_amount"
    NUMBER = "number"
    NAME_AND_AMOUNT = "name_and_amount"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Suggestion:
    """An open item that a booking may have been for."""

    item: OpenItem
    ground: Ground


class Index:
    """Open items that go one way, found by number and amount: a statement of thousands of bookings asks thousands of times."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.by_amount: dict[Decimal, list[OpenItem]] = {}
        #: what stands before the number of a series, as a pattern → number in it
        self.series: dict[str, dict[int, list[OpenItem]]] = {}
        #: length → other numbers of that length
        self.others: dict[int, dict[str, list[OpenItem]]] = {}
        for item in items:
            self.by_amount.setdefault(item.left, []).append(item)
            parts = re.fullmatch(r"(?:(B\d{4,})-)?([A-Z]+)-(\d{4})-0*(\d+)", item.number)
            if parts is not None:
                before = f"{parts[1] or NOBODYS}{parts[2]}{parts[3]}"
                self.series.setdefault(before, {}).setdefault(int(parts[4]), []).append(item)
            elif bare := _bare(item.number):
                self.others.setdefault(len(bare), {}).setdefault(bare, []).append(item)

    def named(self, purpose: str) -> Iterator[OpenItem]:
        """The items whose number stands there, however it was spelt: with or without strokes, blanks and leading zeros."""
        told = _bare(purpose)
        for before, numbers in self.series.items():
            for digits in re.findall(rf"{before}(\d+)", told):
                yield from numbers.get(int(digits), ())
        for length, numbers_of in self.others.items():
            for start in range(len(told) - length + 1):
                yield from numbers_of.get(told[start : start + length], ())


def suggest(*, line: BankLine | Told, items: Index) -> list[Suggestion]:
    """The open items that fit, the surest first; `items` go the way of the money. An amount that several have says nothing."""
    amount, payer = abs(line.amount), line.name.casefold()
    named_ones = {item.key: item for item in items.named(line.purpose)}
    equal_ones = {item.key: item for item in items.by_amount.get(amount, ())}
    found = []
    for key, item in {**named_ones, **equal_ones}.items():
        named, equal = key in named_ones, key in equal_ones
        if named:
            found.append(Suggestion(item, Ground.NUMBER_AND_AMOUNT if equal else Ground.NUMBER))
        elif equal and _is_called(item, f"{payer} {line.purpose.casefold()}"):
            found.append(Suggestion(item, Ground.NAME_AND_AMOUNT))
        elif equal:
            found.append(Suggestion(item, Ground.AMOUNT))
    if sum(one.ground == Ground.AMOUNT for one in found) > 1:
        found = [one for one in found if one.ground != Ground.AMOUNT]
    order = list(Ground)
    return sorted(found, key=lambda one: (order.index(one.ground), one.item.day, one.item.number))[:MOST]


def certain(*, line: BankLine | Told, items: Index) -> list[OpenItem]:
    """The items that leave no doubt: their numbers are named, they alone, and the amount is what is open on all of them.

    Of an order with several invoices its own number or those of all its invoices are the same.
    """
    named = {item.key: item for item in items.named(line.purpose)}
    alone = [item for item in named.values() if item.within not in named]
    fits = bool(alone) and sum((item.left for item in alone), money.ZERO) == abs(line.amount)
    return sorted(alone, key=lambda item: (item.day, item.number)) if fits else []


def left_of(*, line: BankLine, booked: Decimal) -> Decimal:
    """What of a booking is not assigned yet, as a positive sum."""
    return abs(line.amount) - booked


def _is_called(item: OpenItem, told: str) -> bool:
    words = [word for word in re.split(r"\W+", item.whom.casefold()) if len(word) >= SHORTEST_NAME]
    return bool(words) and any(word in told for word in words[-1:])


def _bare(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
