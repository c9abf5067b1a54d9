"""What comes up with documents in the demo: an invoice that names the wrong cost centre, and a bill that a producer sends."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from billing import einvoice, incoming, parties, reissues
from billing.documents import DocLine, Document, Payment, TypeCode
from billing.models import Invoice
from logistics import daytime
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

COST_CENTRE = "Kostenstelle 4711"


def play(*, region: Region, at: datetime, by: User) -> None:
    """The newest consolidated invoice is drawn anew, and a producer bills a service to the market."""
    today = at.astimezone(daytime.ZONE).date()
    wrong = Invoice.objects.filter(region=region, kind=Invoice.Kind.INVOICE, account__isnull=False, seller__isnull=True)
    newest = wrong.filter(replaced_by__isnull=True).order_by("-pk").first()
    if newest is not None:
        told = replace(reissues.particulars(invoice=newest), buyer_reference=COST_CENTRE)
        reissues.reissue(invoice=newest, told=told, reason="Kostenstelle fehlte", today=today, at=at, by=by)
    seller = Partner.objects.filter(region=region, status=Partner.Status.APPROVED).exclude(tax_number="").order_by("pk").first()
    if seller is not None:
        data = einvoice.xml(einvoice.terms(_bill(seller, region, at)))
        incoming.take_in(region=region, data=data, file_name="rechnung-2026-31.xml", at=at, by=None, partner=seller)


def _bill(seller: Partner, region: Region, at: datetime) -> Document:
    """For work that is not sold in the market."""
    today = at.astimezone(daytime.ZONE).date()
    line = DocLine(
        position=1,
        text="Regale für den Umschlagplatz gebaut und aufgestellt",
        quantity=Decimal(6),
        unit_code="HUR",
        unit_label="Std.",
        vat_rate=Decimal(19),
        gross=Decimal("321.30"),
        delivered_on=today - timedelta(days=3),
    )
    return Document(
        type_code=TypeCode.INVOICE,
        number="2026-31",
        issued_on=today - timedelta(days=1),
        due_on=today + timedelta(days=13),
        seller=parties.producer(seller),
        buyer=parties.operator(region),
        lines=(line,),
        payment=Payment(code="58", iban=seller.iban.replace(" ", ""), account_holder=seller.name) if seller.iban else Payment(),
        terms="Zahlbar in 14 Tagen.",
    )
