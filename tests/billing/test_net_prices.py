"""Who is shown prices without VAT, and that it adds up."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from billing import net_prices
from billing.models import Account
from marketplace.core.models import AuditEntry
from tests.factories.market import NOW, AccountFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cook() -> Any:
    """Orders for an approved business of a region."""
    user = UserFactory.create()
    AccountFactory.create(region=RegionFactory.create()).users.add(user)
    return user


def rates(user: Any) -> net_prices.Rates | None:
    return net_prices.shown_to(user=user, region=Account.objects.get().region, day=TODAY)


def test_people_of_a_business_are_shown_net_prices(cook: Any) -> None:
    assert rates(cook) == {"reduced": Decimal("7.00"), "standard": Decimal("19.00")}


@pytest.mark.parametrize("changed", [{"is_business": False}, {"approved_at": None}, {"shows_net": False}])
def test_consumers_and_whoever_does_not_want_it_are_not(changed: dict[str, Any], cook: Any) -> None:
    Account.objects.update(**changed)
    assert rates(cook) is None


def test_strangers_and_other_regions_are_not(cook: Any) -> None:
    assert rates(AnonymousUser()) is None
    assert rates(UserFactory.create()) is None
    assert net_prices.shown_to(user=cook, region=RegionFactory.create(), day=TODAY) is None


def test_no_query_for_a_minute(cook: Any, django_assert_num_queries: Any) -> None:
    region = Account.objects.get().region
    net_prices.shown_to(user=cook, region=region, day=TODAY)
    with django_assert_num_queries(0):
        assert net_prices.shown_to(user=cook, region=region, day=TODAY)


def test_choice_holds_at_once_and_is_written_down(cook: Any) -> None:
    assert rates(cook)
    net_prices.choose(account=Account.objects.get(), shows_net=False, at=NOW, by=cook)
    assert rates(cook) is None
    entry = AuditEntry.objects.get(action="account.net_prices")
    assert (entry.old, entry.new, entry.by) == ({"net": True}, {"net": False}, cook)


def test_page_switches_for_the_own_business_only(cook: Any, client: Client) -> None:
    client.force_login(cook)
    assert "Preise mit MwSt. zeigen" in client.get("/konto/rechnungen/").content.decode()
    assert client.post("/konto/rechnungen/preise/", {"net": "0"}).status_code == 302
    cache.clear()
    assert "Preise ohne MwSt. zeigen" in client.get("/konto/rechnungen/").content.decode()
    client.force_login(UserFactory.create())
    assert client.post("/konto/rechnungen/preise/", {"net": "1"}).status_code == 404
    assert not Account.objects.get().shows_net
