"""A producer's round: running sums, packing line by line, and nothing of anybody else."""

import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from logistics.models import Collection, PackedLine
from marketplace.catalogue.models import Product
from tests.dashboard.people import Farm, producer_of
from tests.factories.market import PartnerFactory
from tests.logistics.market import CLOSING

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def farm() -> Farm:
    return Farm()


def chicken(farm: Farm) -> Product:
    """About 1,2 kg, 15,90 € a kilogram, 10 % tolerance."""
    return farm.market.product(
        partner=farm.partner,
        title="Suppenhuhn",
        catch_weight=True,
        expected_weight_g=1200,
        offer__price=Decimal("19.08"),
        offer__price_per_kg=Decimal("15.90"),
    )


def page_of(farm: Farm, query: str = "") -> str:
    return farm.client.get(reverse("dashboard:round", args=[farm.market.round.pk]) + query).content.decode()


def post(farm: Farm, line: PackedLine, told: dict[str, str]) -> Any:
    return farm.client.post(reverse("dashboard:record", args=[farm.market.round.pk, line.pk]), told)


def test_round_page_sums_up_while_it_is_open(farm: Farm) -> None:
    honey = farm.market.product(partner=farm.partner, title="Rapshonig")
    farm.market.order((honey, 2), first_name="Grete")
    farm.market.order((honey, 3))
    page = page_of(farm)
    assert "Rapshonig" in page
    assert re.search(r"<strong>5</strong>", page)
    assert "24,50" in page
    assert "Grete" not in page


def test_round_page_says_nothing_of_other_producers_and_no_addresses(farm: Farm) -> None:
    own, other = farm.market.product(partner=farm.partner, title="Rapshonig"), farm.market.product(title="Fremdkäse")
    delivery = farm.market.order((own, 1), (other, 7), first_name="Grete")
    open_page = page_of(farm)
    farm.market.close()
    packing_page = page_of(farm)
    assert delivery.code in packing_page
    assert "Grete" in packing_page
    for page in (open_page, packing_page):
        assert not re.search("Fremdkäse|Feldweg 1|Femke|000009", page)


def test_record_keeps_quantity_and_weight_and_returns_to_the_line(farm: Farm) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    line = PackedLine.objects.get()
    response = post(farm, line, {"quantity": "2", "weight": "2,45 kg"})
    assert (response.status_code, response.url.split("#")[1]) == (302, f"zeile-{line.pk}")
    line.refresh_from_db()
    assert (line.packed, line.packed_weight_g) == (2, 2450)


def test_record_keeps_the_batch(farm: Farm) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    line = PackedLine.objects.get()
    post(farm, line, {"quantity": "2", "weight": "2450", "batch": " L-47 "})
    line.refresh_from_db()
    assert line.batch == "L-47"


def reports(farm: Farm, *told: tuple[str, dict[str, str]]) -> list[dict[str, str]]:
    """What the phone hears of what it kept."""
    at = CLOSING.isoformat()
    events = [{"uuid": uuid, "at": at, "fields": urlencode(fields)} for uuid, fields in told]
    address = reverse("dashboard:pack_queue", args=[farm.market.round.pk])
    answer = farm.client.post(address, json.dumps({"events": events}), content_type="application/json")
    found: list[dict[str, str]] = answer.json()["answers"]
    return found


def test_what_a_phone_kept_is_followed_once_and_refused_with_a_sentence(farm: Farm) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    line = PackedLine.objects.get()
    first, second = str(uuid4()), str(uuid4())
    good = (first, {"line": str(line.pk), "quantity": "2", "weight": "2,45 kg", "batch": "L-47"})
    bad = (second, {"line": str(line.pk), "quantity": "2", "weight": "schwer"})
    heard = [[one["outcome"] for one in reports(farm, good, bad)] for _twice in range(2)]
    assert heard == [["taken", "refused"], ["known", "refused"]]
    line.refresh_from_db()
    assert (line.packed, line.packed_weight_g, line.batch) == (2, 2450, "L-47")
    end = (str(uuid4()), {"crates": "1", "cold_crates": ""})
    assert [one["outcome"] for one in reports(farm, end)] == ["taken"]
    assert Collection.objects.get().status == Collection.Status.PACKED


def test_record_of_missing_goods_needs_no_number(farm: Farm) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    line = PackedLine.objects.get()
    post(farm, line, {"quantity": "", "missing": "1"})
    line.refresh_from_db()
    assert (line.packed, line.problem) == (0, PackedLine.Problem.MISSING)


def test_record_over_the_tolerance_asks_for_consent_and_keeps_what_was_entered(farm: Farm) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    line = PackedLine.objects.get()
    response = post(farm, line, {"quantity": "2", "weight": "2900"})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'name="agreed"' in page
    assert 'value="2900"' in page
    assert PackedLine.objects.get().packed is None
    post(farm, line, {"quantity": "2", "weight": "2900", "agreed": "1"})
    line.refresh_from_db()
    assert (line.packed_weight_g, line.over_tolerance_agreed) == (2900, True)


@pytest.mark.parametrize(
    "told", [{"quantity": "9"}, {"quantity": "-1"}, {"quantity": "viele"}, {}, {"quantity": "2", "weight": "schwer"}]
)
def test_record_of_nonsense_is_refused_with_a_sentence(farm: Farm, told: dict[str, str]) -> None:
    farm.market.order((chicken(farm), 2))
    farm.market.close()
    response = post(farm, PackedLine.objects.get(), told)
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()
    assert PackedLine.objects.get().packed is None


def test_record_of_another_producers_line_is_not_found(farm: Farm) -> None:
    farm.market.order((farm.market.product(partner=farm.partner), 1), (farm.market.product(), 1))
    farm.market.close()
    foreign = PackedLine.objects.exclude(collection__partner=farm.partner).get()
    assert post(farm, foreign, {"quantity": "1"}).status_code == 404
    assert PackedLine.objects.filter(packed__isnull=False).count() == 0


def test_packing_from_bulk_to_finish_and_back(farm: Farm) -> None:
    honey = farm.market.product(partner=farm.partner)
    farm.market.order((honey, 2), (chicken(farm), 1))
    farm.market.order((honey, 2))
    farm.market.order((honey, 2))
    farm.market.close()
    pk = farm.market.round.pk
    farm.client.post(reverse("dashboard:pack_all", args=[pk]))
    assert set(PackedLine.objects.values_list("order_line__title", "packed")) == {(honey.title, 2), ("Suppenhuhn", None)}
    refused = farm.client.post(reverse("dashboard:finish", args=[pk]), {"crates": "2", "cold_crates": ""})
    assert refused.status_code == 409
    post(farm, PackedLine.objects.get(packed__isnull=True), {"quantity": "1", "weight": "1180"})
    farm.client.post(reverse("dashboard:finish", args=[pk]), {"crates": "2", "cold_crates": "1"})
    assert (farm.collection.status, farm.collection.crates, farm.collection.cold_crates) == (Collection.Status.PACKED, 2, 1)
    farm.client.post(reverse("dashboard:reopen", args=[pk]))
    assert farm.collection.status == Collection.Status.OPEN


@pytest.mark.parametrize("orders", [1, 3, 30])
def test_round_page_costs_the_same_for_any_number_of_lines(
    farm: Farm, orders: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    honey = farm.market.product(partner=farm.partner)
    for _ in range(orders):
        farm.market.order((honey, 1))
    with django_assert_max_num_queries(CEILING):
        page_of(farm)
    farm.market.close()
    for query in ("", "?nach=artikel"):
        with django_assert_max_num_queries(CEILING):
            page_of(farm, query)
    with django_assert_max_num_queries(CEILING):
        response = farm.client.get(reverse("dashboard:pick_list", args=[farm.market.round.pk]))
    assert response.content.startswith(b"%PDF")


def test_another_producer_finds_neither_collection_nor_pick_list(farm: Farm) -> None:
    farm.market.order((farm.market.product(partner=farm.partner, title="Rapshonig"), 1))
    farm.market.close()
    other = producer_of(PartnerFactory.create(municipality=farm.market.village))
    pk = farm.market.round.pk
    assert "Rapshonig" not in other.get(reverse("dashboard:round", args=[pk])).content.decode()
    for name in ("pick_list", "labels"):
        assert other.get(reverse(f"dashboard:{name}", args=[pk])).status_code == 404
    for name in ("pack_all", "finish", "reopen"):
        assert other.post(reverse(f"dashboard:{name}", args=[pk]), {"crates": 1}).status_code == 404


def test_a_producer_of_another_region_finds_no_round(farm: Farm) -> None:
    elsewhere = Farm()
    assert farm.client.get(reverse("dashboard:round", args=[elsewhere.market.round.pk])).status_code == 404
