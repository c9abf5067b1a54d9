"""Decides who may see a document: the customer whom it concerns, the producer, the office of the region, or who holds a link."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet

from billing import states
from billing.models import Account, Invoice
from marketplace.partner.models import Partner
from marketplace.regions.access import has_role
from marketplace.regions.models import Role

LINK_LIFETIME = timedelta(days=90)
_SALT = "billing.document"


def listed(documents: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Documents as lists show them: the newest first, with all that a row says and `states.state_of` asks, without files."""
    return (
        states.with_paid(documents)
        .select_related("file", "account", "order", "partner", "replaced_by", "replaces", "corrects")
        .defer("content", "file__xml", "file__pdf")
        .order_by("-issued_on", "-pk")
    )


def of_customer(*, user: Any, region: Any) -> QuerySet[Invoice]:
    """A customer's documents in a region: of the own orders and of the accounts for which the person orders."""
    mine = Account.objects.filter(users=user)
    concerned = (
        Q(order__user=user)
        | Exists(mine.filter(pk=OuterRef("account")))
        | Exists(mine.filter(pk=OuterRef("order__terms__account")))
    )
    return Invoice.objects.filter(concerned, region=region, partner__isnull=True)


def of_order(*, order: Any) -> QuerySet[Invoice]:
    """The documents that concern one order alone; an order on monthly account has none of its own."""
    return Invoice.objects.filter(order=order)


def of_producer(*, user: Any, region: Any) -> QuerySet[Invoice]:
    """The credit notes of the producers for whom the person acts, and what is written in their names (agency).

    Who sells keeps the invoices (section 14b UStG); those of customers who were erased are read by the office alone.
    """
    mine = Partner.objects.run_by(user).filter(region=region)
    sold = Q(seller__in=mine) & ~Q(order__user__erased_at__isnull=False)
    return Invoice.objects.filter(Q(partner__in=mine) | sold, region=region)


def of_office(*, region: Any) -> QuerySet[Invoice]:
    """Every document of a region."""
    return Invoice.objects.filter(region=region)


def visible_to(*, user: Any, region: Any) -> QuerySet[Invoice]:
    """Every document that a person may see in a region."""
    if has_role(user=user, region=region, role=Role.OFFICE):
        return of_office(region=region)
    customers = of_customer(user=user, region=region).values("pk")
    producers = of_producer(user=user, region=region).values("pk")
    return Invoice.objects.filter(Q(pk__in=customers) | Q(pk__in=producers))


def link_for(*, invoice: Invoice) -> str:
    """What a guest's link to a document carries: signed, for 90 days, good for this document alone."""
    return signing.dumps(invoice.pk, salt=_SALT)


def document_for_link(*, signed: str, region: Any) -> Invoice | None:
    """The customer's document of a region to which a signed link leads; None when it is forged, expired or of elsewhere.

    The documents of somebody who was erased are read by the office alone.
    """
    try:
        pk = signing.loads(signed, salt=_SALT, max_age=LINK_LIFETIME)
    except signing.BadSignature:
        return None
    known = Invoice.objects.filter(pk=pk, region=region, partner__isnull=True)
    return known.exclude(order__user__erased_at__isnull=False).first()
