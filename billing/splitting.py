"""Decides how the price that a customer pays is told in shares: the producer's, the operator's commission, the tax office's.

The shares come from the same contract and rates as the producer's credit note (`billing.earnings`) and add up to the price.
"""

from dataclasses import dataclass
from decimal import Decimal

from billing.earnings import Earning
from marketplace.core import money


@dataclass(frozen=True, kw_only=True)
class Split:
    """Who gets what of a gross price, in euro."""

    paid: Decimal
    producer: Decimal
    commission: Decimal
    commission_percent: Decimal
    vat: Decimal
    #: what the producer bears besides the commission; whoever receives it is named in `billing.models.ProducerFee`
    fees: Decimal = money.ZERO

    @property
    def parts(self) -> tuple[Decimal, ...]:
        """Producer, commission, VAT, and the fees where there are any."""
        return (self.producer, self.commission, self.vat, *((self.fees,) if self.fees else ()))


def of(*, earning: Earning, commission_percent: Decimal) -> Split:
    """The shares of what was earned: the VAT is what neither producer nor operator keeps."""
    return Split(
        paid=earning.paid,
        producer=earning.yours,
        commission=earning.commission,
        commission_percent=commission_percent,
        vat=earning.paid - earning.yours - earning.commission - earning.fees,
        fees=earning.fees,
    )


def percent(*, part: Decimal, of: Decimal) -> int:
    """The share in whole percent, for the bar beside it."""
    return round(100 * part / of) if of else 0
