"""Months of the books that are closed: nothing is booked into them any more."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Closing(models.Model):
    """A closed month of a region; open again once two people have agreed on why. A trigger refuses bookings into it."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="closings")
    first = models.DateField()
    last = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # opening it again: one asks and says why, another one does it
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "first"], condition=Q(reopened_at__isnull=True), name="month_closed_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="closing_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, reason="") | (Q(asked_at__isnull=False) & ~Q(reason="")),
                name="reopening_says_why",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | Q(asked_at__isnull=False), name="reopening_was_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(reopened_by__isnull=True) | ~Q(reopened_by=F("asked_by")), name="two_people_reopen_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
