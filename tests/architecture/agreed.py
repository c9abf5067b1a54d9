"""What was agreed about commission and fees, for the addresses that end it."""

from datetime import date
from decimal import Decimal

from billing.models import CommissionRule, ProducerFee
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

START = date(2026, 1, 1)


def arguments(name: str, *, region: Region) -> dict[str, list[object]]:
    """The rule or fee of the region, made when an address first asks for it."""
    if name == "office:commission_end":
        partner = Partner.objects.filter(region=region).earliest("pk")
        told = {"percent": Decimal(12), "reason": "Probe", "valid_from": START}
        rule, _new = CommissionRule.objects.get_or_create(region=region, partner=partner, defaults=told)
        return {name: [rule.pk]}
    if name == "office:fee_end":
        fee_told = {"basis": "order", "amount": Decimal("0.50"), "recipient": "Markt", "valid_from": START}
        fee, _new = ProducerFee.objects.get_or_create(region=region, name="Packhilfe", defaults=fee_told)
        return {name: [fee.pk]}
    return {}
