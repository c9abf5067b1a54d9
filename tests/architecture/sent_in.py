"""An e-invoice that the dairy has sent to the market."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from billing import einvoice, incoming
from billing.models import IncomingInvoice
from tests.factories import documents


def make(*, partner: Any, at: datetime) -> None:
    """Send it in."""
    seller = replace(documents.FARM, name=partner.name, vat_id=partner.vat_id, tax_number=partner.tax_number or "20/150/54321")
    bill = replace(documents.per_order(), seller=seller, buyer=documents.OPERATOR, number="2026-77")
    data = einvoice.xml(einvoice.terms(bill))
    incoming.take_in(region=partner.region, data=data, file_name="rechnung.xml", at=at, by=None, partner=partner)


def arguments(name: str) -> dict[str, list[object]]:
    """What the addresses about it are asked for."""
    if "incoming_" not in name:
        return {}
    return {name: [IncomingInvoice.objects.get().pk]}
