"""Decides whether a code that a customer types goes into the basket, and takes one out again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.vouchers import counting, selection, standing
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.standing import Person

#: of one basket; more is somebody who tries
MOST = 5


class NotTaken(Exception):
    """The code does not go into the basket; the message is for the customer."""

    def __init__(self, text: str, *, is_unknown: bool = False) -> None:
        self.is_unknown = is_unknown
        super().__init__(text)


def normal(*, typed: str) -> str:
    """A code as it is stored: capitals, without spaces."""
    return "".join(typed.split()).upper()[:30]


@transaction.atomic
def enter(*, basket: Basket, typed: str, person: Person, at: datetime) -> VoucherTerms:
    """Put a voucher into a basket. One that only waits for more goods, or for a delivery, is taken and says so there.

    Raises `NotTaken`; of a code that does not exist, not yet, or in another region it says the same.
    """
    code = normal(typed=typed)
    if not code:
        raise NotTaken(_("Please enter the code of your voucher."))
    found = selection.load(terms=VoucherTerms.objects.filter(region=basket.region_id, code=code))
    if not found:
        raise NotTaken(standing.unknown(), is_unknown=True)
    (one,) = found
    reason = standing.refusals(chosen=found, person=person, at=at).get(one.terms.pk)
    if reason:
        raise NotTaken(reason, is_unknown=reason == standing.unknown())
    kept = baskets.keep(basket=basket)
    others = [other for other in selection.of_basket(basket_id=kept.pk) if other.terms.pk != one.terms.pk]
    if others and (one.is_exclusive or any(other.is_exclusive for other in others)):
        raise NotTaken(counting.not_combinable(code=code))
    if len(others) >= MOST:
        raise NotTaken(_("More vouchers do not go into one basket."))
    kept.vouchers.add(one.terms.voucher)
    return one.terms


@transaction.atomic
def take_out(*, basket: Basket, typed: str) -> None:
    """Take a voucher out of a basket; one that is not in it is no matter."""
    if basket.pk:
        for terms in VoucherTerms.objects.filter(voucher__basket=basket, code=normal(typed=typed)):
            basket.vouchers.remove(terms.voucher_id)
