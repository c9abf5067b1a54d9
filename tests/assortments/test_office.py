"""The office and the producers say who sees what, on their pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.assortments import groups, reach, rules
from marketplace.assortments.models import Assortment, AssortmentRule, CustomerGroup
from marketplace.catalogue.models import Product
from marketplace.core.models import AuditEntry
from marketplace.regions.models import Region
from tests.assortments.conftest import Trade, of

PAGE = "/buero/sortimente/"


def test_office_founds_an_assortment_that_nobody_sees_and_shows_it_to_a_group(trade: Trade) -> None:
    office = of(trade.town.people["office"])
    office.post(reverse("office:assortment_found"), {"name": "Mitglieder"})
    new = Assortment.objects.get(name="Mitglieder")
    assert reach.of_region(region=_fresh(trade))[1].who == "noch für niemanden"
    office.post(reverse("office:group_found"), {"name": "Mitglieder der Solawi"})
    group = CustomerGroup.objects.get(name="Mitglieder der Solawi")
    office.post(reverse("office:assortment_rule"), {"group": group.pk, "assortment": new.pk, "what": "zeigen"})
    page = office.get(PAGE).content.decode()
    assert "für Mitglieder der Solawi" in page
    assert "für Gastronomie" in page
    office.post(reverse("office:group_join", args=[group.pk]), {"email": trade.customer.email})
    assert trade.customer in group.people.all()
    office.post(reverse("office:group_leave", args=[group.pk]), {"kind": "people", "member": trade.customer.pk})
    assert not group.people.exists()
    assert AuditEntry.objects.filter(action__startswith="customer_group.").count() >= 4


def test_refusals_are_said_at_the_field(trade: Trade) -> None:
    office = of(trade.town.people["office"])
    answer = office.post(reverse("office:assortment_found"), {"name": " großgebinde "})
    assert (answer.status_code, "gibt es schon" in answer.content.decode()) == (409, True)
    answer = office.post(reverse("office:group_join", args=[trade.group.pk]), {"email": "niemand@post.example"})
    assert (answer.status_code, "hat niemand einen Zugang" in answer.content.decode()) == (422, True)


def test_higher_moves_a_rule_within_its_kind_and_the_region_follows(trade: Trade) -> None:
    office, region = of(trade.town.people["office"]), trade.town.region
    second = CustomerGroup.objects.create(region=region, name="Schulküchen")
    by: dict[str, Any] = {"at": trade.town.noon, "by": None}
    rule = rules.lay_down(region=region, assortment=trade.assortment, group=second, shows=False, **by)
    told = [row.pk for row in rules.of_region(region=region)]
    office.post(reverse("office:assortment_rule_up", args=[rule.pk]))
    assert [row.pk for row in rules.of_region(region=region)] == [told[1], told[0], told[2]]
    assert [group for _a, group, _s in _fresh(trade).assortment_rules if group] == [second.pk, trade.group.pk]
    office.post(reverse("office:group_take_away", args=[second.pk]))
    assert second.pk not in {group for _a, group, _s in _fresh(trade).assortment_rules}


def test_dropping_the_default_shows_it_to_everybody_at_once(trade: Trade) -> None:
    visitor = Client()
    assert trade.bucket.title not in visitor.get("/markt/").content.decode()
    default = AssortmentRule.objects.get(group=None)
    answer = of(trade.town.people["office"]).post(reverse("office:assortment_rule_drop", args=[default.pk]), follow=True)
    assert "„Großgebinde“ sehen jetzt alle." in answer.content.decode()
    assert trade.bucket.title in Client().get("/markt/").content.decode()


def test_producer_ticks_it_at_an_article(trade: Trade) -> None:
    producer, product = of(trade.town.people["orchard"]), trade.town.products["apples"]
    address = reverse("dashboard:article", args=[product.pk])
    page = producer.get(address)
    assert "Großgebinde (für Gastronomie)" in page.content.decode()
    form = page.context["form"]
    told = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    producer.post(address, {**told, "assortments": [trade.assortment.pk]})
    product.refresh_from_db()
    assert product.assortments == [trade.assortment.pk]
    assert product.title not in Client().get("/markt/").content.decode()
    listed = producer.get(reverse("dashboard:articles")).content.decode()
    assert "sichtbar: für Gastronomie" in listed
    some = producer.get(reverse("dashboard:articles"), {"sicht": str(trade.assortment.pk)}).content.decode()
    assert (product.title in some, trade.town.products["apples"].title in some) == (True, True)
    rest = producer.get(reverse("dashboard:articles"), {"sicht": "alle"}).content.decode()
    assert product.title not in rest
    producer.post(address, told)
    product.refresh_from_db()
    assert product.assortments == []


@pytest.mark.parametrize("count", [1, 4])
def test_page_of_the_office_needs_as_many_queries_for_any_number(
    trade: Trade, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        group = CustomerGroup.objects.create(region=trade.town.region, name=f"Gruppe {number}")
        rules.lay_down(region=_fresh(trade), assortment=trade.assortment, group=group, shows=True, at=trade.town.noon, by=None)
        trade.group.people.add(trade.town.people["driver"], trade.customer)
    office = of(trade.town.people["office"])
    for address in (PAGE, reverse("office:group", args=[trade.group.pk])):
        office.get(address)
        with django_assert_max_num_queries(12):
            assert office.get(address).status_code == 200


def _fresh(trade: Trade) -> Region:
    return Region.objects.get(pk=trade.town.region.pk)


def test_office_renames_an_assortment_and_a_group(trade: Trade) -> None:
    office = of(trade.town.people["office"])
    office.post(reverse("office:assortment_rename", args=[trade.assortment.pk]), {"name": "  Eimer und  Säcke "})
    office.post(reverse("office:group_rename", args=[trade.group.pk]), {"name": "Küchen"})
    assert "Eimer und Säcke" in office.get(PAGE).content.decode()
    assert reach.of_region(region=_fresh(trade))[0].who == "für Küchen"
    CustomerGroup.objects.create(region=trade.town.region, name="Läden")
    refused = office.post(reverse("office:group_rename", args=[trade.group.pk]), {"name": "läden"})
    assert (refused.status_code, "gibt es schon" in refused.content.decode()) == (409, True)
    assert office.post(reverse("office:group_rename", args=[trade.group.pk]), {"name": "Küchen"}).status_code == 302
    assert AuditEntry.objects.filter(action__endswith=".renamed").count() == 2


def test_before_it_is_deleted_the_office_reads_who_will_see_what(trade: Trade) -> None:
    office, region = of(trade.town.people["office"]), trade.town.region
    by: dict[str, Any] = {"at": trade.town.noon, "by": None}
    members = groups.found_assortment(region=region, name="Mitglieder", **by)
    kept = trade.town.products["apples"]
    Product.objects.filter(pk=kept.pk).update(assortments=[trade.assortment.pk, members.pk])
    address = reverse("office:assortment", args=[trade.assortment.pk])
    page = office.get(address)
    told = {one.product.pk: one.who for one in page.context["freed"]}
    assert told == {trade.bucket.pk: "für alle", kept.pk: "noch für niemanden"}
    delete = reverse("office:assortment_delete", args=[trade.assortment.pk])
    office.post(delete, {"articles": str(trade.bucket.pk)})
    assert "Bitte sehen Sie noch einmal nach" in office.get(address).content.decode()
    assert Assortment.objects.filter(pk=trade.assortment.pk).exists()
    assert trade.bucket.title not in Client().get("/markt/").content.decode()
    office.post(delete, {"articles": page.context["articles"]})
    assert not Assortment.objects.filter(pk=trade.assortment.pk).exists()
    market = Client().get("/markt/").content.decode()
    assert (trade.bucket.title in market, kept.title in market) == (True, False)
    assert not any(rule[0] == trade.assortment.pk for rule in _fresh(trade).assortment_rules)


def test_producer_sees_the_page_of_an_own_hidden_article_and_who_else_does(trade: Trade) -> None:
    address, producer = trade.bucket.get_absolute_url(), of(trade.town.people["orchard"])
    page = producer.get(address).content.decode()
    assert "weil der Artikel Ihnen gehört. Kundinnen und Kunden sehen ihn so: für Gastronomie." in page
    assert reverse("basket:add", args=[trade.bucket.pk]) not in page
    for other in (None, trade.customer, trade.town.people["dairy"]):
        assert of(other).get(address).status_code == 404
    assert "weil der Artikel" not in of(trade.chef).get(address).content.decode()
    Product.objects.filter(pk=trade.bucket.pk).update(is_public=False)
    assert "Nur Sie sehen diese Seite" in producer.get(address).content.decode()
    assert of(trade.chef).get(address).status_code == 404
