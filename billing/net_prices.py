"""Decides who is shown prices without VAT: people who order for a business, as long as they want it.

Consumers are always shown what they pay in all (section 3 (1) PAngV), so only an approved account of a business opens this. What
is shown is reckoned as on the invoice: the tax is taken out of the price and rounded (`core.vat`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction

from billing import terms
from billing.models import Account
from marketplace.catalogue.models import SOLD_AT
from marketplace.core import audit, forgetting, rates

#: an account that was approved or withdrawn shows within this time
SECONDS: Final = 60
KEY, RATES = "billing:net:{}:{}", "billing:rates:{}"
Rates = Mapping[str, Decimal]


def shown_to(*, user: Any, region: Any, day: date) -> Rates | None:
    """The VAT rates in percent by category for somebody who is shown prices without VAT, None for everybody else.

    No query for visitors, and two for others, none within a minute after them.
    """
    if user is None or not user.is_authenticated or region is None:
        return None
    key = KEY.format(region.pk, user.pk)
    wanted: bool | None = cache.get(key)
    if wanted is None:
        account = account_of(user=user, region=region)
        wanted = account is not None and account.shows_net
        cache.set(key, wanted, SECONDS)
    return _rates(day) if wanted else None


def account_of(*, user: Any, region: Any) -> Account | None:
    """The approved account of a business for which the person orders."""
    account = terms.account_of(user=user, region=region)
    return account if account is not None and account.is_business else None


@transaction.atomic
def choose(*, account: Account, shows_net: bool, at: datetime, by: Any) -> None:
    """Show the people of an account prices without VAT from now on, or no longer."""
    if Account.objects.filter(pk=account.pk, shows_net=not shows_net).update(shows_net=shows_net):
        audit.record(
            action="account.net_prices", target=account, at=at, by=by, old={"net": not shows_net}, new={"net": shows_net}
        )
    account.shows_net = shows_net
    forgetting.forget(*(KEY.format(account.region_id, pk) for pk in account.users.values_list("pk", flat=True)))


def _rates(day: date) -> Rates:
    known: Rates | None = cache.get(RATES.format(day))
    if known is None:
        known = rates.rates_on(day=day, categories=SOLD_AT)
        cache.set(RATES.format(day), known, SECONDS)
    return known
