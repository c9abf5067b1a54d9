"""Tells of a basket who would get what of its total, before anything is ordered."""

from collections.abc import Iterator
from decimal import Decimal

from billing import shares
from billing.shares import Row, Shares
from marketplace.checkout.proposal import Proposal
from marketplace.core import money


def of_proposal(*, proposal: Proposal) -> Shares | None:
    """The shares of what lies before the customer, by the contracts of the delivery day, or today's while none is chosen.

    None for an empty basket, and where a producer has no contract. Four or five queries.
    """
    day = proposal.delivery_round.delivery_day if proposal.delivery_round else proposal.today
    return shares.of_rows(rows=_rows(proposal), sums=proposal.sums, day=day)


def _rows(proposal: Proposal) -> Iterator[Row]:
    for place, line in enumerate(proposal.contents.lines):
        yield Row(
            partner_id=line.product.partner_id,
            partner_name=line.product.partner.name,
            product_id=line.product.pk,
            vat_category=line.product.vat_category,
            vat_rate=proposal.rates[line.product.vat_category],
            goods=line.line_total,
            deposit=line.deposit_total,
            own_voucher=_off(proposal, place, own=True),
            market_voucher=_off(proposal, place, own=False),
        )


def _off(proposal: Proposal, place: int, *, own: bool) -> Decimal:
    """What the vouchers take off a line that its producer bears, or the market."""
    borne = (one for one in proposal.vouchers.applied if (one.terms.bearer_id is not None) == own)
    return sum((one.shares.get(place, money.ZERO) for one in borne), money.ZERO)
