"""A household has goods brought again and again: it sets that up alone, hears what comes, changes it, pauses and ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from logistics import rounds
from marketplace.order.models import Order
from marketplace.standing import tasks
from marketplace.standing.models import StandingOrder, StandingPlacement
from tests.factories import orders
from tests.factories.market import NOW
from tests.standing.standing_orders import household, products

pytestmark = pytest.mark.django_db


def test_from_the_basket_over_two_rounds_to_the_end(client: Client, time_machine: Any) -> None:
    home = household()
    milk, honey = products(home, 2)
    orders.filled_basket(region=home.region, owner=home.user, wanted={milk: 2, honey: 1})
    time_machine.move_to(NOW - timedelta(days=3), tick=False)
    client.force_login(home.user)
    assert reverse("standing:new") in client.get("/korb/").content.decode()
    told = {
        "starts_on": "2026-11-28",
        "window": home.at_home.pk,
        "first_name": "Grete",
        "last_name": "Beispiel",
        "street": "Dorfstraße 7",
        "place": f"24361|{home.village.pk}",
        "payment": "handover",
        **{f"article-quantity_{one.pk}": 2 for one in (milk, honey)},
        **{f"article-wish_{one.pk}": "similar" for one in (milk, honey)},
        f"article-rhythm_{milk.pk}": "weekly",
        f"article-rhythm_{honey.pk}": "monthly",
    }
    total = client.post(reverse("standing:new"), told).context["estimate"].total
    standing_page = client.post(reverse("standing:new"), {**told, "agreed": str(total)})["Location"]
    rounds.announce(rule=home.round.rule, today=NOW.date())

    time_machine.move_to(NOW, tick=False)
    tasks.place_due_standing_orders()
    first = Order.objects.get()
    assert sorted(first.lines.values_list("product", "quantity")) == sorted([(milk.pk, 2), (honey.pk, 2)])
    letter = next(letter for letter in mail.outbox if letter.subject.startswith("Das kommt am"))
    link = next(line.split()[-1] for line in letter.body.splitlines() if "/aendern/" in line)
    assert Client().get(link[link.index("/konto/") :]).status_code == 302
    assert first.number in client.get(standing_page).content.decode()

    closing = home.round.cutoff_at + timedelta(minutes=11)
    time_machine.move_to(closing, tick=False)
    rounds.close(delivery_round=home.round, at=closing)
    tasks.place_due_standing_orders()
    settled = next(letter for letter in mail.outbox if letter.subject.startswith("Es bleibt dabei"))
    assert "/aendern/" not in settled.body

    time_machine.move_to(NOW + timedelta(days=7), tick=False)
    tasks.place_due_standing_orders()
    second = Order.objects.exclude(pk=first.pk).get()
    assert list(second.lines.values_list("product", "quantity")) == [(milk.pk, 2)]

    number = StandingOrder.objects.get().number
    client.post(reverse("standing:end_one", args=[number]))
    time_machine.move_to(NOW + timedelta(days=14), tick=False)
    tasks.place_due_standing_orders()
    assert StandingPlacement.objects.count() == 2
    assert any("Kündigung" in letter.subject for letter in mail.outbox)
