"""Decides how an order reads: its lines by producer, what became of each when it was packed and handed over, and the sums.

The account page, the page behind the signed link, the thank-you page and the mails all show this, so they say the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch

from marketplace.catalogue import columns, prices, withdrawal
from marketplace.core import money, wording
from marketplace.order import amounts, discounts, sums
from marketplace.order.discounts import Given
from marketplace.order.models import Fee, Line, Order
from marketplace.order.sums import Part, Sums

#: logistics' words for a line whose farm does not pack, and for one of which it has too little
CALLED_OFF = "minimum"
#: of a line that another one stands in for, all but its name
REPLACED = columns.under(
    "instead_of", tuple(field.name for field in Line._meta.concrete_fields if field.name not in {"id", "title"})
)
CUT = frozenset({CALLED_OFF, "cut", "replaced", "refused"})


@dataclass(frozen=True)
class StatementLine:
    """One article. Money is gross euro; what is final is None until it was packed."""

    line: Line
    total: Decimal
    deposit: Decimal
    #: most that weighed goods come to before the customer is asked
    highest: Decimal | None
    expected_weight_g: int | None
    final_quantity: int | None
    final_weight_g: int | None
    final_total: Decimal | None
    final_deposit: Decimal | None
    problem: str
    #: its farm does not pack, as too little was ordered of it in all
    called_off: bool = False
    #: known before it is packed: how many still come, if not all that were ordered
    promised: int | None = None

    @property
    def is_substitute(self) -> bool:
        """Whether it comes in place of something that the farm has too little of; such a line was never ordered."""
        return self.line.instead_of_id is not None

    @property
    def agreed(self) -> tuple[Decimal, Decimal]:
        """Goods and deposit as agreed when it was ordered."""
        return (money.ZERO, money.ZERO) if self.is_substitute else (self.total, self.deposit)

    @property
    def still(self) -> tuple[Decimal, Decimal]:
        """Goods and deposit of what still comes, as far as is known before it is packed."""
        if self.promised is None:
            return self.total, self.deposit
        goods = amounts.goods_gross(line=self.line, quantity=self.promised, weight_g=None)
        return goods, amounts.deposit_gross(line=self.line, quantity=self.promised)

    @property
    def is_short(self) -> bool:
        """Whether less came than was ordered."""
        there = self.promised if self.final_quantity is None else self.final_quantity
        return there is not None and there < self.line.quantity

    @property
    def there(self) -> int:
        """How many come or came, as far as is known."""
        return next(number for number in (self.final_quantity, self.promised, self.line.quantity) if number is not None)

    @property
    def withdrawal(self) -> str:
        """Whether the customer can withdraw from it, and if not, why."""
        return withdrawal.sentence(ground=self.line.withdrawal_ground)

    @property
    def base_price(self) -> str:
        """The price of a kilogram or litre, with its unit: weighed goods are paid by it, for others it is told (section 4 PAngV).

        Price and content are the order's, whatever the article has become since.
        """
        price, line = self.line.unit_price_incl_tax or money.ZERO, self.line
        return str(prices.base_price(product=line, price=price, price_per_kg=line.price_per_kg) or "")

    @property
    def price(self) -> str:
        """What one costs, with the base price where the law wants one: `4,90 € / Glas 500 g · 9,80 €/kg`."""
        each = f"{wording.euro(self.line.unit_price_incl_tax)} / {self.line.unit_text}"
        return f"{each} · {self.base_price}" if self.base_price else each


@dataclass(frozen=True)
class StatementGroup:
    """The lines of one producer."""

    partner_name: str
    lines: tuple[StatementLine, ...]

    @property
    def total(self) -> Decimal:
        """Goods of this producer, as far as known."""
        return sum((line.total if line.final_total is None else line.final_total for line in self.lines), money.ZERO)


@dataclass(frozen=True)
class Statement:
    """A whole order. `ordered` is what was agreed; `final` what it came to, once every line was packed.

    `remaining` is what was agreed of the lines that still come, when farms were called off. `granted` is what vouchers were to
    take off, `given` what they take off of what remains, or took off in the end.
    """

    order: Order
    groups: tuple[StatementGroup, ...]
    fees: tuple[Fee, ...]
    ordered: Sums
    final: Sums | None
    granted: tuple[Given, ...] = ()
    given: tuple[Given, ...] | None = None
    remaining: Sums | None = None

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        """All lines, producer by producer."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def called_off(self) -> tuple[StatementLine, ...]:
        """The lines whose farms do not pack."""
        return tuple(line for line in self.lines if line.called_off)

    @property
    def farms_called_off(self) -> list[str]:
        """Whose goods those are, by name."""
        return sorted({line.line.partner_name for line in self.called_off})

    @property
    def is_cut(self) -> bool:
        """Whether a farm has too little of something."""
        return any(line.promised is not None and not line.called_off for line in self.lines)

    @property
    def current(self) -> Sums:
        """What holds now."""
        return self.final or self.remaining or self.ordered

    @property
    def vouchers(self) -> tuple[Given, ...]:
        """What vouchers take off as far as is known now; those that take nothing off are left out."""
        return tuple(one for one in (self.granted if self.given is None else self.given) if one.amount)

    @property
    def has_weighed_goods(self) -> bool:
        """Whether the total still depends on a scale."""
        return any(line.line.catch_weight for line in self.lines)

    @property
    def age_limit(self) -> int | None:
        """The age in years of whoever may take the goods."""
        return max((line.line.age_limit for line in self.lines if line.line.age_limit), default=None)


def read(*, order: Order) -> Statement:
    """The statement of one order, in four queries unless all is prefetched (see `prefetches`)."""
    fees = tuple(order.fees.all())
    rows = [_line(line) for line in order.lines.all()]
    fee = sum((row.gross for row in fees), money.ZERO)
    ordered, granted = _sums(order=order, rows=rows, parts=[(row, *row.agreed) for row in rows], fee=fee)
    remaining, given = _remaining(order=order, rows=rows, fee=fee)
    final, final_given = _final(order=order, rows=rows, fee=fee)
    return Statement(
        order=order,
        groups=tuple(_groups(rows)),
        fees=fees,
        ordered=ordered,
        final=final,
        granted=granted,
        given=given if final_given is None else final_given,
        remaining=remaining,
    )


def prefetches() -> "tuple[Prefetch[str], ...]":
    """What a queryset of orders has to fetch ahead so that statements cost no query each."""
    lines = Line.objects.select_related("packed_line", "product", "instead_of").order_by("pk")
    lines = lines.defer(*columns.under("product", columns.ARTICLE), *REPLACED)
    return (Prefetch("lines", queryset=lines), Prefetch("fees", queryset=Fee.objects.order_by("pk")), discounts.prefetch())


def _line(line: Line) -> StatementLine:
    quantity, grams, problem = _packed(line)
    known = quantity is not None
    return StatementLine(
        line=line,
        total=amounts.goods_gross(line=line, quantity=line.quantity, weight_g=None),
        deposit=amounts.deposit_gross(line=line, quantity=line.quantity),
        highest=_highest(line),
        expected_weight_g=line.expected_weight_g * line.quantity if line.catch_weight and line.expected_weight_g else None,
        final_quantity=quantity,
        final_weight_g=grams,
        final_total=amounts.goods_gross(line=line, quantity=quantity or 0, weight_g=grams) if known else None,
        final_deposit=amounts.deposit_gross(line=line, quantity=quantity or 0) if known else None,
        problem=str(line.packed_line.get_problem_display()) if problem else "",
        called_off=problem == CALLED_OFF,
        promised=_promised(line, quantity, problem),
    )


def _packed(line: Line) -> tuple[int | None, int | None, str]:
    """Pieces and grams that were handed over, or else packed, and the word for why some are missing."""
    try:
        packed = line.packed_line
    except ObjectDoesNotExist:
        return None, None, ""
    problem = packed.problem
    if packed.delivered is not None:
        return packed.delivered, packed.delivered_weight_g, problem
    return packed.packed, packed.packed_weight_g, problem


def _promised(line: Line, quantity: int | None, problem: str) -> int | None:
    """How many the farm still promises, if that is known and not all."""
    if problem not in CUT:
        return None
    told: int | None = line.packed_line.promised
    return told if told is not None else quantity


def _highest(line: Line) -> Decimal | None:
    if not line.catch_weight or line.price_per_kg is None or line.expected_weight_g is None:
        return None
    return prices.highest(
        price_per_kg=line.price_per_kg,
        expected_weight_g=line.expected_weight_g,
        tolerance_percent=line.tolerance_percent,
        quantity=line.quantity,
    )


def _groups(rows: Iterable[StatementLine]) -> Iterator[StatementGroup]:
    by_name: dict[str, list[StatementLine]] = {}
    for row in rows:
        by_name.setdefault(row.line.partner_name, []).append(row)
    for name, lines in by_name.items():
        yield StatementGroup(partner_name=name, lines=tuple(lines))


def _remaining(*, order: Order, rows: list[StatementLine], fee: Decimal) -> tuple[Sums | None, tuple[Given, ...] | None]:
    """What is left of the agreement without what was called off or cut, and with what comes instead; None when all comes."""
    if all(row.promised is None and not row.is_substitute for row in rows):
        return None, None
    nothing = all(row.promised == 0 for row in rows)
    return _sums(order=order, rows=rows, parts=[(row, *row.still) for row in rows], fee=money.ZERO if nothing else fee)


def _final(*, order: Order, rows: list[StatementLine], fee: Decimal) -> tuple[Sums | None, tuple[Given, ...] | None]:
    """What the order came to; None as long as a line is not packed."""
    parts = [
        (row, row.final_total, row.final_deposit) for row in rows if row.final_total is not None and row.final_deposit is not None
    ]
    if not rows or len(parts) != len(rows):
        return None, None
    # nothing arrived: billing draws no invoice, so there is no fee either
    charged = fee if any(goods or deposit for _row, goods, deposit in parts) else money.ZERO
    return _sums(order=order, rows=rows, parts=parts, fee=charged)


def _sums(
    *, order: Order, rows: list[StatementLine], parts: list[tuple[StatementLine, Decimal, Decimal]], fee: Decimal
) -> tuple[Sums, tuple[Given, ...]]:
    """The sums of these goods and deposits of the lines, less what vouchers take off them."""
    given = discounts.come_to(
        granted=discounts.of_order(order=order),
        ordered={row.line.pk: row.agreed[0] for row in rows},
        delivered={row.line.pk: goods for row, goods, _deposit in parts},
        fee=fee,
    )
    off = discounts.by_line(given=given)
    return sums.add_up(
        parts=[Part(row.line.vat_rate, goods, deposit, off.get(row.line.pk, money.ZERO)) for row, goods, deposit in parts],
        fee=fee,
        fee_discount=sum((one.fee for one in given), money.ZERO),
    ), given
