"""What the addresses of debits, reminders and customers' money are asked for."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from billing import mandates
from billing.models import (
    AccountApplication,
    DebitRun,
    DebitTerms,
    DunningLetter,
    DunningStop,
    InstalmentPlan,
    Invoice,
    Mandate,
)
from marketplace.order.models import Order
from marketplace.users.models import User
from tests.factories.town import Town


def make(*, town: Town, order: Order, customer: User, at: datetime) -> None:
    """A mandate, a file of debits, a reminder, something that rests, a plan of instalments, and who wants an account."""
    region, today = town.region, timezone.localdate(at)
    invoice = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).latest("pk")
    DebitTerms.objects.create(region=region, creditor_id="DE98ZZZ09999999999")
    mandates.sign(
        region=region,
        user=customer,
        holder="Ada Beispiel",
        iban="DE89370400440532013000",
        signed_name="Ada Beispiel",
        signed_on=today,
        at=at,
        by=customer,
    )
    DebitRun.objects.create(region=region, number="EZ-1", collect_on=today, total=Decimal(9), message="<Document/>", made_at=at)
    DunningLetter.objects.create(
        region=region,
        order=order,
        number="MA-1",
        level=1,
        day=today,
        pay_by=today,
        total=Decimal(9),
        content={"title": "Zahlungserinnerung", "recipient": ["Ada Beispiel"]},
        pdf=b"%PDF-",
        made_at=at,
        sent_at=at,
    )
    DunningStop.objects.create(region=region, invoice=invoice, reason="Wird geklärt", made_at=at)
    plan = InstalmentPlan.objects.create(region=region, total=Decimal(9), agreed_on=today, agreed_at=at)
    plan.instalments.create(due_on=today, amount=Decimal(9))
    AccountApplication.objects.create(
        region=region,
        user=town.people["dairy"],
        name="Dorfküche",
        street="Dorfstraße 1",
        postal_code="24361",
        city="Haby",
        email="kueche@haus.example",
        wanted_limit=Decimal(500),
        wanted_terms="weekly",
        applied_at=at,
    )


def arguments(*, invoice: Invoice) -> dict[str, list[object]]:
    """The arguments by the name of the address."""
    application = AccountApplication.objects.get()
    return {
        **{f"office:debit_{what}": [DebitRun.objects.get().pk] for what in ("file", "drop")},
        "office:end_mandate": [Mandate.objects.get().pk],
        "office:dunning_letter": [DunningLetter.objects.get().pk],
        "office:dunning_lift": [DunningStop.objects.get().pk],
        "office:instalments_end": [InstalmentPlan.objects.get().pk],
        **{f"office:application{what}": [application.pk] for what in ("", "_decline")},
        "customer:purse_code": [invoice.pk],
        "customer:year": [invoice.issued_on.year],
    }
