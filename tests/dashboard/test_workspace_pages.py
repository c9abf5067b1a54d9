"""Who comes into the workspace, and its smaller pages: overview, profile, application, settlements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import settlements
from billing.models import Invoice
from logistics import deliveries
from logistics.models import Delivery
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.dashboard.people import Farm, logged_in, producer_of, with_role
from tests.factories.market import MembershipFactory, PartnerFactory, UserFactory
from tests.logistics.market import DAY

pytestmark = pytest.mark.django_db
CEILING = 12
PAGES = ("rounds", "articles", "article_new", "earning", "settlements", "profile")


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def settlement(farm: Farm) -> Invoice:
    """The credit note for November."""
    farm.market.order((farm.market.product(partner=farm.partner), 3))
    farm.market.close()
    farm.market.pack()
    delivery = Delivery.objects.get()
    deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Grete", age_checked=False, outcomes={})
    done = settlements.settle(
        partner=farm.partner,
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        today=date(2026, 12, 1),
        at=DAY + timedelta(days=4),
    )
    assert done.invoice is not None
    return done.invoice


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_producers_alone(farm: Farm, name: str) -> None:
    url = reverse(f"dashboard:{name}")
    assert farm.client.get(url).status_code == 200
    visitor = Client().get(url)
    assert (visitor.status_code, visitor.headers["Location"]) == (302, f"/konto/login/?next={url}")
    for stranger in (logged_in(UserFactory.create()), with_role(farm.market, Role.DRIVER), with_role(farm.market, Role.OFFICE)):
        assert stranger.get(url).status_code == 403


def test_home_leads_everybody_to_the_own_work(farm: Farm) -> None:
    url = reverse("dashboard:home")
    assert farm.client.get(url).status_code == 200
    assert with_role(farm.market, Role.OFFICE).get(url).headers["Location"] == reverse("office:home")
    assert with_role(farm.market, Role.DRIVER).get(url).headers["Location"] == reverse("logistics:tours")
    assert logged_in(UserFactory.create()).get(url).headers["Location"] == reverse("dashboard:apply")
    assert Client().get(url).headers["Location"] == f"/konto/login/?next={url}"


@pytest.mark.parametrize("orders", [1, 3])
def test_home_costs_the_same_for_any_number_of_orders(
    farm: Farm, orders: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(orders):
        farm.market.order((farm.market.product(partner=farm.partner), 1))
    farm.market.close()
    with django_assert_max_num_queries(CEILING):
        farm.client.get(reverse("dashboard:home"))


@pytest.mark.parametrize("status", ["applied", "suspended"])
def test_a_producer_who_may_not_sell_is_told_so(farm: Farm, status: str) -> None:
    Partner.objects.filter(pk=farm.partner.pk).update(status=status)
    assert 'class="notice' in farm.client.get(reverse("dashboard:articles")).content.decode()


def test_profile_keeps_text_and_closure(farm: Farm) -> None:
    told = {"short": "Honig vom See", "story": "Seit 1950.", "opening_text": "Sa 9–12 Uhr"}
    closed = {"closed_from": "2026-12-24", "closed_until": "2027-01-04"}
    assert farm.client.post(reverse("dashboard:profile"), told | closed).status_code == 302
    farm.partner.refresh_from_db()
    assert (farm.partner.short, farm.partner.closed_until) == ("Honig vom See", date(2027, 1, 4))


@pytest.mark.parametrize(
    "told",
    [
        {"closed_from": "2026-12-24", "closed_until": "2026-12-01"},
        {"closed_until": "2026-12-01"},
        {"story": "Alles Bio bei uns."},
        {"closed_from": "morgen"},
    ],
)
def test_profile_refuses_what_cannot_be_shown(farm: Farm, told: dict[str, str]) -> None:
    response = farm.client.post(reverse("dashboard:profile"), told)
    assert response.status_code == 422
    farm.partner.refresh_from_db()
    assert (farm.partner.closed_until, farm.partner.story) == (None, "")


def application(farm: Farm) -> dict[str, object]:
    return {
        "name": "Käserei Möller", "kind": "producer", "short": "Käse", "contact_first_name": "Hanne",
        "contact_last_name": "Möller", "street": "Feldweg 3", "postal_code": "24361", "city": "Haby",
        "municipality": farm.market.village.pk, "email": "kaese@hof.example", "phone": "+49 4356 000001", "agreed": "on",
    }  # fmt: skip


def test_apply_puts_a_business_into_the_queue_once(farm: Farm) -> None:
    for _ in range(2):
        response = Client().post(reverse("dashboard:apply"), application(farm))
        assert response.headers["Location"] == reverse("dashboard:applied")
    partner = Partner.objects.get(name="Käserei Möller")
    assert (partner.status, partner.region) == (Partner.Status.APPLIED, farm.market.region)
    assert Client().get(reverse("dashboard:applied")).status_code == 200


def test_apply_makes_a_person_who_is_logged_in_its_first_user(farm: Farm) -> None:
    user = UserFactory.create()
    logged_in(user).post(reverse("dashboard:apply"), application(farm))
    assert list(Partner.objects.run_by(user).values_list("name", flat=True)) == ["Käserei Möller"]


def test_apply_tells_a_known_business_how_far_it_is_and_takes_nothing_in_twice(farm: Farm) -> None:
    page = farm.client.get(reverse("dashboard:apply"))
    assert "Sie verkaufen hier bereits" in page.content.decode()
    assert farm.client.post(reverse("dashboard:apply"), application(farm)).status_code == 409
    assert not Partner.objects.filter(status=Partner.Status.APPLIED).exists()


@pytest.mark.parametrize("wrong", [{"postal_code": "abc"}, {"agreed": ""}, {"email": "nirgends"}, {"municipality": "0"}])
def test_apply_says_what_is_missing(farm: Farm, wrong: dict[str, str]) -> None:
    assert Client().post(reverse("dashboard:apply"), application(farm) | wrong).status_code == 422
    assert not Partner.objects.filter(status=Partner.Status.APPLIED).exists()


def test_apply_refuses_a_village_of_another_region(farm: Farm) -> None:
    foreign = PartnerFactory.create().municipality
    assert foreign.region != farm.market.region
    response = Client().post(reverse("dashboard:apply"), application(farm) | {"municipality": foreign.pk})
    assert response.status_code == 422


def test_settlements_show_the_own_credit_notes(farm: Farm, settlement: Invoice) -> None:
    assert settlement.number in farm.client.get(reverse("dashboard:settlements")).content.decode()
    other = producer_of(PartnerFactory.create(municipality=farm.market.village))
    assert settlement.number not in other.get(reverse("dashboard:settlements")).content.decode()
    assert other.get(reverse("dashboard:objection", args=[settlement.pk])).status_code == 404


def test_objection_stops_the_payout(farm: Farm, settlement: Invoice) -> None:
    url = reverse("dashboard:objection", args=[settlement.pk])
    assert farm.client.post(url, {"text": ""}).status_code == 422
    assert farm.client.post(url, {"text": "Ein Glas fehlt."}).status_code == 302
    settlement.refresh_from_db()
    assert settlement.objected_at is not None


def test_office_of_another_region_is_a_stranger(farm: Farm) -> None:
    foreign = MembershipFactory.create(role=Role.OFFICE)
    assert foreign.region != farm.market.region
    assert logged_in(foreign.user).get(reverse("office:home")).status_code == 403


def test_a_round_below_the_minimum_has_no_lists(farm: Farm) -> None:
    Partner.objects.filter(pk=farm.partner.pk).update(minimum_round=50)
    farm.market.order((farm.market.product(partner=farm.partner), 1))
    farm.market.close()
    page = farm.client.get(reverse("dashboard:round", args=[farm.market.round.pk])).content.decode()
    assert "Ihr Mindestwert je Runde ist 50,00\u00a0€" in page
    for name in ("pick_list", "labels"):
        assert farm.client.get(reverse(f"dashboard:{name}", args=[farm.market.round.pk])).status_code == 404
    assert "fällt aus" in farm.client.get(reverse("dashboard:rounds")).content.decode()


def test_both_minimums_stand_in_the_profile(farm: Farm) -> None:
    told = {"short": "Käse", "story": "Von hier.", "opening_text": "", "minimum_order": "15", "minimum_round": "50,00"}
    farm.client.post(reverse("dashboard:profile"), told)
    farm.partner.refresh_from_db()
    assert (farm.partner.minimum_order, farm.partner.minimum_round) == (Decimal(15), Decimal(50))
