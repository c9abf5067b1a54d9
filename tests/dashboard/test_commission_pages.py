"""The office agrees rules and fees, and reads what holds for an article and why."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import CommissionRule, ProducerFee
from marketplace.catalogue.models import Category
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.dashboard.people import logged_in
from tests.factories.market import PartnerFactory, ProductFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm(db: None) -> Partner:
    """A dairy with a cheese on its shelf."""
    made: Partner = PartnerFactory.create(name="Meierei Beispiel")
    SupplyContractFactory.create(partner=made)
    product = ProductFactory.create(partner=made, title="Bergkäse")
    product.categories.add(Category.add_root(name="Käse"))
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    """Its office."""
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


def test_a_rule_is_agreed_explained_and_ended(farm: Partner, office: Client) -> None:
    shelf = Category.objects.get(name="Käse")
    today = timezone.localdate()
    told: dict[str, Any] = {"shelf": shelf.pk, "percent": "12,5", "reason": "Käsewoche", "valid_from": today.isoformat()}
    answer = office.post(reverse("office:commission_agree"), told, follow=True).content.decode()
    assert "Die Regel ist vereinbart" in answer
    page = office.get(reverse("office:commissions"), {"q": "bergk"}).content.decode()
    assert "12,5 %" in page.replace("\xa0", " ")
    assert "Regel für Käse" in page
    assert "18 %: Liefervereinbarung" in page.replace("\xa0", " ")
    rule = CommissionRule.objects.get()
    office.post(reverse("office:commission_end", args=[rule.pk]), {"last": today.isoformat()})
    rule.refresh_from_db()
    assert rule.valid_until == today


def test_a_fee_names_its_recipient_and_nothing_holds_from_yesterday_on(farm: Partner, office: Client) -> None:
    today = timezone.localdate()
    payee = PartnerFactory.create(municipality=farm.municipality, name="Packhof Beispiel", status=Partner.Status.PAYEE)
    SupplyContractFactory.create(partner=payee, mode="fees")
    told = {
        "name": "Packhilfe", "partner": farm.pk, "basis": "order", "amount": "0,50",
        "payee": payee.pk, "valid_from": today.isoformat(),
    }  # fmt: skip
    elsewhere = SupplyContractFactory.create(partner=PartnerFactory.create()).partner
    assert office.post(reverse("office:fee_charge"), told | {"payee": elsewhere.pk}).status_code == 422
    assert office.post(reverse("office:fee_charge"), told | {"basis": "percent", "amount": "100"}).status_code == 422
    early = told | {"valid_from": (today - timedelta(days=1)).isoformat()}
    assert office.post(reverse("office:fee_charge"), early).status_code == 409
    office.post(reverse("office:fee_charge"), told)
    assert ProducerFee.objects.get().recipient == "Packhof Beispiel"
    assert "Packhof Beispiel" in office.get(reverse("office:commissions")).content.decode()


def test_the_page_needs_few_queries(farm: Partner, office: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        other = PartnerFactory.create(municipality=farm.municipality, name=f"Betrieb {number}")
        SupplyContractFactory.create(partner=other)
        ProductFactory.create(partner=other, title=f"Bergkäse {number}")
    with django_assert_max_num_queries(14):
        office.get(reverse("office:commissions"), {"q": "bergkäse"})
