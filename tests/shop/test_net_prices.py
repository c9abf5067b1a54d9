"""What a business sees of prices: without VAT, with the tax and the gross total beside it; consumers see them with VAT."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.core import money
from marketplace.regions.models import Municipality
from tests.factories.market import AccountFactory, UserFactory
from tests.shop.conftest import article


@pytest.fixture
def kitchen(client: Client, village: Municipality) -> Client:
    """Somebody who orders for a business."""
    user = UserFactory.create()
    AccountFactory.create(region=village.region).users.add(user)
    client.force_login(user)
    return client


def test_cards_and_article_stand_without_vat(kitchen: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village, offer__price=Decimal("4.90"), net_content=500, net_unit="g", deposit=Decimal("0.15"))
    (card,) = kitchen.get("/markt/").context["cards"]
    assert (card.price, card.deposit, card.base_price) == (Decimal("4.58"), Decimal("0.14"), "9,16\N{NO-BREAK SPACE}€/kg")
    text = kitchen.get(product.get_absolute_url()).content.decode()
    assert "netto; mit 7 % MwSt. 4,90 €" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "zzgl. MwSt." in text
    assert '"price": "4.90"' in text  # what machines read stays with VAT


def test_weighed_goods_say_the_most_without_vat(kitchen: Client, village: Municipality, saturday: DeliveryRound) -> None:
    article(
        village, catch_weight=True, expected_weight_g=1000, offer__price=Decimal("10.70"), offer__price_per_kg=Decimal("10.70")
    )
    (card,) = kitchen.get("/markt/").context["cards"]
    assert card.catch_weight_text.replace("\N{NO-BREAK SPACE}", " ") == "ca. 1 kg, höchstens 11,00 €, 10,00 €/kg"


def test_everybody_else_sees_prices_with_vat(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    article(village, offer__price=Decimal("4.90"))
    client.force_login(UserFactory.create())
    (card,) = client.get("/markt/").context["cards"]
    assert (card.price, card.with_vat) == (Decimal("4.90"), "")


def test_basket_adds_up_to_the_gross_total(kitchen: Client, village: Municipality, saturday: DeliveryRound) -> None:
    for price, category in (("4.90", "reduced"), ("3.33", "standard"), ("0.99", "reduced")):
        product = article(village, offer__price=Decimal(price), vat_category=category, deposit=Decimal("0.15"))
        kitchen.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": "3"})
    page = kitchen.get("/korb/").context["page"]
    assert page.net
    assert sum((row["amount"] for row in page.rows if "amount" in row), money.ZERO) == page.total
    assert page.total == Decimal("29.01")
    lines = [line["sum"] for group in page.groups for line in group["lines"]]
    assert page.rows[0]["amount"] == sum(lines)


def test_baskets_of_others_stay_as_they_were(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village, offer__price=Decimal("4.90"))
    client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": "1"})
    page: Any = client.get("/korb/").context["page"]
    assert (page.net, page.rows[0]["amount"]) == (False, Decimal("4.90"))
