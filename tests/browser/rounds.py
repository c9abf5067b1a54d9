"""A round for one test alone: nobody else orders for it, so what is in it is known."""

from datetime import timedelta

from django.utils import timezone

from logistics import rounds
from logistics.models import DeliveryRound
from tests.factories.town import Town


def a_round_of_its_own(town: Town) -> DeliveryRound:
    """One later than all others, for which one can order already; the others stay as they are."""
    last = DeliveryRound.objects.filter(region=town.region).order_by("-delivery_day")[0]
    rounds.announce(rule=last.rule, today=last.delivery_day + timedelta(days=1))
    new = DeliveryRound.objects.filter(rule=last.rule, delivery_day__gt=last.delivery_day).order_by("delivery_day")[0]
    DeliveryRound.objects.filter(rule=last.rule, delivery_day__gt=new.delivery_day).delete()
    new.opens_at = timezone.now() - timedelta(hours=1)
    new.save(update_fields=["opens_at"])
    return new
