"""What has to be said beside a price."""

from decimal import Decimal

from marketplace.catalogue import prices


def test_highest_price_of_weighed_goods() -> None:
    highest = prices.highest(price_per_kg=Decimal("15.90"), expected_weight_g=1200, tolerance_percent=10, quantity=2)
    assert highest == Decimal("41.98")
