"""Decides what becomes of news about an order whose customer has no e-mail address: a letter on the pile "to be posted"."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from marketplace.core import audit
from marketplace.order.models import Letter, Order
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the trail's word for "this letter is out of the house"
SENT = "letter.sent"


def is_on_paper(*, order: Order) -> bool:
    """Whether the customer is written letters."""
    return Order.objects.filter(pk=order.pk).on_paper().exists()


def write(*, order: Order, subject: str, text: str, at: datetime) -> Letter:
    """Put a letter on the pile. `text` is that of a mail; its first paragraph is its heading, which the letter has already."""
    _heading, _break, told = text.strip().partition("\n\n")
    return Letter.objects.create(order=order, subject=subject, text=told.strip(), written_at=at)


def waiting(*, region: Region) -> QuerySet[Letter]:
    """The letters that nobody has sent yet, the oldest first."""
    return Letter.objects.filter(order__region=region, sent_at__isnull=True).order_by("pk")


@transaction.atomic
def mark(*, region: Region, keys: Collection[int], way: str, at: datetime, by: User | None) -> int:
    """Note that letters are out of the house; says how many were due."""
    found = list(waiting(region=region).select_for_update(of=("self",)).filter(pk__in=keys))
    for letter in found:
        letter.sent_at = at
        letter.save(update_fields=["sent_at"])
        audit.record(action=SENT, target=letter.order, at=at, by=by, new={"way": way, "subject": letter.subject})
    return len(found)
