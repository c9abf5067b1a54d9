"""Being asked how the goods were: only with a yes, once for each order, some days after it came."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from logistics.models import Delivery
from marketplace.notices import choices, tasks
from marketplace.notices.models import Kind
from marketplace.order import links
from marketplace.order.models import Line, Order
from marketplace.partner.models import Partner
from marketplace.reviews import reviews
from marketplace.users.models import User
from tests.factories.market import UserFactory
from tests.reviews.conftest import bought, farm

__all__ = ["farm"]


@pytest.fixture(autouse=True)
def _told_clock() -> None:
    """Each test tells the time itself."""


def came(line: Line) -> Delivery:
    """The delivery, with the moment at which it was handed over."""
    return Delivery.objects.get(order=line.order_id)


def sent_after(line: Line, **later: int) -> int:
    """How many mails there are so long after the delivery; the job runs twice."""
    done = came(line).completed_at
    assert done
    with time_machine.travel(done + timedelta(**later), tick=False):
        tasks.send_due_notices()
        tasks.send_due_notices()
    return len(mail.outbox)


def welcome(line: Line, user: User | None = None) -> None:
    """Somebody said yes."""
    order = line.order
    choices.choose(
        region=order.region,
        kinds=[Kind.REVIEW],
        wanted=True,
        at=order.date_placed,
        user_id=user.pk if user else None,
        email=order.guest_email,
    )


def test_a_guest_who_said_yes_is_asked_once_with_a_link_to_the_form(farm: Partner, client: Client) -> None:
    line = bought(farm, guest_email="Jette@post.example")
    welcome(line)
    assert sent_after(line, days=2) == 0
    assert sent_after(line, days=3) == 1
    assert sent_after(line, days=5) == 1
    (message,) = mail.outbox
    assert message.to == ["Jette@post.example"]
    path = "/bewerten/" + message.body.split("/bewerten/")[1].split()[0]
    done = came(line).completed_at
    assert done
    with time_machine.travel(done + timedelta(days=4), tick=False):
        assert "Rapshonig" in client.get(path).content.decode()


def test_nobody_is_asked_without_a_yes(farm: Partner) -> None:
    assert sent_after(bought(farm, user=UserFactory.create()), days=4) == 0


def test_late_job_asks_nobody_after_a_fortnight(farm: Partner) -> None:
    user = UserFactory.create()
    line = bought(farm, user=user)
    welcome(line, user)
    assert sent_after(line, days=15) == 0


def test_who_reviewed_already_and_who_got_nothing_is_not_asked(farm: Partner) -> None:
    user = UserFactory.create()
    line, never = bought(farm, user=user), bought(farm, user=user, delivered=0)
    welcome(line, user)
    done = came(line).completed_at
    assert done
    reviews.write(line=line, stars=5, text="", at=done)
    assert sent_after(never, days=4) == 0


def test_yes_is_said_beside_the_order_and_taken_back_in_the_mail(farm: Partner, client: Client) -> None:
    line = bought(farm, user=None, guest_email="jette@post.example")
    order = line.order
    Order.objects.filter(pk=order.pk).update(status=Order.Status.PLACED)
    signed = links.sign(order=order)
    with time_machine.travel(order.date_placed, tick=False):
        page = client.get(reverse("customer:order_by_link", args=[signed])).content.decode()
        assert "Ja, fragen Sie mich dann" in page
        client.post(reverse("notices:ask_how_it_was"), {"link": signed})
        again = client.get(reverse("customer:order_by_link", args=[signed])).content.decode()
        assert "wie-war-es" not in again
    Order.objects.filter(pk=order.pk).update(status=Order.Status.COMPLETED)
    assert sent_after(line, days=3) == 1
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    done = came(line).completed_at
    assert done
    with time_machine.travel(done + timedelta(days=4), tick=False):
        client.post("/" + stop.split("/", 3)[3])
    assert not choices.wants(region=order.region, kind=Kind.REVIEW, user_id=None, email="jette@post.example")
