"""Decides what stands between a customer and an order. Problems are values: the page shows them, and placing refuses on them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from billing.terms import TermsRefused
from logistics import goods as suitable
from logistics import spaces, tariffs, windows
from logistics.deliveries import BookingRefused
from logistics.models import Delivery, DeliveryRound, DeliveryWindow
from logistics.rounds import RoundClosed
from logistics.spaces import NoSpace, Taken
from logistics.tariffs import NOWHERE
from logistics.windows import WindowFull
from marketplace.basket.baskets import MOST, ContentLine
from marketplace.checkout.contact import Contact
from marketplace.checkout.proposal import Proposal
from marketplace.core import wording
from marketplace.partner import stock
from marketplace.partner.models import Partner
from marketplace.partner.stock import SoldOut
from marketplace.vouchers.usage import VoucherRefused

#: what only a race can bring about: the refusal of the part that knows, and the code of the problem that it becomes
REFUSALS: dict[type[Exception], str] = {
    RoundClosed: "closed",
    SoldOut: "sold_out",
    WindowFull: "full",
    NoSpace: "full",
    BookingRefused: "no_window",
    TermsRefused: "payment",
    VoucherRefused: "voucher",
}


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


def of_refusal(*, refusal: Exception, titles: Mapping[int, str]) -> Problem:
    """What only a race can bring about, as a problem; an article goes by the name that it may have today."""
    code = REFUSALS[type(refusal)]
    if isinstance(refusal, SoldOut) and refusal.product_id is not None and refusal.product_id in titles:
        return Problem(code, stock.sentence(title=titles[refusal.product_id], left=refusal.left), refusal.product_id)
    return Problem(code, str(refusal))


def of_proposal(*, proposal: Proposal) -> list[Problem]:
    """What is wrong with the goods and the window, before anybody is asked for an address."""
    if not proposal.contents.lines:
        return [Problem("empty", _("Your basket is empty."))]
    found = [*_of_window(proposal=proposal)]
    quantities = _quantities(proposal)
    for line in {line.product.pk: line for line in proposal.contents.lines}.values():
        found += _of_article(line=line, quantity=quantities[line.product.pk], proposal=proposal)
    return [*found, *_of_minimum(proposal=proposal)]


def of_order(
    *,
    proposal: Proposal,
    contact: Contact,
    fingerprint: str,
    age_confirmed: bool,
    terms_accepted: Mapping[str, Any],
) -> list[Problem]:
    """Everything that keeps this order from being placed; empty when nothing does."""
    found = of_proposal(proposal=proposal)
    if found and found[0].code == "empty":
        return found
    if fingerprint not in (proposal.fingerprint, proposal.fingerprint_of_goods):
        found.append(_changed(proposal=proposal, only_fee=fingerprint.startswith(f"{proposal.fingerprint_of_goods}|fee")))
    found += _of_contact(contact=contact, proposal=proposal)
    if proposal.asks_for_age and not age_confirmed:
        text = _("Please confirm that whoever takes the goods is at least %(age)s years old.") % {"age": proposal.age_limit}
        found.append(Problem("age", text))
    if not terms_accepted:
        found.append(Problem("terms", _("The terms of sale are missing. Please open the last page of the order again.")))
    return found


def _of_window(*, proposal: Proposal) -> Iterator[Problem]:
    window = proposal.window
    if window is None:
        yield Problem("no_window", _("Please choose when and where you want to receive your goods."))
    elif not window.round.opens_at <= proposal.at < window.round.cutoff_at or window.round.status != DeliveryRound.Status.OPEN:
        day = {"day": wording.weekday_date(window.round.delivery_day)}
        yield Problem("closed", _("Orders for %(day)s are closed. Please choose another delivery day.") % day)
    elif proposal.held.free(window=window) <= 0:
        yield Problem("full", _("This time is fully booked. Please choose another one."))
    elif too_big := _too_big(proposal, window):
        yield Problem("full", too_big)
    elif _is_out_of_reach(proposal, window):
        yield Problem("not_served", _("This delivery round does not come to your address. Please choose a pickup point."))
    elif unsuitable := suitable.hindrance(goods=proposal.goods, window=window):
        yield Problem("unsuitable", unsuitable)


def _too_big(proposal: Proposal, window: DeliveryWindow) -> str:
    """What of the goods does not fit into the round any more; no query while the very same is kept already."""
    wanted = Taken(window_id=window.pk, load=proposal.load)
    if proposal.held.offered == window.pk:
        wanted = spaces.beside_offer(window_id=window.pk, load=proposal.load)
    return "" if proposal.held.room == wanted else spaces.fits(before=proposal.held.room, after=wanted)


def _is_out_of_reach(proposal: Proposal, window: DeliveryWindow) -> bool:
    """Whether nobody drives there in that round, as far as it is known where."""
    known = proposal.door != NOWHERE and windows.kind_of(window=window) == Delivery.Kind.HOME
    return known and not tariffs.serves(delivery_round=window.round, door=proposal.door)


def _quantities(proposal: Proposal) -> Counter[int]:
    """How many are wanted, by product: in an order that changes, one article may stand at two prices."""
    found: Counter[int] = Counter()
    for line in proposal.contents.lines:
        found[line.product.pk] += line.quantity
    return found


def _of_article(*, line: ContentLine, quantity: int, proposal: Proposal) -> Iterator[Problem]:
    product, name = line.product, proposal.titles[line.product.pk]
    title = {"title": name}
    window = proposal.window
    if window and proposal.held.has_agreed(product_id=product.pk, quantity=quantity, delivery_round=window.round):
        yield from _of_quantity(line=line, quantity=quantity, proposal=proposal)
    elif _foreign(line=line, region_id=proposal.region_id):
        yield Problem("not_offered", _("%(title)s is not offered here. Please take it out.") % title, product.pk)
    elif product.partner.status != Partner.Status.APPROVED:
        text = _("%(title)s cannot be ordered: the producer does not sell at the moment. Please take it out.")
        yield Problem("suspended", text % title, product.pk)
    elif not product.is_public:
        yield Problem("hidden", _("%(title)s is no longer offered. Please take it out.") % title, product.pk)
    elif product.pk in proposal.unseen:
        text = _("An article is only for certain customers. Please take it out, or log in as the customer it is for.")
        yield Problem("hidden", text, product.pk)
    elif hindrance := proposal.hindrances.get(product.pk, ""):
        yield Problem("hindered", f"{name}: {hindrance}", product.pk)
    else:
        yield from _of_quantity(line=line, quantity=quantity, proposal=proposal)


def _of_quantity(*, line: ContentLine, quantity: int, proposal: Proposal) -> Iterator[Problem]:
    product, name = line.product, proposal.titles[line.product.pk]
    as_agreed = quantity == proposal.held.agreed.get(product.pk)
    least = quantity if as_agreed else product.minimum_quantity
    left = proposal.available.get(line.stockrecord.pk)
    if not least <= quantity <= MOST:
        text = _("%(title)s: please choose a quantity from %(least)s to %(most)s.")
        yield Problem("quantity", text % {"title": name, "least": least, "most": MOST}, product.pk)
    elif left is not None and left < quantity:
        yield Problem("sold_out", stock.sentence(title=name, left=left), product.pk)


def _foreign(*, line: ContentLine, region_id: int) -> bool:
    """Whether article, offer and market do not belong together, which only a forged request can bring about."""
    product, offer = line.product, line.stockrecord
    belongs = offer.product_id == product.pk and offer.partner_id == product.partner_id and product.partner.region_id == region_id
    return not belongs


def _of_minimum(*, proposal: Proposal) -> Iterator[Problem]:
    for group in proposal.contents.groups:
        if group.missing:
            yield Problem("minimum", group.minimum_text, group.lines[0].product.pk)
    window = proposal.window
    if window is None or proposal.held.has_met_the_minimum(goods=proposal.sums.goods, delivery_round=window.round):
        return
    minimum = tariffs.minimum_of(window=window, door=proposal.door)
    missing = minimum - proposal.sums.goods
    if missing > 0:
        amounts = {"minimum": wording.euro(minimum), "missing": wording.euro(missing)}
        text = _("The minimum order for this delivery is %(minimum)s; %(missing)s are still missing.") % amounts
        yield Problem("minimum", text)


def _changed(*, proposal: Proposal, only_fee: bool) -> Problem:
    """The basket, or the fee, is not what the customer agreed to; prices that changed are named."""
    if only_fee:
        fee = {"fee": wording.euro(proposal.fee)}
        return Problem("changed", _("Delivery to your address costs %(fee)s now. Please check your order once more.") % fee)
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


def _of_contact(*, contact: Contact, proposal: Proposal) -> Iterator[Problem]:
    if not (contact.first_name and contact.last_name and contact.is_reachable):
        yield Problem("contact", _("Please tell us your name and your e-mail address."))
    if proposal.window is None or windows.kind_of(window=proposal.window) != Delivery.Kind.HOME:
        return
    village = contact.municipality
    if village is None or village.region_id != proposal.region_id:
        yield Problem("not_served", _("We do not deliver to this address. Please choose a pickup point."))
    elif contact.postal_code not in village.postal_codes:
        names = {"code": contact.postal_code, "village": village.name}
        text = _("The postal code %(code)s does not belong to %(village)s. Please check your address.") % names
        yield Problem("not_served", text)
    elif not contact.street:
        yield Problem("contact", _("Please tell us your street and house number."))
