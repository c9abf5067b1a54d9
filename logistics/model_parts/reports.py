"""What drivers' phones report besides the plain events of a stop: what could not be followed, photos of boxes, counted cash."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.deliveries import Delivery
from logistics.model_parts.tours import Stop, Tour


class UnfollowedReport(models.Model):
    """A report that could not be followed when it came. It is tried again until it can, or until somebody settles it."""

    uuid = models.UUIDField(primary_key=True)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="unfollowed_reports")
    #: None when the tour or the stop is not there any more, or was never the driver's
    tour = models.ForeignKey(Tour, on_delete=models.SET_NULL, null=True, blank=True, related_name="unfollowed_reports")
    stop = models.ForeignKey(Stop, on_delete=models.SET_NULL, null=True, blank=True, related_name="unfollowed_reports")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    #: why not, as it was said to the driver
    refusal = models.CharField(max_length=300)
    reported_at = models.DateTimeField()  # by the phone's clock
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    #: since when nothing is to be done about it: it was followed after all (nobody settled it), or somebody saw to it
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | Q(settled_at__isnull=False), name="settled_report_says_when"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}: {self.refusal}"


class BoxPhoto(models.Model):
    """A photo of the boxes where they were left, as a proof; it is erased after thirty days."""

    uuid = models.UUIDField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="photos")
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    taken_at = models.DateTimeField()  # by the phone's clock
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.taken_at:%Y-%m-%d}"


class CashCount(models.Model):
    """The cash of a tour as it was counted in the evening, beside what drivers reported. Gross euro."""

    tour = models.OneToOneField(Tour, on_delete=models.PROTECT, related_name="cash_count")
    expected = models.DecimalField(max_digits=8, decimal_places=2)
    counted = models.DecimalField(_("counted"), max_digits=8, decimal_places=2)
    note = models.CharField(_("note"), max_length=200, blank=True)
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expected__gte=0, counted__gte=0), name="cash_is_not_negative")]

    def __str__(self) -> str:
        return f"{self.counted}/{self.expected}"
