"""Whoever sells in its own name is named before the order: on the article, in the basket, on the last page and in the mail."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from billing.models import SupplyContract
from billing.templatetags.agency import own_sellers
from marketplace.catalogue.models import Product
from tests.billing.deliveries import deliver, item
from tests.factories.market import ProductFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["commission", "agency"])
def test_article_and_producer_pages_name_the_seller(client: Client, mode: str) -> None:
    product: Product = ProductFactory.create()
    SupplyContractFactory.create(partner=product.partner, mode=mode)
    for address in (product.get_absolute_url(), product.partner.get_absolute_url()):
        page = client.get(address, HTTP_HOST=product.partner.region.site.hostname).content.decode()
        assert ("vermittelt diesen Kauf nur" in page) is (mode == "agency")


def test_the_confirmation_names_the_sellers_of_an_order() -> None:
    contract = SupplyContractFactory.create(mode=SupplyContract.Mode.AGENCY)
    order = deliver(item(contract.partner), region=contract.partner.region).order
    assert own_sellers(order) == [contract.partner]
    told = render_to_string("components/sellers.txt", {"sellers": own_sellers(order), "operator": "Markt eG"})
    assert contract.partner.name in told
    assert contract.partner.street in told
