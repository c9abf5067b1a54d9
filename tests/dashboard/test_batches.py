"""A batch is called back: the office finds who got something of it, and nobody else."""

from typing import Any

import pytest
from django.test import Client

from logistics import packing
from logistics.models import PackedLine
from marketplace.dashboard import batches
from tests.logistics.market import PACKING, Market

pytestmark = pytest.mark.django_db


def packed(market: Market, batches: list[str]) -> None:
    """An order of quark for each batch, packed with it."""
    quark = market.product(title="Quark")
    for _batch in batches:
        market.order((quark, 2))
    market.close()
    for line, batch in zip(PackedLine.objects.order_by("pk"), batches, strict=True):
        packing.record(packed_line=line, quantity=2, weight_g=None, at=PACKING, by=None, batch=batch)


def test_lines_finds_who_got_something_of_a_batch_in_this_region_only(client: Client) -> None:
    market = Market()
    packed(market, ["L-47", "L-48", "L-47"])
    found = batches.lines(region=market.region, batch=" l-47 ")
    assert [line.batch for line in found] == ["L-47", "L-47"]
    assert list(batches.lines(region=Market().region, batch="L-47")) == []


def test_recent_sums_up_by_batch() -> None:
    market = Market()
    packed(market, ["L-47", "L-48", "L-47", ""])
    assert [(row["batch"], row["pieces"]) for row in batches.recent(region=market.region)] == [("L-47", 4), ("L-48", 2)]


@pytest.mark.parametrize("number", [1, 5])
def test_lines_cost_one_query(number: int, django_assert_max_num_queries: Any) -> None:
    market = Market()
    packed(market, ["L-47"] * number)
    with django_assert_max_num_queries(1):
        assert len({line.delivery.order.email for line in batches.lines(region=market.region, batch="L-47")}) == 1
