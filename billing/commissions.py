"""Decides what commission is taken on an article on a day: the contract's percentage, unless a rule is more special.

The most special wins: a rule for the producer and a shelf, then one for the producer, then one for a shelf (the deeper shelf
first), then the contract. Of two that are equally special the older holds, so that nothing agreed is changed by the back door.
Earnings, shares, credit notes and commission invoices all ask here. An article's shelf is that on which it stands now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from billing.models import CommissionRule, ProducerFee, SupplyContract
from marketplace.catalogue.models import Category, Product
from marketplace.core import audit, forgetting
from marketplace.partner.models import Partner

#: instead of the key of an article that has none (yet)
UNWRITTEN = 0
KEPT_SECONDS = 60


class RuleRefused(Exception):
    """The rule cannot be agreed or ended like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Commission:
    """A percentage of the net price, and the rule it comes from; None: the contract. `others` hold too, but are less special."""

    percent: Decimal
    rule: CommissionRule | None = None
    others: tuple[CommissionRule, ...] = ()


class CommissionTable:
    """The rules and fees that concern some producers, and the shelves of some articles, so that a month needs few queries."""

    def __init__(
        self, *, rules: Iterable[CommissionRule], fees: Iterable[ProducerFee], shelves: Mapping[int, Collection[str]]
    ) -> None:
        self._rules = tuple(rules)
        self._fees = tuple(fees)
        self._shelves = shelves

    @classmethod
    def load(
        cls, *, partners: Collection[int], products: Collection[int | None] = (), shelf: int | None = None
    ) -> "CommissionTable":
        """What the database holds for these producers and articles (by key). Two queries, three where shelves matter.

        `shelf` is that of the article without a key, which is only being written.
        """
        regions = Partner.objects.filter(pk__in=partners).values("region")
        mine = Q(partner__in=partners) | Q(partner__isnull=True)
        rules = list(CommissionRule.objects.filter(mine, region__in=regions).select_related("shelf"))
        fees = list(ProducerFee.objects.filter(mine, region__in=regions).order_by("name", "pk"))
        return cls(rules=rules, fees=fees, shelves=_shelves(rules, products, shelf))

    @classmethod
    def shown(cls, *, partner: Partner, products: Collection[int | None] = (), shelf: int | None = None) -> "CommissionTable":
        """The same for what a page tells one producer, as it was a minute ago at most. No query, one where shelves matter."""
        known = cache.get(_key(partner.region_id))
        if known is None:
            here = {"region": partner.region_id}
            rules = list(CommissionRule.objects.filter(**here).select_related("shelf"))
            known = rules, list(ProducerFee.objects.filter(**here).order_by("name", "pk"))
            cache.set(_key(partner.region_id), known, KEPT_SECONDS)
        return cls(rules=known[0], fees=known[1], shelves=_shelves(known[0], products, shelf))

    def on(self, *, contract: SupplyContract, product_id: int | None, day: date) -> Commission:
        """What holds for an article of the contract's producer on a day; the contract comes with its producer."""
        paths = self._shelves.get(product_id or UNWRITTEN, ())
        fitting = sorted(
            (rule for rule in self._rules if _holds(rule, contract.partner, day) and _on_shelf(rule, paths)), key=_place
        )
        if not fitting:
            return Commission(percent=contract.commission_percent)
        return Commission(percent=fitting[0].percent, rule=fitting[0], others=tuple(fitting[1:]))

    def fees_on(self, *, partner: Partner, day: date) -> tuple[ProducerFee, ...]:
        """The fees that a producer bears on a day, by name."""
        return tuple(fee for fee in self._fees if _holds(fee, partner, day))


def _shelves(rules: Iterable[CommissionRule], products: Collection[int | None], shelf: int | None) -> dict[int, set[str]]:
    """Where the articles stand, by key, if a rule asks for it."""
    shelves: dict[int, set[str]] = {}
    if any(rule.shelf_id for rule in rules):
        known = [pk for pk in products if pk is not None]
        for product, path in Product.objects.filter(pk__in=known, categories__isnull=False).values_list("pk", "categories__path"):
            shelves.setdefault(product, set()).add(path)
        shelves[UNWRITTEN] = set(Category.objects.filter(pk=shelf).values_list("path", flat=True)) if shelf else set()
    return shelves


def _key(region_id: int) -> str:
    return f"commission-rules:{region_id}"


def running(*, region: Any, today: date) -> list[CommissionRule]:
    """The rules of a region that hold or will hold, the next to begin last. One query."""
    rows = CommissionRule.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), region=region)
    return list(rows.select_related("partner", "shelf").order_by("valid_from", "pk"))


def running_fees(*, region: Any, today: date) -> list[ProducerFee]:
    """The fees of a region that are taken or will be. One query."""
    rows = ProducerFee.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), region=region)
    return list(rows.select_related("partner").order_by("name", F("partner__name").asc(nulls_first=True), "pk"))


@transaction.atomic
def agree(
    *,
    region: Any,
    partner: Partner | None,
    shelf: Category | None,
    percent: Decimal,
    reason: str,
    valid_from: date,
    today: date,
    at: datetime,
    by: Any,
) -> CommissionRule:
    """Let a rule hold from a day on; it never begins in the past, because that is told and settled. Raises `RuleRefused`."""
    if partner is None and shelf is None:
        raise RuleRefused(_("Please choose a producer, a shelf, or both."))
    if partner is not None and partner.region_id != region.pk:
        raise RuleRefused(_("That producer belongs to another region."))
    _refuse_past(valid_from, today)
    made = CommissionRule.objects.create(
        region=region, partner=partner, shelf=shelf, percent=percent, reason=reason, valid_from=valid_from
    )
    forgetting.forget(_key(region.pk))
    told = {"percent": str(percent), "reason": reason, "from": str(valid_from)}
    audit.record(action="commission_rule.agreed", target=made, at=at, by=by, new=told)
    return made


@transaction.atomic
def charge(
    *,
    region: Any,
    partner: Partner | None,
    name: str,
    basis: str,
    amount: Decimal,
    payee: Partner | None,
    valid_from: date,
    today: date,
    at: datetime,
    by: Any,
) -> ProducerFee:
    """Let producers bear a fee from a day on; `payee` is credited for it, without one the operator keeps it.

    Raises `RuleRefused`.
    """
    recipient = payee.name if payee is not None else region.legal_name
    if payee is not None and payee.region_id != region.pk:
        raise RuleRefused(_("Who receives it belongs to another region."))
    if partner is not None and partner.region_id != region.pk:
        raise RuleRefused(_("That producer belongs to another region."))
    _refuse_past(valid_from, today)
    made = ProducerFee.objects.create(
        region=region,
        partner=partner,
        name=name,
        basis=basis,
        amount=amount,
        recipient=recipient,
        payee=payee,
        valid_from=valid_from,
    )
    forgetting.forget(_key(region.pk))
    told = {"name": name, "basis": basis, "amount": str(amount), "recipient": recipient, "from": str(valid_from)}
    audit.record(action="producer_fee.agreed", target=made, at=at, by=by, new=told)
    return made


@transaction.atomic
def end(*, agreed: CommissionRule | ProducerFee, last: date, today: date, at: datetime, by: Any) -> None:
    """The rule or fee holds for the last time on `last`; one that has not begun is ended on its first day at the earliest.

    Raises `RuleRefused` for a day that has passed, or when it has ended already.
    """
    locked = type(agreed)._default_manager.select_for_update(of=("self",)).get(pk=agreed.pk)
    if locked.valid_until is not None and locked.valid_until <= last:
        raise RuleRefused(_("It ends earlier already."))
    _refuse_past(last, today)
    locked.valid_until = max(last, locked.valid_from)
    locked.save(update_fields=["valid_until"])
    forgetting.forget(_key(locked.region_id))
    audit.record(action="commission_rule.ended", target=locked, at=at, by=by, new={"until": str(locked.valid_until)})


def _refuse_past(day: date, today: date) -> None:
    if day < today:
        raise RuleRefused(_("The day lies in the past; what was sold then is told and settled already."))


def _holds(agreed: CommissionRule | ProducerFee, partner: Partner, day: date) -> bool:
    concerned = agreed.region_id == partner.region_id and agreed.partner_id in (None, partner.pk)
    return concerned and agreed.valid_from <= day and (agreed.valid_until is None or day <= agreed.valid_until)


def _on_shelf(rule: CommissionRule, paths: Iterable[str]) -> bool:
    """A shelf holds all that stands below it: its path is the beginning of theirs."""
    return rule.shelf is None or any(path.startswith(rule.shelf.path) for path in paths)


def _place(rule: CommissionRule) -> tuple[bool, int, date, int]:
    """Producer before none, the deeper shelf before the higher, the older before the younger."""
    depth = len(rule.shelf.path) if rule.shelf is not None else 0
    return rule.partner_id is None, -depth, rule.valid_from, rule.pk
