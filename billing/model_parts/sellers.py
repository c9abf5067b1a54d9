"""What the tax office is told of sellers once a year (Plattformen-Steuertransparenzgesetz, DAC7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SellerFacts(models.Model):
    """What the law asks of a seller beyond what its business page says (section 17 PStTG)."""

    partner = models.OneToOneField("partner.Partner", on_delete=models.CASCADE, related_name="seller_facts")
    is_person = models.BooleanField(_("a person, not a company"), default=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    #: the identification number of a person (11 digits) or the tax number of a company
    tin = models.CharField(_("tax identification number"), max_length=20, blank=True)
    register_number = models.CharField(_("number in the commercial register"), max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.partner_id}"


class SellerReminder(models.Model):
    """A reminder that facts are missing: the first and the second, each once a year."""

    partner = models.ForeignKey("partner.Partner", on_delete=models.CASCADE, related_name="seller_reminders")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    sent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "year", "number"], name="seller_reminder_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=2), name="two_seller_reminders"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.year}/{self.number}"


class SellerCopy(models.Model):
    """What the tax office was told of a seller for a year, as the seller gets it (section 22 PStTG). Kept as it was reported."""

    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="seller_copies")
    year = models.PositiveSmallIntegerField()
    #: the report that it is a copy of
    export = models.ForeignKey("billing.PeriodExport", on_delete=models.PROTECT, related_name="seller_copies")
    #: what was reported, as `billing.seller_copies` writes it
    content = models.JSONField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "year"], name="seller_copy_once_a_year")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.year}"
