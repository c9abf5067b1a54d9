"""Decides how the operator, a customer and a producer are named on a document."""

from billing.documents import Party
from billing.models import Account, Invoice, OrderTerms
from logistics.models import Delivery
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


def operator(region: Region) -> Party:
    """The operator of a region: seller to the customers, buyer from the producers (commission, section 383 HGB)."""
    represented = f"Vertreten durch {region.represented_by}" if region.represented_by else ""
    return Party(
        name=region.legal_name,
        street=region.street,
        postal_code=region.postal_code,
        city=region.city,
        vat_id=region.vat_id,
        tax_number=region.tax_number,
        email=region.email,
        phone=region.phone,
        contact="Buchhaltung",
        legal_note="; ".join(word for word in (region.register_entry, represented) if word),
    )


def account_holder(account: Account) -> Party:
    """A customer with an account."""
    return Party(
        name=account.name,
        street=account.street,
        postal_code=account.postal_code,
        city=account.city,
        vat_id=account.vat_id,
        email=account.email,
        identifier=account.number,
    )


def orderer(order: Order, delivery: Delivery) -> Party:
    """A customer without an account, at the billing address of the order or, failing that, where it was delivered to."""
    own = bool(order.billing_street)
    return Party(
        name=order.company or order.contact_name or delivery.recipient,
        street=order.billing_street if own else delivery.street,
        postal_code=order.billing_postal_code if own else delivery.postal_code,
        city=order.billing_city if own else delivery.city,
        email=order.email,
    )


def producer(partner: Partner) -> Party:
    """A producer, who is the seller on a document that the operator writes (section 14(2) UStG)."""
    return Party(
        name=partner.name,
        street=partner.street,
        postal_code=partner.postal_code,
        city=partner.city,
        vat_id=partner.vat_id,
        tax_number=partner.tax_number,
        email=partner.email,
        phone=partner.phone,
        contact=partner.contact_name,
        legal_note=partner.register_entry,
        identifier=f"P-{partner.pk:04d}",
    )


def on_file(*, invoice: Invoice) -> tuple[Party | None, Party | None]:
    """Seller and buyer of a document as they are on file today; None where nothing is."""
    if invoice.kind == Invoice.Kind.SELF_BILLED:
        return producer(invoice.partner) if invoice.partner is not None else None, operator(invoice.region)
    account, order = account_of(invoice=invoice), invoice.order
    seller = operator(invoice.region) if invoice.seller_id is None else None
    if account is not None:
        return seller, account_holder(account)
    delivery = Delivery.objects.filter(order=order).first() if order is not None else None
    return seller, orderer(order, delivery) if order is not None and delivery is not None else None


def account_of(*, invoice: Invoice) -> Account | None:
    """The account that gets a document, also where it is of one order."""
    if invoice.account is not None or invoice.order is None:
        return invoice.account
    terms: OrderTerms | None = getattr(invoice.order, "terms", None)
    return terms.account if terms is not None else None
