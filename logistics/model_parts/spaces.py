"""How much of the room of a round is taken: in its vehicles together, at a pickup point, in a window."""

from django.db import models
from django.db.models import F, Q

from logistics.model_parts.rounds import DeliveryRound, DeliveryWindow, PickupPoint


class RoundSpace(models.Model):
    """What fits in, and what is taken, of one round in all its vehicles (no place), at a pickup point, or in a window.

    Never overbooked; an empty limit is none. `orders` of the vehicles are stops at doors and orders at pickup points alike.
    """

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="spaces")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    window = models.ForeignKey(DeliveryWindow, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    limit_orders = models.PositiveIntegerField(null=True, blank=True)
    limit_crates = models.PositiveIntegerField(null=True, blank=True)
    limit_cold = models.PositiveIntegerField(null=True, blank=True)
    limit_grams = models.PositiveIntegerField(null=True, blank=True)
    orders = models.PositiveIntegerField(default=0)
    crates = models.PositiveIntegerField(default=0)
    cold = models.PositiveIntegerField(default=0)
    grams = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "pickup_point", "window"], nulls_distinct=False, name="one_space_a_round_and_place"
            ),
            models.CheckConstraint(condition=Q(pickup_point__isnull=True) | Q(window__isnull=True), name="space_is_of_one_place"),
            models.CheckConstraint(
                condition=Q(limit_orders__isnull=True) | Q(orders__lte=F("limit_orders")), name="space_orders_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(limit_crates__isnull=True) | Q(crates__lte=F("limit_crates")), name="space_crates_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(limit_cold__isnull=True) | Q(cold__lte=F("limit_cold")), name="space_cold_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(limit_grams__isnull=True) | Q(grams__lte=F("limit_grams")), name="space_grams_not_overbooked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.orders}/{self.crates}"
