"""A town in which large packs are for restaurants only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from marketplace.assortments import groups, rules
from marketplace.assortments.groups import Kind
from marketplace.assortments.models import Assortment, CustomerGroup
from marketplace.catalogue import search
from marketplace.catalogue.models import Category, Product
from marketplace.users.models import User
from tests.factories import town as towns
from tests.factories.market import ProductFactory
from tests.factories.town import Town

TODAY = date(2026, 11, 3)
#: found by no other word, alone on its shelf, and in season
TITLE, SHELF = "Quittengelee im Eimer", "eimerware"


@dataclass(frozen=True)
class Trade:
    """`chef` orders for an account of the `group` that sees the `assortment`; `customer` is a household."""

    town: Town
    assortment: Assortment
    group: CustomerGroup
    bucket: Product

    @property
    def chef(self) -> User:
        """Of the restaurant."""
        return self.town.people["chef"]

    @property
    def customer(self) -> User:
        """Of a household."""
        return self.town.people["customer"]


@pytest.fixture
def trade(db: None) -> Iterator[Trade]:
    """A bucket of jelly for restaurants, hidden from everybody else, at noon of the told day."""
    town = towns.build(today=TODAY)
    with time_machine.travel(town.noon, tick=False):
        by: dict[str, Any] = {"at": town.noon, "by": town.people["office"]}
        assortment = groups.found_assortment(region=town.region, name="Großgebinde", **by)
        group = groups.found_group(region=town.region, name="Gastronomie", **by)
        rules.lay_down(region=town.region, assortment=assortment, group=group, shows=True, **by)
        groups.join(group=group, kind=Kind.ACCOUNTS, member=town.account, **by)
        town.region.refresh_from_db()
        shelf = Category.add_root(name="Eimerware", slug=SHELF, is_public=True)
        bucket = ProductFactory.create(
            partner=town.partners["orchard"],
            title=TITLE,
            slug="quittengelee",
            season_months=[10, 11],
            assortments=[assortment.pk],
            category=shelf,
            offer__price=Decimal("40.00"),
        )
        search.refresh(product=bucket)
        yield Trade(town, assortment, group, bucket)


def of(user: User | None) -> Client:
    """The browser of somebody; None is a visitor."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
