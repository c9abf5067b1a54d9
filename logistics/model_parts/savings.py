"""What sharing a round saved, kept once it is over, and what a kilometre and an hour cost."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.rounds import DeliveryRound


class RoadCosts(models.Model):
    """What a region reckons with when it says what sharing saves; shown beside every figure."""

    region = models.OneToOneField("regions.Region", on_delete=models.CASCADE, related_name="road_costs")
    euro_per_km = models.DecimalField(
        _("Euros for each kilometre"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("0.30"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10))],
    )
    euro_per_hour = models.DecimalField(
        _("Euros for each hour"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("13.90"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(200))],
    )
    grams_per_km = models.PositiveSmallIntegerField(
        _("Grams of CO₂ for each kilometre with a motor"), default=200, validators=[MaxValueValidator(2000)]
    )

    def __str__(self) -> str:
        return f"{self.euro_per_km} €/km, {self.euro_per_hour} €/h, {self.grams_per_km} g/km"


class RoundSavings(models.Model):
    """A round as it was driven beside the same deliveries with every producer driving alone. Metres and seconds."""

    round = models.OneToOneField(DeliveryRound, on_delete=models.CASCADE, related_name="savings")
    computed_at = models.DateTimeField()
    orders = models.PositiveIntegerField()
    producers = models.PositiveIntegerField()
    #: all tours, and the ways of producers who brought their goods to the hub; `motor_m` without cargo bikes
    shared_m = models.PositiveIntegerField()
    shared_s = models.PositiveIntegerField()
    motor_m = models.PositiveIntegerField()
    #: every producer on the shortest tour that the engine found
    alone_m = models.PositiveIntegerField()
    alone_s = models.PositiveIntegerField()
    #: every producer always going on to the nearest place, as people drive without a plan
    nearest_m = models.PositiveIntegerField()
    #: whether distances are estimates and not from a road network
    is_estimated = models.BooleanField()
    #: each producer's `partner` (key), `name`, `stops`, `metres` and `seconds` when driving alone, most metres first
    by_producer = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.round}: {self.shared_m} m / {self.alone_m} m"
