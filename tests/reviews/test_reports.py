"""Reported reviews: anybody reports, the office decides, and everybody concerned is told once."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.order import links, review_links
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.reviews import reports, reviews, tasks
from marketplace.reviews.models import Report, Review
from marketplace.reviews.reports import ReportRefused
from marketplace.users.models import User
from tests.billing.deliveries import AT, DAY
from tests.factories.market import MembershipFactory, UserFactory, local
from tests.reviews.conftest import bought

pytestmark = pytest.mark.django_db
SOON = local(DAY, time(18))
TOLD = {"ground": "insult", "text": "Beleidigt meine Familie.", "email": "Ole@post.example"}


def published(farm: Partner, **given: Any) -> Review:
    made = reviews.write(line=bought(farm, **given), stars=1, text="Taugt nichts.", at=SOON)
    return reviews.publish(review=made, at=AT, by=None)


def reported(farm: Partner, **told: str) -> Report:
    return reports.report(review=published(farm), at=SOON, **{**TOLD, **told})


def office(farm: Partner) -> Client:
    client = Client()
    clerk = MembershipFactory.create(region=farm.region, role=Role.OFFICE).user
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_anybody_reports_and_the_review_stays_until_the_office_has_decided(farm: Partner, client: Client) -> None:
    row = published(farm)
    page = client.get(reverse("reviews:of_producer", args=[farm.slug])).content.decode()
    address = reverse("reviews:report", args=[row.pk])
    assert address in page
    assert client.post(address, {"text": "ohne Grund"}).status_code == 422
    assert client.post(address, TOLD).headers["Location"] == reverse("reviews:of_producer", args=[farm.slug])
    row.refresh_from_db()
    assert (row.status, Report.objects.get().email) == ("published", "ole@post.example")
    assert list(reports.reported(region=farm.region)) == [row]


def test_only_what_is_public_can_be_reported(farm: Partner, client: Client) -> None:
    row = published(farm)
    reviews.refuse(review=row, reason="Werbung", at=AT, by=None)
    row.refresh_from_db()
    with pytest.raises(ReportRefused):
        reports.report(review=row, at=SOON, **TOLD)
    assert client.post(reverse("reviews:report", args=[row.pk]), TOLD).status_code == 404


def test_many_reports_are_refused_kindly(farm: Partner, client: Client) -> None:
    address = reverse("reviews:report", args=[published(farm).pk])
    answers = [client.post(address, TOLD) for _number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Bitte schreiben Sie uns oder rufen Sie an" in answers[-1].content.decode()


def test_office_lets_it_stay_and_who_reported_it_is_told_once(farm: Partner) -> None:
    row = reported(farm)
    client = office(farm)
    page = client.get(reverse("reviews:reported")).content.decode()
    assert "Beleidigt meine Familie." in page
    assert "Sie beleidigt oder bedroht jemanden." in page
    client.post(reverse("reviews:judge", args=[row.review_id]), {"decision": "keep", "text": "Das ist eine Meinung."})
    tasks.send_due_mails()
    tasks.send_due_mails()
    (message,) = mail.outbox
    assert message.to == ["ole@post.example"]
    assert "Die Bewertung bleibt stehen." in message.body
    assert "Das ist eine Meinung." in message.body
    row.refresh_from_db()
    assert (row.status, row.email, row.review.status) == ("kept", "", "published")
    assert not reports.reported(region=farm.region)


def test_office_takes_it_away_and_both_are_told_once(farm: Partner) -> None:
    row = reported(farm)
    client = office(farm)
    address = reverse("reviews:judge", args=[row.review_id])
    assert client.post(address, {"decision": "refuse", "text": ""}).status_code == 422
    assert client.post(address, {"decision": "refuse", "text": "Beleidigung"}).status_code == 302
    tasks.send_due_mails()
    tasks.send_due_mails()
    author, reporter = sorted(mail.outbox, key=lambda message: message.to[0] == "ole@post.example")
    assert "Beleidigung" in author.body
    assert "Die Bewertung wurde entfernt." in reporter.body
    row.refresh_from_db()
    assert (row.status, row.review.status) == ("removed", "refused")


def test_author_writes_it_anew_by_the_link_of_the_mail_and_is_told_of_a_second_refusal(farm: Partner, client: Client) -> None:
    row = reviews.refuse(review=published(farm), reason="Werbung", at=AT, by=None)
    tasks.send_due_mails()
    link = next(word for word in mail.outbox[0].body.split() if "/bewerten/" in word)
    path = "/" + link.split("/", 3)[3]
    line = row.order_line_id
    assert client.get(path).status_code == 200
    assert client.post(path, {"line": line, f"{line}-stars": "", f"{line}-text": "x"}).status_code == 422
    assert client.post(path, {"line": line, f"{line}-stars": "2", f"{line}-text": "Schmeckt mir nicht."}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.stars, row.told_at) == ("open", 2, None)
    reviews.refuse(review=row, reason="Noch einmal", at=AT, by=None)
    tasks.send_due_mails()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_reports_costs_the_same_for_many(farm: Partner, django_assert_max_num_queries: Any, count: int) -> None:
    for _number in range(count):
        reported(farm)
    client = office(farm)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("reviews:reported")).content.decode().count("Beleidigt meine Familie.") == count


def test_link_of_the_mail_opens_its_order_for_90_days_and_nothing_else(farm: Partner, client: Client) -> None:
    line = bought(farm)
    with time_machine.travel(SOON, tick=False):
        signed = review_links.sign(order=line.order)
        assert client.get(reverse("customer:order_by_link", args=[signed])).status_code == 404
        assert client.get(reverse("reviews:order", args=[links.sign(order=line.order)])).status_code == 404
        assert client.get(reverse("reviews:order", args=[signed])).status_code == 200
    with time_machine.travel(SOON + timedelta(days=91), tick=False):
        assert client.get(reverse("reviews:order", args=[signed])).status_code == 410


def test_erased_people_are_not_written_to_and_their_links_have_ended(farm: Partner, client: Client) -> None:
    user = UserFactory.create()
    row = published(farm, user=user)
    signed = review_links.sign(order=row.order_line.order)
    User.objects.filter(pk=user.pk).update(erased_at=SOON)
    row.refresh_from_db()
    reviews.refuse(review=row, reason="Werbung", at=AT, by=None)
    tasks.send_due_mails()
    assert mail.outbox == []
    assert client.get(reverse("reviews:order", args=[signed])).status_code == 410


def test_the_offices_week_counts_what_waits_each_review_once(farm: Partner) -> None:
    row = reported(farm)
    reports.report(review=row.review, at=SOON, **TOLD)
    reviews.write(line=bought(farm), stars=3, text="Geht so.", at=SOON)
    with time_machine.travel(SOON, tick=False):
        page = office(farm).get(reverse("office:home")).content.decode()
    assert "1 Bewertung ist gemeldet" in page
    assert "1 Bewertung ist zu lesen" in page
