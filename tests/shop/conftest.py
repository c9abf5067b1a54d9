"""A market that is open: the told clock of the suite, a region with a round and windows."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from logistics.models import DeliveryRound
from marketplace.regions.models import Municipality, Region
from tests.factories.market import (
    NOW,
    MunicipalityFactory,
    PartnerFactory,
    PickupPointFactory,
    ProductFactory,
    RegionFactory,
    RoundFactory,
    RoundRuleFactory,
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
    """An open round with a window at home (3,90 €) and a pickup point (free of charge)."""
    made: DeliveryRound = RoundFactory.create(rule=RoundRuleFactory.create(region=region, minimum_order=Decimal("15")))
    WindowFactory.create(round=made)
    point = PickupPointFactory.create(municipality=MunicipalityFactory.create(region=region), name="Dorfladen Ascheffel")
    WindowFactory.create(round=made, pickup_point=point, fee=Decimal("0"), capacity=2)
    return made


@pytest.fixture
def next_saturday(saturday: DeliveryRound) -> DeliveryRound:
    """The round a week later, open too."""
    made: DeliveryRound = RoundFactory.create(rule=saturday.rule, delivery_day=date(2026, 12, 5), opens_at=saturday.opens_at)
    WindowFactory.create(round=made)
    return made


def article(village: Municipality, **given: Any) -> Any:
    """An article of a producer of its own, or of `partner=`."""
    partner = given.pop("partner", None) or PartnerFactory.create(municipality=village, collect_from=time(7))
    return ProductFactory.create(partner=partner, **given)
