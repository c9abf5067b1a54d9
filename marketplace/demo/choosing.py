"""Lets the demo show how else goods can come: a farm where one fetches them, and people who wait for a full window."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from logistics import farm_windows, waiting
from logistics.models import DeliveryRound, DeliveryWindow, RoundRule
from marketplace.demo import shopping
from marketplace.demo.shopping import Shelf, Shopper
from marketplace.partner.models import Partner

FARM, HOURS, PLACES = "gemuesehof-krummer-pflug", (time(9), time(12)), 12
WHO_WAITS = ("ina.wartegern@post.example", "jost.geduld@post.example")


def show(*, delivery_round: DeliveryRound, shelf: Shelf, shoppers: Sequence[Shopper], now: datetime, dice: Random) -> None:
    """Hours at a farm with the first customer who comes there, and a short list for each full window of the round."""
    farm = Partner.objects.filter(slug=FARM, region=delivery_round.region_id).first()
    if farm is not None and delivery_round.rule.frequency == RoundRule.Frequency.WEEKLY:
        starts, ends = HOURS
        farm_windows.offer(partner=farm, rule=delivery_round.rule, starts=starts, ends=ends, capacity=PLACES, at=now, by=None)
        windows = list(DeliveryWindow.objects.filter(round=delivery_round, partner=farm).select_related("round", "partner"))
        for shopper in shoppers:
            if shopping.order(shopper=shopper, shelf=shelf, delivery_round=delivery_round, windows=windows, at=now, dice=dice):
                break
    for window in DeliveryWindow.objects.filter(round=delivery_round, taken=F("capacity")).select_related("round"):
        for number, email in enumerate(WHO_WAITS):
            at = now - timedelta(hours=5 - number)
            entry = waiting.enter(window=window, email=email, user=AnonymousUser(), at=at)
            waiting.confirm(entry_id=entry.pk, at=at)
