"""Decides what a customer needs to pay by bank transfer in advance, as text and as a code that banking apps read."""

from dataclasses import dataclass
from decimal import Decimal

from segno import helpers

from marketplace.core import money
from marketplace.order.models import Order
from marketplace.regions.models import Region

#: most characters of a name that the code has room for (EPC069-12)
NAME = 70


@dataclass(frozen=True)
class Transfer:
    """Whom to pay, how much (euro), and with which words; `code` is the drawing as a data address for an image."""

    name: str
    iban: str
    bank: str
    amount: Decimal
    reference: str
    code: str


def for_order(*, order: Order, region: Region, paid: Decimal = money.ZERO) -> Transfer | None:
    """The transfer that pays an order of which `paid` has come in, None when nothing is open; its number is the reference."""
    return of(order=order, region=region, amount=order.total_incl_tax - paid)


def of(*, order: Order, region: Region, amount: Decimal) -> Transfer | None:
    """The transfer of so much for an order, None of nothing; its number is the reference."""
    if amount <= 0:
        return None
    drawing = helpers.make_epc_qr(name=region.legal_name[:NAME], iban=region.iban, amount=amount, text=order.number)
    return Transfer(
        name=region.legal_name,
        iban=spaced(region.iban),
        bank=region.bank_name,
        amount=amount,
        reference=order.number,
        code=drawing.svg_data_uri(scale=4, border=2, light="#fff"),
    )


def spaced(iban: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    plain = iban.replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
