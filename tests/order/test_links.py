"""The signed link to an order."""

from datetime import timedelta

import pytest

from marketplace.order import links
from marketplace.order.models import Order
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db
ORDER = Order(number="AC3K-7QXM", date_placed=NOW)


def test_link_leads_to_its_order() -> None:
    assert links.read(token=links.sign(order=ORDER), today=NOW.date()) == "AC3K-7QXM"


def test_link_works_on_its_last_day_and_no_longer() -> None:
    token, last = links.sign(order=ORDER), NOW.date() + timedelta(days=links.DAYS)
    assert links.read(token=token, today=last) == ORDER.number
    with pytest.raises(links.LinkExpired):
        links.read(token=token, today=last + timedelta(days=1))


@pytest.mark.parametrize("token", ["", "abc", "AC3K-7QXM", "a:b", "ä" * 5])
def test_forged_link(token: str) -> None:
    with pytest.raises(links.BadLink):
        links.read(token=token, today=NOW.date())


def test_changed_link() -> None:
    token = links.sign(order=ORDER)
    with pytest.raises(links.BadLink):
        links.read(token="X" + token[1:], today=NOW.date())
