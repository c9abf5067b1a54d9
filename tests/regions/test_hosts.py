"""Which region a request is for, and which village a visitor chose."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from marketplace.regions import hosts
from tests.factories.market import MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db


def test_find_knows_each_region_by_its_host() -> None:
    first, second = RegionFactory.create(), RegionFactory.create()
    assert hosts.find(hostname="irgendwo.example", port=80)[1] == first
    assert hosts.find(hostname=second.site.hostname, port=8000)[1] == second


def test_find_needs_one_query_and_then_none(django_assert_num_queries: Any) -> None:
    RegionFactory.create()
    with django_assert_num_queries(1):
        hosts.find(hostname="localhost", port=80)
    with django_assert_num_queries(0):
        hosts.find(hostname="localhost", port=80)


def test_find_reads_villages_and_what_wagtail_asks_with_the_same_query(django_assert_num_queries: Any) -> None:
    here, there = RegionFactory.create(), RegionFactory.create()
    village = MunicipalityFactory.create(region=here, name="Haby", postal_codes=["24361"])
    with django_assert_num_queries(1):
        hosts.find(hostname="localhost", port=80)
        found = hosts.villages_of(region=here), hosts.villages_of(region=there)
        told = Site.get_site_root_paths()
    assert found == ((village,), ())
    assert [vars(known)["postal_codes"] for known in found[0]] == [["24361"]]
    Site.clear_site_root_paths_cache()
    assert told == Site.get_site_root_paths()


def test_villages_of_sees_a_change_at_once() -> None:
    region = RegionFactory.create()
    assert hosts.villages_of(region=region) == ()
    village = MunicipalityFactory.create(region=region)
    assert hosts.villages_of(region=region) == (village,)
    village.delete()
    assert hosts.villages_of(region=region) == ()


def test_find_sees_a_change_at_once() -> None:
    region = RegionFactory.create()
    hosts.find(hostname="localhost", port=80)
    region.name = "Neuer Name"
    region.save()
    found = hosts.find(hostname="localhost", port=80)[1]
    assert found is not None
    assert found.name == "Neuer Name"


def test_village_is_remembered_and_leads_back(client: Client) -> None:
    village = MunicipalityFactory.create(slug="haby", name="Haby")
    response = client.post("/ort/", {"village": "haby", "next": "/betriebe/"})
    assert (response.headers["Location"], client.session["municipality"]) == ("/betriebe/", village.pk)
    assert client.get("/ort/").context["village"].name == "Haby"


@pytest.mark.parametrize("target", ["https://fremd.example/", "//fremd.example", "javascript:alert(1)"])
def test_village_never_leads_to_another_host(target: str, client: Client) -> None:
    MunicipalityFactory.create(slug="haby")
    assert client.post("/ort/", {"village": "haby", "next": target}).headers["Location"] == "/lieferung/"


def test_village_is_found_by_its_postal_code(client: Client) -> None:
    village = MunicipalityFactory.create(postal_codes=["24358"])
    client.post("/ort/", {"postal_code": "24358"})
    assert client.session["municipality"] == village.pk


@pytest.mark.parametrize("given", [{"postal_code": "20095"}, {"postal_code": "abc"}, {}, {"village": "nirgends"}])
def test_village_refuses_with_a_sentence(given: dict[str, str], client: Client) -> None:
    MunicipalityFactory.create()
    response = client.post("/ort/", given)
    assert (response.status_code, "municipality" in client.session) == (422, False)
    assert response.context["form"].errors


def test_village_asks_when_several_share_a_postal_code(client: Client) -> None:
    region = RegionFactory.create()
    for name in ("Haby", "Holtsee"):
        MunicipalityFactory.create(region=region, name=name, slug=name.lower())
    response = client.post("/ort/", {"postal_code": "24361"})
    assert "Haby, Holtsee" in str(response.context["form"].errors["village"])


def test_a_village_of_another_region_is_not_the_visitors(client: Client) -> None:
    RegionFactory.create()
    foreign = MunicipalityFactory.create(region=RegionFactory.create())
    session = client.session
    session["municipality"] = foreign.pk
    session.save()
    assert client.get("/ort/").context["chosen"] is None
