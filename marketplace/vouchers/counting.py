"""Decides what the vouchers of a customer take off goods and fee, in which order, and why one takes nothing off.

Oscar's applicator runs their offers over goods as plain values, so that a basket, an order that changes and a test are reckoned
alike. Vouchers that a producer bears have the first turn, percentages come before amounts, then the code decides (ADR 0009).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from oscar.apps.offer.applicator import Applicator

from marketplace.basket.baskets import Contents
from marketplace.core import money, wording
from marketplace.vouchers import selection, standing
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.selection import Chosen, Reach
from marketplace.vouchers.standing import Person


@dataclass(frozen=True, kw_only=True)
class Ware:
    """Goods of one line without deposit, gross euro. `shelves` are the paths of the categories in which the article stands."""

    key: int
    amount: Decimal
    partner_id: int
    shelves: tuple[str, ...] = ()
    is_discountable: bool = True


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A voucher that takes something off: `shares` by line, covered lines at zero included, and `fee` of the delivery fee."""

    chosen: Chosen
    shares: Mapping[int, Decimal]
    fee: Decimal

    @property
    def terms(self) -> VoucherTerms:
        """The voucher."""
        return self.chosen.terms

    @property
    def goods(self) -> Decimal:
        """What it takes off the goods."""
        return sum(self.shares.values(), money.ZERO)

    @property
    def amount(self) -> Decimal:
        """All that it takes off."""
        return self.goods + self.fee


@dataclass(frozen=True, kw_only=True)
class Idle:
    """A voucher that takes nothing off, and the sentence why."""

    terms: VoucherTerms
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What all vouchers together do, in their turn."""

    applied: tuple[Applied, ...] = ()
    idle: tuple[Idle, ...] = ()

    @property
    def fee(self) -> Decimal:
        """What comes off the delivery fee."""
        return sum((one.fee for one in self.applied), money.ZERO)

    @property
    def amount(self) -> Decimal:
        """What comes off in all."""
        return sum((one.amount for one in self.applied), money.ZERO)

    @property
    def fingerprint(self) -> str:
        """The same for the same vouchers that take off the same; empty for none."""
        return "|".join(f"{one.terms.pk}:{one.amount:.2f}" for one in self.applied)

    def of_line(self, key: int) -> Decimal:
        """What comes off one line."""
        return sum((one.shares.get(key, money.ZERO) for one in self.applied), money.ZERO)


NONE = Outcome()


def of_contents(*, contents: Contents, chosen: Sequence[Chosen], fee: Decimal | None, person: Person, at: datetime) -> Outcome:
    """What vouchers do to the contents of a basket or an order that changes; keys are places in `contents.lines`.

    No query without vouchers, at most three with them.
    """
    if not chosen:
        return NONE
    shelves = selection.shelves_of(chosen=chosen, products=[line.product for line in contents.lines])
    wares = [
        Ware(
            key=place,
            amount=line.line_total,
            partner_id=line.product.partner_id,
            shelves=shelves.get(line.product.pk, ()),
            is_discountable=line.product.is_discountable,
        )
        for place, line in enumerate(contents.lines)
    ]
    return count(chosen=chosen, wares=wares, fee=fee, refused=standing.refusals(chosen=chosen, person=person, at=at))


def count(*, chosen: Iterable[Chosen], wares: Sequence[Ware], fee: Decimal | None, refused: Mapping[int, str]) -> Outcome:
    """Let every voucher have its turn. `fee` is None as long as no delivery is chosen.

    `refused` says by key of the terms why a voucher does not hold for this customer now.
    """
    turns = sorted(chosen, key=lambda one: one.turn)
    together, alone = _combined([one for one in turns if one.terms.pk not in refused])
    table = _Table(wares=wares, fee=fee or money.ZERO, reach={offer.pk: one.reach for one in together for offer in one.offers})
    Applicator().apply_offers(table, [offer for one in together for offer in one.offers])
    applied, idle = [], [Idle(terms=one.terms, reason=refused[one.terms.pk]) for one in turns if one.terms.pk in refused]
    for one in together:
        found = Applied(
            chosen=one,
            shares={key: share for offer in one.offers for key, share in table.shares.get(offer.pk, {}).items()},
            fee=sum((table.freed.get(offer.pk, money.ZERO) for offer in one.offers), money.ZERO),
        )
        if found.amount:
            applied.append(found)
        else:
            idle.append(Idle(terms=one.terms, reason=_reason(one, table, fee)))
    idle += [Idle(terms=one.terms, reason=not_combinable(code=one.terms.code)) for one in alone]
    return Outcome(applied=tuple(applied), idle=tuple(idle))


def not_combinable(*, code: str) -> str:
    """Why a second voucher is not taken."""
    return _("The voucher %(code)s cannot be used together with another one.") % {"code": code}


def _combined(turns: Sequence[Chosen]) -> tuple[list[Chosen], list[Chosen]]:
    """Those that hold together and those that step back: who comes first stays, an exclusive one bears nobody beside it."""
    together: list[Chosen] = []
    alone: list[Chosen] = []
    for one in turns:
        blocked = bool(together) and (one.is_exclusive or any(other.is_exclusive for other in together))
        (alone if blocked else together).append(one)
    return together, alone


def _reason(one: Chosen, table: "_Table", fee: Decimal | None) -> str:
    code = {"code": one.terms.code}
    worth = table.worth_of(one.reach)
    if not worth:
        return _("Nothing in your basket is what the voucher %(code)s is for: %(what)s.") % {**code, "what": one.reach.text}
    if worth < one.minimum:
        amounts = {"minimum": wording.euro(one.minimum), "missing": wording.euro(one.minimum - worth)}
        return _("The voucher %(code)s holds from %(minimum)s; %(missing)s to go.") % {**code, **amounts}
    if fee is None:
        return _("The voucher %(code)s makes the delivery free, as soon as you have chosen one.") % code
    return _("This delivery is free of charge already, so you can keep the voucher %(code)s.") % code


@dataclass(kw_only=True)
class _Table:
    """The goods as Oscar's applicator and our benefits look at them; offers take their turn here."""

    wares: Sequence[Ware]
    fee: Decimal
    reach: Mapping[int, Reach]
    #: Oscar asks how often an owner has used an offer; that is counted under lock in `usage`
    owner: None = None
    shares: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    freed: dict[int, Decimal] = field(default_factory=dict)
    offer_applications: Any = None

    def left(self, *, offer: Any) -> dict[int, Decimal]:
        """What earlier offers left of the lines that this one is for, by line."""
        reach = self.reach[offer.pk]
        return {
            ware.key: ware.amount - sum((taken.get(ware.key, money.ZERO) for taken in self.shares.values()), money.ZERO)
            for ware in self.wares
            if _reaches(reach, ware)
        }

    def take(self, *, offer: Any, shares: Mapping[int, Decimal]) -> None:
        """Remember what an offer takes off which line."""
        self.shares[offer.pk] = dict(shares)

    def free(self, *, offer: Any) -> bool:
        """Take off what is left of the fee."""
        self.freed[offer.pk] = self.fee - sum(self.freed.values(), money.ZERO)
        return bool(self.freed[offer.pk])

    def worth(self, *, offer: Any) -> Decimal:
        """What the goods that an offer is for cost without any voucher."""
        return self.worth_of(self.reach[offer.pk])

    def worth_of(self, reach: Reach) -> Decimal:
        """The same for a reach."""
        return sum((ware.amount for ware in self.wares if _reaches(reach, ware)), money.ZERO)


def _reaches(reach: Reach, ware: Ware) -> bool:
    if not ware.is_discountable or (reach.partner_id is not None and ware.partner_id != reach.partner_id):
        return False
    return not reach.shelves or any(own.startswith(shelf) for shelf in reach.shelves for own in ware.shelves)
