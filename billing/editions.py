"""Decides which documents are editions of one another: one that was cancelled, and the one that was drawn anew in its place.

What a document bills stays marked as billed when it is drawn anew; each line counts its editions, and every edition but the last
is on a cancelled document, so that nothing is ever billed by two documents that both stand.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from billing.models import Invoice, InvoiceLine

AMOUNT = DecimalField(max_digits=12, decimal_places=2)
NOTHING = Value(0, output_field=AMOUNT)

#: what a line is for; `NAMES` are the columns that name a row of its own
NAMES = ("order_line_id", "fee_id", "credit_id", "deposit_return_id", "discount_id")
CUSTOMERS = (Invoice.Kind.INVOICE, Invoice.Kind.CREDIT)
Key = tuple[Any, ...]


def origin_of(invoice: Invoice) -> int:
    """The first document of its chain."""
    return invoice.origin_id or invoice.pk


def of_lines(*, kind: str, lines: Sequence[Any]) -> list[int]:
    """The edition of each line (`finalising.Source`) of a new document: 1 more than cancelled documents it was on. One query."""
    family = CUSTOMERS if kind in CUSTOMERS else (kind,)
    named = {name: {value for line in lines if (value := getattr(line, name)) is not None} for name in NAMES}
    wanted = [Q(**{f"{name}__in": keys}) for name, keys in named.items() if keys]
    if kind == Invoice.Kind.CANCELLATION or not wanted:
        return [1] * len(lines)
    before: dict[Key, set[int]] = {}
    cancelled = InvoiceLine.objects.filter(reduce(or_, wanted), kind__in=family, invoice__replaced_by__isnull=False)
    for row in cancelled.only("invoice_id", "charge", *NAMES):
        before.setdefault(_key(row), set()).add(row.invoice_id)
    return [1 + len(before.get(_key(line), ())) for line in lines]


def latest(*, invoice: Invoice) -> Invoice:
    """The last document of its chain: the only one that may stand."""
    chain = Invoice.objects.filter(Q(pk=origin_of(invoice)) | Q(origin=origin_of(invoice)))
    return chain.order_by("-edition")[0]


def before(*, rows: QuerySet[Any], of: str, name: str) -> Case:
    """An annotation of documents: the sum of a column of rows that name (by a foreign key) an earlier edition of the document.

    The database looks only where there is one.
    """
    origin = OuterRef("origin")
    earlier = Q(**{name: origin}) | (Q(**{f"{name}__origin": origin}) & ~Q(**{name: OuterRef("pk")}))
    summed = rows.filter(earlier).order_by().annotate(of_all=Value(1)).values("of_all").annotate(sum=Sum(of)).values("sum")
    found = Coalesce(Subquery(summed, output_field=AMOUNT), NOTHING, output_field=AMOUNT)
    return Case(When(edition__gt=1, then=found), default=NOTHING, output_field=AMOUNT)


def of(*, invoice: Invoice, name: str) -> Q:
    """For rows with a foreign key `name` to a document: that of this one or of its earlier editions."""
    if invoice.origin_id is None:
        return Q(**{name: invoice.pk})
    return Q(**{name: invoice.pk}) | Q(**{name: invoice.origin_id}) | Q(**{f"{name}__origin": invoice.origin_id})


def of_outer(*, name: str) -> Q:
    """For rows with a foreign key `name` to a document: that of the outer query's document, or of any of its editions."""
    return Q(**{name: OuterRef("pk")}) | Q(**{name: OuterRef("origin")}) | Q(**{f"{name}__origin": OuterRef("origin")})


def _key(line: Any) -> Key:
    return (str(line.charge), *(getattr(line, name) for name in NAMES))
