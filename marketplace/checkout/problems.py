"""Decides what stands between a customer and an order. Problems are values: the page shows them, and placing refuses on them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from logistics import cooling
from logistics.models import DeliveryRound
from marketplace.basket.baskets import MOST, ContentLine
from marketplace.basket.models import Basket
from marketplace.checkout.contact import Contact
from marketplace.checkout.proposal import Proposal
from marketplace.core import wording
from marketplace.partner import stock
from marketplace.partner.models import Partner


@dataclass(frozen=True)
class Problem:
    """One sentence for the customer, a code for the machine, and the product it is about, if it is about one."""

    code: str
    text: str
    product_id: int | None = None


class Refused(Exception):
    """The order was not placed; nothing was changed."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.text for problem in problems))


def of_proposal(*, basket: Basket, proposal: Proposal, at: datetime) -> list[Problem]:
    """What is wrong with the goods and the window, before anybody is asked for an address."""
    if basket.status != Basket.OPEN or not proposal.contents.lines:
        return [Problem("empty", _("Your basket is empty."))]
    found = [*_of_window(proposal=proposal, at=at)]
    for line in proposal.contents.lines:
        found += _of_line(line=line, proposal=proposal, region_id=basket.region_id)
    return [*found, *_of_minimum(proposal=proposal)]


def of_order(
    *,
    basket: Basket,
    proposal: Proposal,
    contact: Contact,
    fingerprint: str,
    age_confirmed: bool,
    terms_accepted: Mapping[str, Any],
    at: datetime,
) -> list[Problem]:
    """Everything that keeps this order from being placed; empty when nothing does."""
    found = of_proposal(basket=basket, proposal=proposal, at=at)
    if found and found[0].code == "empty":
        return found
    if fingerprint != proposal.contents.fingerprint:
        found.append(_changed(proposal=proposal))
    found += _of_contact(contact=contact, proposal=proposal, region_id=basket.region_id)
    if proposal.age_limit and not age_confirmed:
        text = _("Please confirm that whoever takes the goods is at least %(age)s years old.") % {"age": proposal.age_limit}
        found.append(Problem("age", text))
    if not terms_accepted:
        found.append(Problem("terms", _("The terms of sale are missing. Please open the last page of the order again.")))
    return found


def _of_window(*, proposal: Proposal, at: datetime) -> Iterator[Problem]:
    window = proposal.window
    if window is None:
        yield Problem("no_window", _("Please choose when and where you want to receive your goods."))
    elif not window.round.opens_at <= at < window.round.cutoff_at or window.round.status != DeliveryRound.Status.OPEN:
        day = {"day": wording.weekday_date(window.round.delivery_day)}
        yield Problem("closed", _("Orders for %(day)s are closed. Please choose another delivery day.") % day)
    elif window.free <= 0:
        yield Problem("full", _("This time is fully booked. Please choose another one."))
    elif warm := cooling.hindrance(cold=proposal.cold, window=window):
        yield Problem("warm", warm)


def _of_line(*, line: ContentLine, proposal: Proposal, region_id: int) -> Iterator[Problem]:
    product, name = line.product, proposal.titles[line.product.pk]
    title = {"title": name}
    if _foreign(line=line, region_id=region_id):
        yield Problem("not_offered", _("%(title)s is not offered here. Please remove it from your basket.") % title, product.pk)
    elif product.partner.status != Partner.Status.APPROVED:
        text = _("%(title)s cannot be ordered: the producer does not sell at the moment. Please remove it from your basket.")
        yield Problem("suspended", text % title, product.pk)
    elif not product.is_public:
        yield Problem("hidden", _("%(title)s is no longer offered. Please remove it from your basket.") % title, product.pk)
    elif hindrance := proposal.hindrances.get(product.pk, ""):
        yield Problem("hindered", f"{name}: {hindrance}", product.pk)
    elif not product.minimum_quantity <= line.quantity <= MOST:
        numbers = {**title, "least": product.minimum_quantity, "most": MOST}
        text = _("%(title)s: please choose a quantity from %(least)s to %(most)s.") % numbers
        yield Problem("quantity", text, product.pk)
    else:
        left = proposal.available.get(line.stockrecord.pk)
        if left is not None and left < line.quantity:
            yield Problem("sold_out", stock.sentence(title=name, left=left), product.pk)


def _foreign(*, line: ContentLine, region_id: int) -> bool:
    """Whether article, offer and market do not belong together, which only a forged request can bring about."""
    product, offer = line.product, line.stockrecord
    belongs = offer.product_id == product.pk and offer.partner_id == product.partner_id and product.partner.region_id == region_id
    return not belongs


def _of_minimum(*, proposal: Proposal) -> Iterator[Problem]:
    if proposal.window is None:
        return
    minimum = proposal.window.round.rule.minimum_order
    missing = minimum - proposal.sums.goods
    if missing > 0:
        amounts = {"minimum": wording.euro(minimum), "missing": wording.euro(missing)}
        text = _("The minimum order for this delivery is %(minimum)s; %(missing)s are still missing.") % amounts
        yield Problem("minimum", text)


def _changed(*, proposal: Proposal) -> Problem:
    """The basket is not what the customer agreed to; prices that changed are named."""
    prices = [
        _("%(title)s now costs %(price)s instead of %(seen)s.")
        % {
            "title": proposal.titles[line.product.pk],
            "price": wording.euro(line.unit_price),
            "seen": wording.euro(line.seen_price),
        }
        for line in proposal.contents.lines
        if line.price_changed
    ]
    return Problem("changed", " ".join([_("Your basket has changed. Please check it once more."), *prices]))


def _of_contact(*, contact: Contact, proposal: Proposal, region_id: int) -> Iterator[Problem]:
    if not (contact.first_name and contact.last_name and contact.email):
        yield Problem("contact", _("Please tell us your name and your e-mail address."))
    if proposal.window is None or proposal.window.pickup_point_id is not None:
        return
    village = contact.municipality
    if village is None or village.region_id != region_id:
        yield Problem("not_served", _("We do not deliver to this address. Please choose a pickup point."))
    elif contact.postal_code not in village.postal_codes:
        names = {"code": contact.postal_code, "village": village.name}
        text = _("The postal code %(code)s does not belong to %(village)s. Please check your address.") % names
        yield Problem("not_served", text)
    elif not contact.street:
        yield Problem("contact", _("Please tell us your street and house number."))
