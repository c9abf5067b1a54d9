"""Finds a customer or a producer by whatever the office has at hand: name, number, phone, e-mail, document or order number."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Max, Q
from django.urls import reverse

from billing import chart
from billing.models import Account, Invoice
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

LONGEST, MOST, SHORTEST = 80, 12, 2


class Kind(StrEnum):
    """What was found."""

    ACCOUNT = "account"
    PERSON = "person"
    GUEST = "guest"
    PRODUCER = "producer"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One hit: `name` in large, `detail` in small, and where the whole of it stands."""

    kind: Kind
    name: str
    detail: str
    url: str


def find(*, region: Region, text: str) -> list[Found]:
    """Everybody of a region to whom every word fits, at most twelve of a kind; nothing for one letter. Five queries."""
    words = text[:LONGEST].split()
    if len("".join(words)) < SHORTEST:
        return []
    return [
        *_accounts(region, words),
        *_people(region, words),
        *_guests(region, words),
        *_producers(region, words),
        *_documents(region, words),
    ]


def _accounts(region: Region, words: list[str]) -> Iterator[Found]:
    fields = ("name", "number", "email", "city", "vat_id", "users__email", "order_terms__order__phone")
    rows = Account.objects.filter(_every(words, fields), region=region).distinct().order_by("name", "pk")
    for row in rows[:MOST]:
        yield Found(
            kind=Kind.ACCOUNT, name=row.name, detail=f"{row.number} · {row.city}", url=reverse("office:account", args=[row.pk])
        )


def _people(region: Region, words: list[str]) -> Iterator[Found]:
    """Customers with a login who have ordered here."""
    fields = ("first_name", "last_name", "email", *(f"orders__{name}" for name in _ORDER_FIELDS))
    rows = User.objects.filter(_every(words, fields), orders__region=region).distinct().order_by("last_name", "email", "pk")
    for row in rows[:MOST]:
        name = row.get_full_name() or row.email
        yield Found(kind=Kind.PERSON, name=name, detail=row.email, url=reverse("office:person", args=[row.pk]))


def _guests(region: Region, words: list[str]) -> Iterator[Found]:
    """Who ordered without a login, each e-mail address once, by the newest order."""
    fields = ("guest_email", *_ORDER_FIELDS)
    rows = Order.objects.filter(_every(words, fields), region=region, user__isnull=True).exclude(guest_email="")
    newest = rows.order_by().values("guest_email").annotate(pk=Max("pk")).values("pk")
    for row in Order.objects.filter(pk__in=newest).order_by("-pk")[:MOST]:
        name = row.company or row.contact_name or row.guest_email
        yield Found(kind=Kind.GUEST, name=name, detail=row.guest_email, url=reverse("office:guest", args=[row.number]))


def _producers(region: Region, words: list[str]) -> Iterator[Found]:
    fields = ("name", "contact_first_name", "contact_last_name", "email", "phone", "city", "vat_id", "tax_number", "iban")
    rows = Partner.objects.filter(_every(words, fields), region=region)
    if len(words) == 1 and words[0].isdigit():
        rows = rows | Partner.objects.filter(pk=_producer_of(words[0]), region=region)
    for row in rows.order_by("name", "pk")[:MOST]:
        detail = f"{row.contact_name} · {row.city}"
        yield Found(kind=Kind.PRODUCER, name=str(row.name), detail=detail, url=reverse("office:producer", args=[row.pk]))


def _documents(region: Region, words: list[str]) -> Iterator[Found]:
    rows = Invoice.objects.filter(_every(words, ("number", "order__number")), region=region).defer("content")
    for row in rows.order_by("-issued_on", "-pk")[:MOST]:
        detail = f"{row.get_kind_display()} · {row.issued_on:%d.%m.%Y}"
        yield Found(kind=Kind.DOCUMENT, name=row.number, detail=detail, url=reverse("office:document", args=[row.pk]))


_ORDER_FIELDS = ("number", "first_name", "last_name", "company", "phone")


def _every(words: list[str], fields: tuple[str, ...]) -> Q:
    """Each word occurs in one of the fields."""
    found = Q()
    for word in words:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        found &= one
    return found


def _producer_of(digits: str) -> int:
    """The producer with that creditor's number in the books; 0 is nobody."""
    number = int(digits[:9])
    return number - chart.FIRST_CREDITOR if chart.FIRST_CREDITOR < number <= chart.LAST_CREDITOR else 0
