"""Vouchers of a region, offered as the office offers them."""

from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.regions.models import Region
from marketplace.vouchers import offering
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.offering import Promise
from tests.factories.market import NOW


def promise(code: str = "SOMMER10", **told: Any) -> Promise:
    """Ten percent off everything in November 2026, unless told otherwise; numbers may be words."""
    for name in ("percent", "amount", "minimum"):
        if isinstance(told.get(name), str):
            told[name] = Decimal(told[name])
    if not {"percent", "amount", "free_delivery"} & told.keys():
        told["percent"] = Decimal(10)
    given: dict[str, Any] = {
        "code": code,
        "title": "Willkommen in der Marktrunde",
        "valid_from": date(2026, 11, 1),
        "valid_until": date(2026, 11, 30),
        **told,
    }
    return Promise(**given)


def voucher(region: Region, code: str = "SOMMER10", **told: Any) -> VoucherTerms:
    """A voucher of the region."""
    return offering.offer(region=region, promise=promise(code, **told), at=NOW, by=None)
