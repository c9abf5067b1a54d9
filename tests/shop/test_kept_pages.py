"""Pages kept for visitors nobody knows: who gets them, what they never hold, and when they are written anew."""

from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from marketplace.regions import kept
from marketplace.regions.models import Municipality
from tests.factories.market import MembershipFactory, MunicipalityFactory, RegionFactory, UserFactory
from tests.shop.conftest import article

NAME = "Ziegenkäse"


@pytest.fixture
def cheese(village: Municipality, saturday: DeliveryRound) -> Product:
    made: Product = article(village, title=NAME)
    return made


def was_kept(answer: Any) -> bool:
    """Whether no template was needed for it."""
    assert answer.status_code == HTTPStatus.OK
    return not answer.templates


def pages(product: Product) -> list[str]:
    return ["/markt/", "/markt/?neu=1&seite=1", product.get_absolute_url(), "/betriebe/", f"/betriebe/{product.partner.slug}/",
            "/saison/", "/karte/", "/suche/?q=ziegenkaese", "/so-sortieren-wir/"]  # fmt: skip


def test_the_second_visitor_gets_what_was_written_for_the_first_without_a_query(
    cheese: Product, django_assert_num_queries: Any
) -> None:
    for address in pages(cheese):
        assert not was_kept(Client().get(address)), address
        with django_assert_num_queries(0):
            assert was_kept(Client().get(address)), address


def test_a_kept_page_is_the_page_but_for_the_token(cheese: Product) -> None:
    first, second = Client().get("/markt/"), Client().get("/markt/")
    written, given = (str(answer.cookies["csrftoken"].value) for answer in (first, second))
    assert written != given
    assert {name: first[name] for name in first.headers if name not in {"ETag", "Vary"}} == {
        name: second[name] for name in second.headers if name not in {"ETag", "Vary"}
    }
    assert len(first.content) == len(second.content)
    assert first.content != second.content
    assert second["X-Frame-Options"] == "SAMEORIGIN"
    assert second["Content-Language"] == "de"
    assert NAME in second.content.decode()


def test_each_visitor_has_a_token_that_works(cheese: Product) -> None:
    Client().get("/markt/")
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.get("/markt/")
    assert was_kept(answer)
    token = answer.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    given = {"quantity": 1, "csrfmiddlewaretoken": token}
    assert visitor.post(f"/korb/{cheese.pk}/hinzufuegen/", given).status_code == HTTPStatus.FOUND
    stranger = Client(enforce_csrf_checks=True)
    stranger.get("/markt/")
    assert stranger.post(f"/korb/{cheese.pk}/hinzufuegen/", given).status_code == HTTPStatus.FORBIDDEN


def test_a_page_for_a_customer_a_basket_or_the_office_is_neither_kept_nor_given_from_what_is_kept(
    cheese: Product, village: Municipality
) -> None:
    customer, office, holder = Client(), Client(), Client()
    customer.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
    official = MembershipFactory.create(region=village.region, role="office").user
    office.force_login(official, backend="django.contrib.auth.backends.ModelBackend")
    holder.post(f"/korb/{cheese.pk}/hinzufuegen/", {"quantity": 1})
    for address in pages(cheese):
        for who in (customer, office, holder):
            assert not was_kept(who.get(address)), address  # nothing is given …
        assert not was_kept(Client().get(address)), address  # … and nothing was kept
        for who in (customer, office, holder):
            assert not was_kept(who.get(address)), address
    assert "Anmelden" in Client().get("/markt/").content.decode()
    assert "Anmelden" not in customer.get("/markt/").content.decode()


def test_a_village_that_was_chosen_is_shown_to_nobody_else(cheese: Product, village: Municipality) -> None:
    here = Client()
    here.post("/ort/", {"village": village.slug, "next": "/markt/"})
    Client().get("/markt/")
    assert "Lieferung nach Haby" in here.get("/markt/").content.decode()
    assert "Lieferung nach Haby" not in Client().get("/markt/").content.decode()


@pytest.mark.parametrize("given", [{"HTTP_HX_REQUEST": "true"}, {"HTTP_AUTHORIZATION": "Basic x"}, {"HTTP_COOKIE": "other=1"}])
def test_who_brings_more_is_asked_for_anew(cheese: Product, given: dict[str, str]) -> None:
    Client().get("/markt/")
    assert not was_kept(Client().get("/markt/", **given))  # type: ignore[arg-type]  # headers as the client wants them


def test_two_regions_and_two_languages_never_mix(cheese: Product) -> None:
    other = MunicipalityFactory.create(region=RegionFactory.create())
    article(other, title="Dort")
    away = Client(HTTP_HOST=other.region.site.hostname)
    for _time in range(2):
        here, there = Client().get("/markt/").content.decode(), away.get("/markt/").content.decode()
        assert (NAME in here, "Dort" in here) == (True, False)
        assert (NAME in there, "Dort" in there) == (False, True)
        assert 'lang="en"' in Client(HTTP_ACCEPT_LANGUAGE="en").get("/markt/").content.decode()


def test_what_is_saved_shows_at_once(cheese: Product, saturday: DeliveryRound) -> None:
    def seen() -> str:
        return str(Client().get("/markt/").content.decode())

    seen()
    offer = StockRecord.objects.get(product=cheese)
    offer.price = Decimal("7.77")
    offer.save()
    assert "7,77" in seen()
    cheese.title = "Schafskäse"
    cheese.save()
    assert "Schafskäse" in seen()
    cheese.partner.status = "suspended"
    cheese.partner.save()
    assert "Schafskäse" not in seen()
    saturday.region.name = "Neue Region"
    saturday.region.save()
    assert "Neue Region" in seen()


def test_another_regions_change_leaves_a_page_as_it_is(cheese: Product) -> None:
    other = MunicipalityFactory.create(region=RegionFactory.create())
    Client().get("/markt/")
    article(other, title="Dort").save()
    assert was_kept(Client().get("/markt/"))


def test_what_was_read_before_a_change_is_not_kept_after_it(cheese: Product) -> None:
    request: Any = RequestFactory().get("/markt/")
    request.region = cheese.partner.region
    kept.keep(request)
    kept.forget(region_id=request.region.pk)  # while the page is being written
    kept.store(request, HttpResponse(b"old"), at=cheese.date_created)
    assert kept.found(RequestFactory().get("/markt/")) is None


def test_no_page_outlives_the_cut_off(cheese: Product, saturday: DeliveryRound) -> None:
    with time_machine.travel(saturday.cutoff_at - timedelta(milliseconds=500), tick=False):
        Client().get("/markt/")
        assert not was_kept(Client().get("/markt/"))


def test_a_browser_that_has_the_page_is_told_so(cheese: Product) -> None:
    visitor = Client()
    first = visitor.get("/markt/")
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))
    again = visitor.get("/markt/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    # a visitor without that cookie could not use the token in the old page
    assert Client().get("/markt/", headers={"If-None-Match": first["ETag"]}).status_code == HTTPStatus.OK
    cheese.save()
    assert visitor.get("/markt/").status_code == HTTPStatus.OK


def test_made_up_addresses_are_not_kept(cheese: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("/markt/?utm_source=x", f"/markt/?q={'x' * 400}", "/suche/?q=xyzzy", "/gibt-es-nicht/"):
        for _time in range(2):
            assert Client().get(address).templates, address
    monkeypatch.setattr(kept, "MOST_QUERIED", 3)
    for number in range(9):
        Client().get(f"/markt/?ort=nirgends-{number}")
    assert len(_kept_keys()) <= 3
    assert not was_kept(Client().get("/betriebe/"))
    assert was_kept(Client().get("/betriebe/"))


def test_the_token_is_never_in_what_is_kept(cheese: Product) -> None:
    request: Any = RequestFactory().get("/markt/")
    answer = Client().get("/markt/")
    token = answer.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    key = next(iter(_kept_keys()))
    found: kept.Kept = cache.get(key)
    assert token.encode() not in b"".join(found.parts)
    assert len(found.parts) > 1
    assert get_token(request).encode() not in b"".join(found.parts)


def _kept_keys() -> list[str]:
    prefix = cache.make_key("")
    client: Any = cache._cache.get_client(write=False)  # type: ignore[attr-defined]  # Django's cache cannot list its keys
    return [name.decode().removeprefix(prefix) for name in client.scan_iter(f"{prefix}kept:page:*")]
