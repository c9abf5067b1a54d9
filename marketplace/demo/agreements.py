"""What the demo's office agrees with producers beside their contracts: a lower commission, a fee, a smallest payout."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from billing import commissions, payouts
from billing.models import ProducerFee, SupplyContract
from marketplace.catalogue.models import Category
from marketplace.dashboard import fee_receivers
from marketplace.dashboard.onboarding import ContractTerms
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

#: who sells in its own name: its customers get invoices of its own
IN_OWN_NAME = frozenset({"roesterei-fruehschicht"})
CRAFTS, SMALLEST = "handwerk-geschenke", Decimal("20.00")
PACKED_FOR = "landschlachterei-mettbrook"


def agree(
    *,
    region: Region,
    partners: Mapping[str, Partner],
    categories: Mapping[str, Category],
    today: date,
    at: datetime,
    by: User,
) -> None:
    """A region's rules from its first day on: crafts at ten percent, help with packing for who wants it, small sums wait."""
    commissions.agree(
        region=region,
        partner=None,
        shelf=categories[CRAFTS],
        percent=Decimal("10.00"),
        reason="Handwerk wird oft bestellt und lange gemacht",
        valid_from=today,
        today=today,
        at=at,
        by=by,
    )
    payouts.set_minimum(region=region, partner=None, amount=SMALLEST, at=at, by=by)
    packed = partners.get(PACKED_FOR)
    if packed is not None and packed.region_id == region.pk:
        commissions.charge(
            region=region,
            partner=packed,
            name="Packhilfe",
            basis=ProducerFee.Basis.ORDER,
            amount=Decimal("0.30"),
            payee=_packers(packed, today=today, at=at, by=by),
            valid_from=today,
            today=today,
            at=at,
            by=by,
        )


def _packers(near: Partner, *, today: date, at: datetime, by: User) -> Partner:
    """Who helps with packing, sells nothing, and is credited with the fee for it every month."""
    terms = ContractTerms(
        commission_percent=Decimal(0),
        vat_status=SupplyContract.VatStatus.REGULAR,
        self_billing_agreed_on=today,
        valid_from=today,
        mode=SupplyContract.Mode.FEES,
    )
    return fee_receivers.engage(
        region=near.region,
        municipality=near.municipality,
        terms=terms,
        at=at,
        by=by,
        name="Packgemeinschaft Beispiel",
        contact_first_name="Merle",
        contact_last_name="Beispiel",
        street="Am Speicher 4",
        postal_code=near.postal_code,
        city=near.city,
        email="packen@beispiel.example",
        phone="+49 4356 000099",
        tax_number="21/815/08199",
        iban="DE02120300000000202051",
    )
