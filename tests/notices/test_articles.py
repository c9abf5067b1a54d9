"""Being told of an article: offered when no round takes it, one tap or a confirmed address, told once."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.notices import articles, tasks
from marketplace.notices.models import ArticleNotice
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Municipality
from marketplace.users.models import User
from tests.factories.market import NOW, RoundFactory
from tests.notices.conftest import article, logged_in


def restock(product: Product, number: int = 5) -> None:
    StockRecord.objects.filter(product=product).update(num_in_stock=number)


def link_in(message: Any) -> str:
    """The path of the one link to us in a mail."""
    found = re.search(r"https?://[^/\s]+(/benachrichtigen/\S+)", message.body)
    assert found, message.body
    return found[1]


def offered(client: Client, product: Product) -> bool:
    """Whether the page offers it, as drawn anew."""
    cache.clear()
    return client.get(product.get_absolute_url()).context["tell_me"] is not None


def test_page_offers_it_for_what_is_sold_out(client: Client, saturday: DeliveryRound, sold_out: Product) -> None:
    assert offered(client, sold_out)
    restock(sold_out)
    assert not offered(client, sold_out)


def test_page_offers_it_out_of_season(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    assert offered(client, article(village, season_months=[5, 6]))
    assert not offered(client, article(village, season_months=[11]))


def test_page_offers_it_while_no_round_is_open(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village)
    assert not offered(client, product)
    with time_machine.travel(saturday.cutoff_at + timedelta(minutes=1), tick=False):
        assert offered(client, product)


def test_page_offers_a_later_round_rather_than_waiting(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village, lead_time_days=7)
    assert offered(client, product)
    RoundFactory.create(rule=saturday.rule, delivery_day=saturday.delivery_day + timedelta(days=7), opens_at=saturday.opens_at)
    assert not offered(client, product)


def test_one_tap_with_an_account(ada: User, saturday: DeliveryRound, sold_out: Product) -> None:
    client = logged_in(ada)
    client.post(reverse("notices:ask", args=[sold_out.pk]))
    answer = client.post(reverse("notices:ask", args=[sold_out.pk]), follow=True)
    assert answer.context["tell_me"]["waits"]
    notice = ArticleNotice.objects.get()
    assert (notice.user, notice.email, notice.confirmed_at) == (ada, "", NOW)
    client.post(reverse("notices:drop", args=[sold_out.pk]))
    assert not ArticleNotice.objects.exists()


def test_address_is_written_to_only_after_its_owner_said_yes(
    client: Client, saturday: DeliveryRound, sold_out: Product, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("notices:ask", args=[sold_out.pk]), {"email": "Grete@post.example"})
    (asked,) = mail.outbox
    assert asked.to == ["grete@post.example"]
    restock(sold_out)
    tasks.send_due_notices()
    assert len(mail.outbox) == 1
    link = link_in(asked)
    assert client.get(link).status_code == 200
    assert ArticleNotice.objects.get().confirmed_at is None  # a program that looks at the link confirms nothing
    assert client.post(link).status_code == 302
    tasks.send_due_notices()
    tasks.send_due_notices()
    assert [message.to for message in mail.outbox[1:]] == [["grete@post.example"]]
    assert sold_out.title in mail.outbox[1].body


def test_asking_says_nothing_about_addresses(client: Client, ada: User, saturday: DeliveryRound, sold_out: Product) -> None:
    said = []
    for email in (ada.email, "unknown@post.example", ada.email):
        page = client.post(reverse("notices:ask", args=[sold_out.pk]), {"email": email}, follow=True)
        said.append([str(message).replace(email, "…") for message in page.context["messages"]])
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("email", ["", "nonsense", "a@b", "x" * 300 + "@post.example"])
def test_nonsense_is_refused_with_a_sentence(email: str, client: Client, sold_out: Product) -> None:
    answer = client.post(reverse("notices:ask", args=[sold_out.pk]), {"email": email})
    assert answer.status_code == 422
    assert not ArticleNotice.objects.exists()


def test_many_requests_are_refused_kindly(client: Client, village: Municipality, sold_out: Product) -> None:
    others = [article(village) for _number in range(5)]
    answers = [
        client.post(reverse("notices:ask", args=[product.pk]), {"email": "grete@post.example"}) for product in (sold_out, *others)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Bitte versuchen Sie es in einer Stunde noch einmal" in answers[-1].content.decode()


def test_links_are_forged_expired_or_for_something_else(
    client: Client, sold_out: Product, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("notices:ask", args=[sold_out.pk]), {"email": "grete@post.example"})
    link = link_in(mail.outbox[0])
    assert client.get(link.replace("/ja/", "/ja/x")).status_code == 404
    assert client.post(link.replace("/ja/", "/abbestellen/")).status_code == 404
    with time_machine.travel(NOW + timedelta(days=articles.DAYS_TO_CONFIRM, minutes=1), tick=False):
        assert client.post(link).status_code == 410
        tasks.send_due_notices()
    assert not ArticleNotice.objects.exists()


def test_told_once_even_if_it_is_sold_out_in_between(ada: User, saturday: DeliveryRound, sold_out: Product) -> None:
    articles.ask(product=sold_out, user=ada, email="", at=NOW)
    for number in (5, 0, 5):
        restock(sold_out, number)
        tasks.send_due_notices()
    assert [message.to for message in mail.outbox] == [[ada.email]]
    articles.ask(product=sold_out, user=ada, email="", at=NOW)  # who wants to know again asks again
    tasks.send_due_notices()
    assert len(mail.outbox) == 2


def test_several_articles_come_in_one_mail(ada: User, village: Municipality, saturday: DeliveryRound) -> None:
    wanted = [article(village, offer__stock_kind="limited", offer__num_in_stock=0) for _number in range(3)]
    for product in wanted:
        articles.ask(product=product, user=ada, email="", at=NOW)
        restock(product)
    tasks.send_due_notices()
    (message,) = mail.outbox
    assert all(product.title in message.body for product in wanted)
    assert message.subject == "3 Nachrichten von Hüttener Berge"


@pytest.mark.parametrize("number", [1, 3])
def test_finding_what_is_due_costs_the_same_for_any_number(
    number: int, ada: User, village: Municipality, saturday: DeliveryRound, django_assert_num_queries: Any
) -> None:
    for _number in range(number):
        product = article(village, offer__stock_kind="per_round", offer__per_round=3)
        articles.ask(product=product, user=ada, email="", at=NOW)
    with django_assert_num_queries(4):
        assert len(articles.due(region=saturday.region, at=NOW)) == number


def test_failed_mail_stays_due(ada: User, saturday: DeliveryRound, sold_out: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    articles.ask(product=sold_out, user=ada, email="", at=NOW)
    restock(sold_out)
    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMultiAlternatives, "send", lambda *_a, **_k: (_ for _ in ()).throw(OSError("no mail server")))
        tasks.send_due_notices()
    assert ArticleNotice.objects.get().told_at is None
    tasks.send_due_notices()
    assert len(mail.outbox) == 1
