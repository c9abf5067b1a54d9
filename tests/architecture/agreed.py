"""What was agreed about commission, fees and agency, and who sees what, for the addresses that ask for it."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from billing.models import AgencyStatement, CommissionRule, Invoice, PeriodExport, ProducerFee, SellerCopy
from marketplace.assortments.models import Assortment, AssortmentRule, CustomerGroup
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

START = date(2026, 1, 1)


def arguments(name: str, *, region: Region, partner: Partner) -> dict[str, list[object]]:
    """The rule or fee of the region, made when an address first asks for it."""
    if name == "office:commission_end":
        told = {"percent": Decimal(12), "reason": "Probe", "valid_from": START}
        rule, _new = CommissionRule.objects.get_or_create(region=region, partner=partner, defaults=told)
        return {name: [rule.pk]}
    if name == "office:fee_end":
        fee_told = {"basis": "order", "amount": Decimal("0.50"), "recipient": "Markt", "valid_from": START}
        fee, _new = ProducerFee.objects.get_or_create(region=region, name="Packhilfe", defaults=fee_told)
        return {name: [fee.pk]}
    if name.startswith("office:receiver") and name not in ("office:receivers", "office:receiver_engage"):
        return {name: [_receiver(partner).pk]}
    if name in ("office:assortment", "office:assortment_rename", "office:assortment_delete"):
        return {name: [_seen_by_some(region, Assortment).pk]}
    if name.startswith(("office:assortment_rule_", "office:group")) and name != "office:group_found":
        kind = CustomerGroup if name.startswith("office:group") else AssortmentRule
        return {name: [_seen_by_some(region, kind).pk]}
    if name.startswith("dashboard:seller_copy"):
        return {name: [_copy(partner).year]}
    if name == "dashboard:agency_statement":
        return {name: [_statement(partner).pk]}
    return {}


def _receiver(partner: Partner) -> Partner:
    """Who keeps a pickup point and sells nothing."""
    told = {name: getattr(partner, name) for name in ("municipality", "street", "postal_code", "city", "latitude", "longitude")}
    told |= {"name": "Abholstelle Beispiel", "email": "stelle@haus.example", "status": Partner.Status.PAYEE}
    payee: Partner = Partner.objects.get_or_create(region=partner.region, slug="abholstelle-beispiel", defaults=told)[0]
    return payee


def _copy(partner: Partner) -> SellerCopy:
    """What was reported of the producer for last year."""
    day, none = date(2025, 1, 1), {"got": "0.00", "fees": "0.00", "got_reported": "0", "fees_reported": "0", "sales": 0}
    made = {"last": date(2025, 12, 31), "content": b"", "sha256": "", "size": 0, "made_at": timezone.now()}
    export, _new = PeriodExport.objects.get_or_create(
        region=partner.region, kind=PeriodExport.Kind.SELLERS, first=day, defaults=made
    )
    facts = dict.fromkeys(("name", "address", "birth_date", "tin", "vat_id", "register_number", "iban"), "Probe")
    content = {"is_service": False, "facts": facts, "quarters": [none] * 4}
    copy: SellerCopy = SellerCopy.objects.get_or_create(
        partner=partner, year=2025, defaults={"export": export, "content": content}
    )[0]
    return copy


def _seen_by_some(
    region: Region, kind: type[Assortment | CustomerGroup | AssortmentRule]
) -> Assortment | CustomerGroup | AssortmentRule:
    """Large packs for restaurants: themselves, the group, or the rule that shows them."""
    assortment, _new = Assortment.objects.get_or_create(region=region, name="Großgebinde")
    group, _new = CustomerGroup.objects.get_or_create(region=region, name="Gastronomie")
    told = {"region": region, "shows": True, "place": 1}
    rule, _new = AssortmentRule.objects.get_or_create(assortment=assortment, group=group, defaults=told)
    return assortment if kind is Assortment else group if kind is CustomerGroup else rule


def _statement(partner: Partner) -> AgencyStatement:
    """A month of nothing, as if the producer had sold in its own name."""
    known = AgencyStatement.objects.filter(partner=partner).first()
    if known is not None:
        return known
    invoice = Invoice.objects.filter(partner=partner, kind=Invoice.Kind.SELF_BILLED).latest("pk")
    return AgencyStatement.objects.create(
        region=partner.region,
        partner=partner,
        commission=invoice,
        period_from=invoice.period_from,
        period_until=invoice.period_until,
        entrusted=invoice.gross,
        amount=invoice.gross,
        made_at=invoice.finalised_at,
    )
