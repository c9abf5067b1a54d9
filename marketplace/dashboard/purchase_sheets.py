"""Says what a producer has to order of its wholesalers, round by round: on the page, as a letter and as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from logistics import cases, purchases
from logistics.models import CasePack, DeliveryRound, Purchase
from marketplace.core import wording
from marketplace.partner.models import Partner


@dataclass(frozen=True, kw_only=True)
class Need:
    """One article for a round. `cases` are still to be ordered, or, once all is, were ordered."""

    row: Purchase

    @property
    def title(self) -> str:
        """The article's name."""
        return str(self.row.stockrecord.product.title)

    @property
    def left(self) -> int:
        """Cases that the wholesaler does not know of."""
        return 0 if self.row.arrived is not None else self.row.cases - self.row.told_cases

    @property
    def cases(self) -> int:
        """What stands on the sheet."""
        return self.left or self.row.cases

    @property
    def after(self) -> int:
        """Pieces that stay loose."""
        return self.row.had + self.row.supply - self.row.needed

    @property
    def text(self) -> str:
        """What stands on the sheet, in words."""
        return cases.sentence(number=self.cases, title=self.title, size=self.row.size)


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """What comes from one wholesaler for a round."""

    name: str
    needs: tuple[Need, ...]

    @property
    def left(self) -> bool:
        """Whether something is still to be ordered."""
        return any(need.left for need in self.needs)

    @property
    def bought(self) -> tuple[Need, ...]:
        """What takes a case at all; the rest is taken from what is loose."""
        return tuple(need for need in self.needs if need.row.cases)

    @property
    def arrived(self) -> bool:
        """Whether all of it came."""
        return all(need.row.arrived is not None for need in self.bought)

    @property
    def sheet(self) -> tuple[Need, ...]:
        """What stands on the sheet: what is still to be ordered, else all that was."""
        return tuple(need for need in self.bought if need.left or not self.left)


@dataclass(frozen=True, kw_only=True)
class RoundNeeds:
    """What is bought for a round; while it is `open` the numbers still change."""

    round: DeliveryRound
    open: bool
    suppliers: tuple[Supplier, ...]


def read(*, partner: Partner, at: datetime) -> list[RoundNeeds]:
    """The rounds for which something is needed, the first cut-off first. Five queries for any number."""
    found = []
    for _pk, rows in groupby(purchases.outlook(partner=partner, at=at), key=lambda row: row.round_id):
        same = list(rows)
        suppliers = tuple(
            Supplier(name=name, needs=tuple(Need(row=row) for row in some))
            for name, some in groupby(same, key=lambda row: row.wholesaler)
        )
        is_open = same[0].round.status in {DeliveryRound.Status.OPEN}
        found.append(RoundNeeds(round=same[0].round, open=is_open, suppliers=suppliers))
    return found


def loose(*, partner: Partner) -> list[CasePack]:
    """What is bought in cases, with the pieces that are loose, by name. One query."""
    rows = CasePack.objects.filter(stockrecord__partner=partner, in_use=True).select_related("stockrecord__product")
    return list(rows.order_by("stockrecord__product__title", "pk"))


def buys(*, partner: Partner) -> Exists:
    """Whether a producer buys anything in cases, as a column."""
    return Exists(CasePack.objects.filter(stockrecord__partner=partner, in_use=True))


def to_order() -> ArraySubquery:
    """What a closed round was reckoned to need of wholesalers who do not know of it, as a column of collections; see `texts`."""
    mine = Purchase.objects.filter(round=OuterRef("round"), stockrecord__partner=OuterRef("partner"), arrived__isnull=True)
    left = mine.filter(cases__gt=F("told_cases")).order_by("wholesaler", "stockrecord__product__title", "pk")
    title = F("stockrecord__product__title")
    return ArraySubquery(left.values(told=JSONObject(cases=F("cases") - F("told_cases"), title=title, size=F("size"))))


def texts(*, column: Iterable[Mapping[str, Any]]) -> list[str]:
    """The words of `to_order`, an article each."""
    return [cases.sentence(number=told["cases"], title=told["title"], size=told["size"]) for told in column]


def subject(*, delivery_round: DeliveryRound, partner: Partner) -> str:
    """What stands above the letter."""
    day = wording.weekday_date(delivery_round.delivery_day)
    return _("Order of %(name)s for %(day)s") % {"name": partner.name, "day": day}


def letter(*, partner: Partner, delivery_round: DeliveryRound, supplier: Supplier) -> str:
    """The order as plain text, to send to the wholesaler."""
    lines = [subject(delivery_round=delivery_round, partner=partner), "", _("To: %(name)s") % {"name": supplier.name}, ""]
    for need in supplier.sheet:
        number = _(", article number %(number)s") % {"number": need.row.article_number} if need.row.article_number else ""
        lines.append(f"- {need.text}{number}")
    address = f"{partner.street}, {partner.postal_code} {partner.city}"
    return "\n".join([*lines, "", partner.contact_name, partner.name, address, partner.phone]).rstrip() + "\n"


def table(*, supplier: Supplier) -> list[Sequence[object]]:
    """The order as a table with a head."""
    head: Sequence[object] = (_("Article number"), _("Article"), _("Pieces in a case"), _("Cases"), _("Pieces"))
    return [head, *((n.row.article_number, n.title, n.row.size, n.cases, n.cases * n.row.size) for n in supplier.sheet)]
