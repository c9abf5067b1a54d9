"""Decides what the pages of a change say: each article with what was ordered so far, and what the change means in money."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import OrderTerms
from marketplace.basket.baskets import ContentLine
from marketplace.checkout import pages
from marketplace.checkout.changes import Change
from marketplace.checkout.problems import Problem
from marketplace.checkout.proposal import Proposal
from marketplace.core import money, wording
from marketplace.core.wishes import wish_fields
from marketplace.order.models import Line, Order
from marketplace.pictures import sizes


def groups(*, order: Order, change: Change, proposal: Proposal, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The articles by producer for `components/basket_group.html`; those that go are shown with none. One query for pictures."""
    lines = _by_product(proposal.contents.lines)
    agreed = {line.product_id: line for line in order.lines.all() if line.product_id is not None}
    so_far = {pk: proposal.held.agreed.get(pk, 0) for pk in change.wanted}
    wrong = {problem.product_id: problem.text for problem in problems if problem.product_id is not None}
    sizes.look_up(pictures=[mine[0].product.picture for mine in lines.values()], sizes=(sizes.TILE,))
    found: dict[str, dict[str, Any]] = {}
    for pk, was in so_far.items():
        mine = lines.get(pk, [])
        row = _row(mine, proposal) if mine else _gone(agreed[pk]) if pk in agreed else None
        if row is None:
            continue
        name, url = row.pop("producer")
        group = found.setdefault(name, {"url": url, "producer_name": name, "sum": money.ZERO, "lines": []})
        group["sum"] += row["sum"]
        address = reverse("change:article", args=[order.number, pk])
        if mine:
            row["wish_url"] = reverse("change:wish", args=[order.number, pk])
        note = " · ".join(filter(None, [row["note"], _so_far(was, row["quantity"])]))
        told = {"note": note, "problem": wrong.get(pk, ""), "removable": row["quantity"] > 0, "id": pk}
        group["lines"].append({**row, **told, "change_url": f"{address}?was={was}&revision={order.revision}"})
    return list(found.values())


def settlement(*, total: Decimal, method: str, paid: Decimal) -> str:
    """What is still to be paid for an order of that total, and how, when so much (gross euro) has come in for it."""
    due, back = max(total - paid, money.ZERO), max(paid - total, money.ZERO)
    if back:
        amounts = {"paid": wording.euro(paid), "back": wording.euro(back)}
        return _("You have paid %(paid)s. You get %(back)s back after the delivery.") % amounts
    if method == OrderTerms.Method.ACCOUNT:
        return _("It comes on your next invoice.")
    if method == OrderTerms.Method.DEBIT:
        return _("We collect it by direct debit after the delivery. The invoice says when.") if due else _("It is paid.")
    if method == OrderTerms.Method.ONLINE:
        return _("After the delivery we take what was handed over from your online payment.") if due else _("It is paid.")
    if method == OrderTerms.Method.TRANSFER:
        text = (
            _("You have paid %(paid)s. Please transfer the other %(due)s.") if paid else _("Please transfer %(due)s in advance.")
        )
        return text % {"paid": wording.euro(paid), "due": wording.euro(due)} if due else _("It is paid.")
    return _("You pay when you receive the goods.")


def _by_product(lines: Iterable[ContentLine]) -> dict[int, list[ContentLine]]:
    found: dict[int, list[ContentLine]] = {}
    for line in lines:
        found.setdefault(line.product.pk, []).append(line)
    return found


def _row(lines: Sequence[ContentLine], proposal: Proposal) -> dict[str, Any]:
    product = lines[-1].product
    return {
        "producer": (product.partner.name, product.partner.get_absolute_url()),
        "url": product.get_absolute_url(),
        "title": proposal.titles[product.pk],
        "picture": sizes.shown(picture=product.picture, size=sizes.TILE),
        "age": product.age_limit,
        "tone": "linen",
        "icon": "sprout",
        "quantity": sum(line.quantity for line in lines),
        "price_text": _price_text(lines),
        "note": " · ".join(filter(None, (pages.note_text(line) for line in lines))),
        "sum": sum((line.line_total for line in lines), money.ZERO),
        **wish_fields(substitution=lines[-1].line.substitution, note=lines[-1].line.note),
    }


def _gone(line: Line) -> dict[str, Any]:
    """An article that is taken out."""
    partner = line.partner
    return {
        "producer": (line.partner_name, partner.get_absolute_url() if partner else ""),
        "url": line.product.get_absolute_url() if line.product else "",
        "title": line.title,
        "picture": None,
        "tone": "linen",
        "icon": "sprout",
        "quantity": 0,
        "price_text": f"{wording.euro(line.unit_price_incl_tax or money.ZERO)} / {line.unit_text}",
        "note": "",
        "sum": money.ZERO,
    }


def _price_text(lines: Sequence[ContentLine]) -> str:
    """The price, and where an article stands at two prices, how many at which."""
    if len(lines) == 1:
        return pages.price_text(lines[0])
    return ", ".join(f"{line.quantity} × {pages.price_text(line)}" for line in lines)


def _so_far(was: int, now: int) -> str:
    if was == now:
        return ""
    if not was:
        return _("new in this order")
    return _("so far %(number)s; is taken out") % {"number": was} if not now else _("so far %(number)s") % {"number": was}
