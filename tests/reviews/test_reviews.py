"""Reviews: of delivered goods by who bought them, published by the office, answered by the producer, nameless once erased."""

from datetime import time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from marketplace.core.transitions import ForbiddenTransition
from marketplace.customers.privacy import erasure, export
from marketplace.order import links
from marketplace.order.models import Line
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.reviews import reading, reviews
from marketplace.reviews.models import Review
from marketplace.reviews.reviews import ReviewRefused
from tests.billing.deliveries import AT, DAY
from tests.factories.market import MembershipFactory, UserFactory, local
from tests.reviews.conftest import bought

pytestmark = pytest.mark.django_db
SOON = local(DAY, time(18))


def written(line: Line, stars: int = 5, *, shown: bool = True) -> Review:
    """A review, published unless told otherwise."""
    made = reviews.write(line=line, stars=stars, text="Sehr gut", at=SOON)
    return reviews.publish(review=made, at=AT, by=None) if shown else made


def test_a_review_waits_for_the_office_and_shows_little_of_its_author(farm: Partner) -> None:
    made = written(bought(farm), shown=False)
    assert (made.status, made.first_name, made.village, made.drawn) == ("open", "Jette", "H", "★★★★★")
    assert not reading.published(partner=farm).exists()


def test_what_never_came_cannot_be_reviewed(farm: Partner) -> None:
    with pytest.raises(ReviewRefused):
        written(bought(farm, delivered=0))


def test_nobody_reviews_the_own_goods(farm: Partner) -> None:
    user = UserFactory.create()
    farm.users.add(user)
    with pytest.raises(ReviewRefused):
        written(bought(farm, user=user))
    with pytest.raises(ReviewRefused):
        written(bought(farm, guest_email="Hof@hof.example"))


@pytest.mark.parametrize("stars", [0, 6])
def test_stars_are_one_to_five(farm: Partner, stars: int) -> None:
    with pytest.raises(ReviewRefused):
        written(bought(farm), stars)


def test_whoever_writes_again_is_looked_at_again(farm: Partner) -> None:
    line = bought(farm)
    reviews.reply(review=written(line), text="Danke!", at=AT, by=None)
    again = written(line, 2, shown=False)
    assert Review.objects.get() == again
    assert (again.status, again.stars, again.reply) == ("open", 2, "")


def test_a_decision_is_made_once_and_says_why(farm: Partner) -> None:
    made = written(bought(farm))
    with pytest.raises(ForbiddenTransition):
        reviews.publish(review=made, at=AT, by=None)
    with pytest.raises(ReviewRefused):
        reviews.refuse(review=made, reason=" ", at=AT, by=None)
    assert reviews.refuse(review=made, reason="Werbung", at=AT, by=None).status == "refused"
    with pytest.raises(ReviewRefused):
        reviews.reply(review=made, text="Danke!", at=AT, by=None)


def test_the_office_sees_first_what_waits(farm: Partner) -> None:
    done, waiting = written(bought(farm)), written(bought(farm), shown=False)
    assert list(reading.of_region(region=farm.region)) == [waiting, done]


def test_erasing_the_person_leaves_a_review_without_a_name(farm: Partner) -> None:
    user = UserFactory.create()
    made = written(bought(farm, user=user))
    Review.objects.filter(pk=made.pk).update(reason="")
    erasure._apply(next(one for one in export.ALL if one.model == "market_reviews.Review"), user, [])
    made.refresh_from_db()
    assert (made.first_name, made.village, made.stars, made.text) == ("", "", 5, "Sehr gut")


def test_by_the_link_of_the_order_and_by_no_other(farm: Partner, client: Client) -> None:
    line, other = bought(farm), bought(farm)
    address = reverse("reviews:write", args=[links.sign(order=line.order), line.pk])
    foreign = reverse("reviews:write", args=[links.sign(order=other.order), line.pk])
    with time_machine.travel(SOON, tick=False):
        assert client.get(foreign).status_code == 404
        page = client.get(client.get(reverse("customer:order_by_link", args=[links.sign(order=line.order)])).wsgi_request.path)
        assert address in page.content.decode()
        assert client.post(address, {"text": "ohne Sterne"}).status_code == 422
        assert client.post(address, {"stars": "4", "text": "Gut"}).status_code == 302
        assert Review.objects.get().stars == 4
        assert client.post(address, {"take_back": "1"}).status_code == 302
    assert not Review.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_everybody_reads_the_average_and_that_purchases_are_checked(
    farm: Partner, client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    lines = [bought(farm) for _number in range(count)]
    for line in lines:
        Line.objects.filter(pk=line.pk).update(product=lines[0].product)
        line.product_id = lines[0].product_id
        reviews.reply(review=written(line, 4), text="Danke!", at=AT, by=None)
    product = lines[0].product
    with django_assert_max_num_queries(8):
        page = client.get(reverse("reviews:article", args=[product.slug, product.pk])).content.decode()
    assert f"4,0 von 5 Sternen aus {count}" in page
    assert page.count("geprüfter Kauf") == page.count("Danke!") == count
    assert "So prüfen wir" in page
    assert f"4,0 von 5 Sternen aus {count}" in client.get(product.get_absolute_url()).content.decode()
    assert client.get(reverse("reviews:of_producer", args=[farm.slug])).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_office_and_producer_do_their_part(farm: Partner, client: Client, django_assert_max_num_queries: Any, count: int) -> None:
    clerk, farmer = MembershipFactory.create(region=farm.region, role=Role.OFFICE).user, UserFactory.create()
    farm.users.add(farmer)
    made, *_others = [written(bought(farm), shown=False) for _number in range(count)]
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(12):
        assert client.get(reverse("reviews:office")).status_code == 200
    assert client.post(reverse("reviews:publish", args=[made.pk])).status_code == 302
    client.force_login(farmer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("reviews:reply", args=[made.pk]), {"reply": "Danke!"}).status_code == 302
    assert "Danke!" in client.get(reverse("reviews:producer")).content.decode()
