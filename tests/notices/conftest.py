"""A market on the told Tuesday, with an article, and people who are logged in."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User
from tests.factories.market import (
    NOW,
    MunicipalityFactory,
    PartnerFactory,
    ProductFactory,
    RegionFactory,
    RoundFactory,
    RoundRuleFactory,
    UserFactory,
    WindowFactory,
)


@pytest.fixture(autouse=True)
def _told_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def region(db: None) -> Region:
    """The region that answers to every host."""
    made: Region = RegionFactory.create(name="Hüttener Berge")
    return made


@pytest.fixture
def village(region: Region) -> Municipality:
    """Its village."""
    made: Municipality = MunicipalityFactory.create(region=region, name="Haby", slug="haby")
    return made


@pytest.fixture
def saturday(region: Region) -> DeliveryRound:
    """The open round."""
    made: DeliveryRound = RoundFactory.create(rule=RoundRuleFactory.create(region=region))
    WindowFactory.create(round=made)
    return made


@pytest.fixture
def sold_out(village: Municipality) -> Product:
    """An article of which nothing is left."""
    return article(village, title="Rapshonig", offer__stock_kind="limited", offer__num_in_stock=0)


@pytest.fixture
def ada(region: Region) -> User:
    """Somebody with an account."""
    made: User = UserFactory.create(email="ada@post.example")
    return made


def article(village: Municipality, **given: Any) -> Product:
    """An article of a producer of the village."""
    given.setdefault("partner", PartnerFactory.create(municipality=village) if "partner" not in given else None)
    made: Product = ProductFactory.create(**given)
    return made


def logged_in(user: User) -> Client:
    """A client of that person."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
