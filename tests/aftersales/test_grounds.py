"""The same sentence about the right of withdrawal wherever a customer meets an article: product × ground × place."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from marketplace.catalogue import withdrawal
from marketplace.core.wishes import WithdrawalGround
from marketplace.order import links
from marketplace.order.models import Order
from tests.checkout.test_journey import confirm, up_to_review
from tests.factories import orders
from tests.factories.market import NOW, UserFactory

pytestmark = pytest.mark.django_db
GROUNDS = ("", *WithdrawalGround.values)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    """It is the Tuesday before the cut-off."""
    with time_machine.travel(NOW, tick=False):
        yield


def told(text: str) -> list[str]:
    """What a page or mail says of the right of withdrawal, line by line, in their order."""
    plain = " ".join(unescape(re.sub(r"<[^>]*>", "\n", text)).replace("\n", " \n ").split(" "))
    return [line.strip() for line in plain.split("\n") if line.strip().startswith(("Kein Widerrufsrecht:", "Widerrufsrecht:"))]


def test_matrix(django_capture_on_commit_callbacks: Any) -> None:
    ada = UserFactory.create()
    till = orders.till(quantities=(1,) * len(GROUNDS), owner=ada)
    for product, ground in zip(till.products, GROUNDS, strict=True):
        product.withdrawal_ground = ground
        product.save()
    expected = sorted(withdrawal.sentence(ground=ground) for ground in GROUNDS)
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    pages = [client.get(product.get_absolute_url()).content.decode() for product in till.products]
    review = up_to_review(client, till)
    with django_capture_on_commit_callbacks(execute=True):
        thanks = confirm(client, review)
    (confirmation,) = mail.outbox
    assert isinstance(confirmation, EmailMultiAlternatives)
    html = str(confirmation.alternatives[0][0])
    order = Order.objects.get()
    places = {
        "article": "\n".join(pages),
        "checkout": review.content.decode(),
        "thanks": client.get(thanks.headers["Location"]).content.decode(),
        "mail": confirmation.body.partition("Zahlung")[0],
        "mail in HTML": html,
        "account": client.get(reverse("customer:order", args=[order.number])).content.decode(),
        "link": Client().get(reverse("customer:order_by_link", args=[links.sign(order=order)])).content.decode(),
    }
    assert {place: sorted(told(text)) for place, text in places.items()} == dict.fromkeys(places, expected)


def test_what_the_producer_changes_later_changes_no_order() -> None:
    till = orders.till(quantities=(1,))
    (product,) = till.products
    order = till.place()
    product.withdrawal_ground = WithdrawalGround.SEALED
    product.save()
    assert order.lines.get().withdrawal_ground == ""
