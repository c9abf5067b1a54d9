"""Decides what a confirmation on paper says: all that the e-mail would, in large type, with every legal text as it was accepted.

It gives the customer the contract on a durable medium (section 312f(2) BGB). The wording is German, as the letter's is.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.models import OrderTerms
from marketplace.core import money, typesetting, wording
from marketplace.order import revisions, statement, transfer
from marketplace.order.models import Letter, Order
from marketplace.order.revisions import Difference
from marketplace.order.statement import Statement, StatementLine
from marketplace.regions.models import Region

TEMPLATE = Path(__file__).parent / "typst" / "letters.typ"
Printed = dict[str, Any]
#: letters that are printed in one go
MOST = 100


def printable(*, orders: QuerySet[Order], most: int = MOST) -> list[Order]:
    """Orders with everything that their letters say, in a fixed number of queries; the oldest first, `most` of them."""
    related = (
        "region",
        "user",
        "delivery__round",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "terms",
    )
    rows = orders.select_related(*related).prefetch_related("payments", *statement.prefetches())
    return list(rows.order_by("pk")[:most])


def render(*, orders: Sequence[Order], told: Sequence[Letter] = (), folder: Path, made_at: datetime) -> bytes:
    """One PDF with a letter for each of the orders, loaded by `printable`, and the news; every letter begins on a new sheet."""
    with translation.override("de"):
        found = [printed(order=order, at=made_at) for order in orders] + [news(letter=letter, at=made_at) for letter in told]
        data = {"title": _("Letters"), "letters": found}
    return typesetting.render(TEMPLATE, data, folder=folder, made_at=made_at.astimezone(UTC))


def printed(*, order: Order, at: datetime) -> Printed:
    """What one letter says, as plain data in the active language."""
    shown = statement.read(order=order)
    cancelled = order.status == Order.Status.CANCELLED
    change = revisions.untold(order=order) if order.revision > 1 and not order.confirmation_sent_at else None
    return {
        **_frame(order.region),
        "title": _title(order, changed=change is not None),
        "on": wording.full_date(timezone.localdate(at)),
        "recipient": recipient(order=order),
        "opening": _opening(order, change),
        "lines": [],
        "changes": list(_changes(change)) if change and not cancelled else [],
        "facts": [] if cancelled else _facts(order),
        "groups": [] if cancelled else [_group(group.partner_name, group.lines) for group in shown.groups],
        "sums": [] if cancelled else list(_sums(order, shown)),
        "notes": [] if cancelled else list(_notes(order, shown)),
        "texts": [] if cancelled else _texts(order),
    }


def news(*, letter: Letter, at: datetime) -> Printed:
    """What a letter with news of an order says, as plain data in the active language."""
    order = letter.order
    return {
        **_frame(order.region),
        "title": letter.subject,
        "on": wording.full_date(timezone.localdate(at)),
        "recipient": recipient(order=order),
        "opening": "",
        "lines": [line for line in letter.text.splitlines() if line.strip()],
        **{part: [] for part in ("changes", "facts", "groups", "sums", "notes", "texts")},
    }


def recipient(*, order: Order) -> list[str]:
    """Where the letter goes, line by line: to the address that was told on the telephone, else where the goods are brought to."""
    names = [name for name in (order.company, order.contact_name) if name]
    if order.billing_street:
        return [*names, order.billing_street, f"{order.billing_postal_code} {order.billing_city}"]
    if order.delivery.window.place is not None:
        return names
    return [*names, order.delivery.street, f"{order.delivery.postal_code} {order.delivery.city}"]


def _frame(region: Region) -> Printed:
    """Who writes: the head, the line above the address, and the foot."""
    address = f"{region.street}, {region.postal_code} {region.city}"
    legal = [word for word in (region.register_entry, region.vat_id) if word]
    return {
        "market": region.name,
        "sender": f"{region.legal_name} · {address}",
        "call": _("Call us: %(phone)s") % {"phone": region.phone},
        "foot": [f"{region.legal_name} · {address}", " · ".join([region.phone, region.email, *legal])],
    }


def _title(order: Order, *, changed: bool) -> str:
    number = {"number": order.number}
    if order.status == Order.Status.CANCELLED:
        return _("Your order %(number)s is cancelled") % number
    return (_("Your changed order %(number)s") if changed else _("Your order %(number)s")) % number


def _opening(order: Order, change: Difference | None) -> str:
    name = {"name": order.contact_name}
    if order.status == Order.Status.CANCELLED:
        return _("Hello %(name)s, your order is cancelled. Nothing comes and you have nothing to pay.") % name
    if change is not None:
        return _("Hello %(name)s, this is how your order stands now. The earlier letter no longer applies.") % name
    return _("Hello %(name)s, thank you for your order on the telephone. With this letter we confirm it.") % name


def _changes(change: Difference) -> Iterator[str]:
    for article in change.articles:
        told = {"title": article.title, "before": article.before, "after": article.after}
        yield _("%(title)s: %(after)s instead of %(before)s") % told
    for before, after in change.facts:
        yield _("%(after)s instead of %(before)s") % {"before": before, "after": after}


def _facts(order: Order) -> list[tuple[str, str]]:
    delivery, window, place = order.delivery, order.delivery.window, order.delivery.window.place
    span = wording.clock_span(timezone.localtime(window.starts_at), timezone.localtime(window.ends_at))
    address = f"{delivery.street}, {delivery.postal_code} {delivery.city}"
    placed = timezone.localtime(order.date_placed)
    return [
        (_("Ordered"), f"{wording.full_date(placed.date())}, {wording.clock(placed)}"),
        (_("Delivery"), f"{wording.full_date(delivery.round.delivery_day)}, {span}"),
        (_("Where to"), f"{place.name}, {address}" if place else address),
        *([(_("Note"), delivery.note)] if delivery.note else []),
        (_("Code on your crate"), delivery.code),
        (_("Payment"), _payment(order)),
    ]


def _payment(order: Order) -> str:
    paid = sum((payment.amount for payment in order.payments.all()), money.ZERO)
    due = max(order.total_incl_tax - paid, money.ZERO)
    method = str(order.terms.get_method_display())
    if order.terms.method != OrderTerms.Method.TRANSFER or not due:
        return method
    region = order.region
    return _("%(method)s: %(amount)s to %(name)s, IBAN %(iban)s, reference %(number)s") % {
        "method": method,
        "amount": wording.euro(due),
        "name": region.legal_name,
        "iban": transfer.spaced(region.iban),
        "number": order.number,
    }


def _group(name: str, lines: Sequence[StatementLine]) -> Printed:
    return {"name": name, "lines": [_line(row) for row in lines]}


def _line(row: StatementLine) -> Printed:
    line = row.line
    told = [row.price]
    if line.catch_weight:
        weighed = {
            "weight": wording.weight(row.expected_weight_g or 0),
            "price": row.base_price,
            "highest": wording.euro(row.highest or money.ZERO),
        }
        told = [_("approx. %(weight)s at %(price)s, %(highest)s at most") % weighed]
    if row.deposit:
        told.append(_("plus %(amount)s deposit") % {"amount": wording.euro(row.deposit)})
    if line.organic_code:
        told.append(line.organic_code)
    return {
        "quantity": f"{line.quantity} ×",
        "title": line.title,
        "price": ", ".join(told),
        "withdrawal": row.withdrawal,
        "total": wording.euro(row.total),
    }


def _sums(order: Order, shown: Statement) -> Iterator[tuple[str, str, bool]]:
    """Name, amount, and whether it stands out."""
    yield _("Goods"), wording.euro(shown.ordered.goods), False
    if shown.ordered.deposit:
        yield _("Deposit"), wording.euro(shown.ordered.deposit), False
    for fee in shown.fees:
        yield str(fee.get_kind_display()), wording.euro(fee.gross), False
    if not shown.fees:
        yield _("Delivery"), _("free of charge"), False
    for one in shown.vouchers:
        yield _("Voucher %(code)s") % {"code": one.granted.code}, wording.euro(one.off), False
    yield _("Total, as estimated") if shown.has_weighed_goods else _("Total"), wording.euro(order.total_incl_tax), True
    for share in shown.ordered.vat:
        yield _included(share.rate), wording.euro(share.tax), False


def _included(rate: Decimal) -> str:
    return _("including %(rate)s VAT") % {"rate": wording.quantity(rate, unit="%")}


def _notes(order: Order, shown: Statement) -> Iterator[str]:
    if shown.has_weighed_goods:
        yield _("Weighed goods cost what they weigh when they are packed. The invoice follows after the delivery.")
    cutoff = timezone.localtime(order.delivery.round.cutoff_at)
    when = {"day": wording.weekday_date(cutoff.date()), "clock": wording.clock(cutoff), "phone": order.region.phone}
    yield _("You can change or cancel this order free of charge until %(day)s, %(clock)s: please call %(phone)s.") % when
    if shown.age_limit:
        yield _("Please have your identity card ready: goods from %(age)s years on.") % {"age": shown.age_limit}


def _texts(order: Order) -> list[Printed]:
    """The legal texts as they were accepted, a paragraph a line."""
    texts = (text for text in order.terms_accepted.values() if text.get("text"))
    return [{"title": text.get("title", ""), "lines": text["text"].splitlines()} for text in texts]
