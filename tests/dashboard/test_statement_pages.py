"""A producer reads its month line by line and its year, and takes both along as a table."""

from typing import Any

import pytest
from django.urls import reverse

from billing import agency, files, invoicing, settlements
from billing.models import SupplyContract
from tests.billing.deliveries import AT, NOVEMBER, deliver, item, juice
from tests.dashboard.people import Farm, producer_of
from tests.factories.market import PartnerFactory

pytestmark = pytest.mark.django_db


def test_statement_year_and_tables_say_the_same_sum(django_assert_max_num_queries: Any) -> None:
    farm = Farm()
    for _order in range(3):
        deliver(item(farm.partner, "10.70", 10), juice(farm.partner), region=farm.partner.region)
    (settled,) = settlements.settle_due(today=NOVEMBER, at=AT)
    assert settled.invoice is not None
    pk, told = settled.invoice.pk, f"{settled.invoice.gross}".replace(".", ",")
    with django_assert_max_num_queries(9):
        page = farm.client.get(reverse("dashboard:statement", args=[pk])).content.decode()
    assert told in page
    assert "Rapshonig" in page
    with django_assert_max_num_queries(10):
        assert told in farm.client.get(reverse("dashboard:settlement_year", args=[2026])).content.decode()
    for table in (reverse("dashboard:statement_table", args=[pk]), reverse("dashboard:settlement_year_table", args=[2026])):
        answer = farm.client.get(table)
        assert told in answer.content.decode("utf-8-sig").splitlines()[-1]
    stranger = producer_of(PartnerFactory.create(municipality=farm.partner.municipality))
    assert stranger.get(reverse("dashboard:statement", args=[pk])).status_code == 404


def test_who_sells_in_its_own_name_reads_its_invoices_and_keeps_them() -> None:
    farm = Farm()
    SupplyContract.objects.filter(partner=farm.partner).update(mode=SupplyContract.Mode.AGENCY)
    deliver(item(farm.partner, "10.70", 10), region=farm.partner.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    (statement,) = agency.settle_due(today=NOVEMBER, at=AT)
    files.make_due(at=AT)
    page = farm.client.get(reverse("dashboard:agency_statement", args=[statement.pk])).content.decode()
    assert invoice.number in page
    assert "85,58" in page
    assert "85,58" in farm.client.get(reverse("dashboard:settlements")).content.decode()
    assert farm.client.get(reverse("billing:document", args=[invoice.pk, "pdf"])).status_code == 200
    stranger = producer_of(PartnerFactory.create(municipality=farm.partner.municipality))
    assert stranger.get(reverse("dashboard:agency_statement", args=[statement.pk])).status_code == 404
    assert stranger.get(reverse("billing:document", args=[invoice.pk, "pdf"])).status_code == 404
