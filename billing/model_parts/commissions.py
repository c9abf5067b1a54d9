"""What the market takes of producers' sales: commission by rules that are more special than the contract, and fees."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CommissionRule(models.Model):
    """A percentage for the goods of a producer, of a shelf and all below it, or both; dated, and never changed once it holds."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="commission_rules")
    partner = models.ForeignKey(
        "partner.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_rules",
        verbose_name=_("producer"),
    )
    shelf = models.ForeignKey(
        "catalogue.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_rules",
        verbose_name=_("shelf"),
    )
    percent = models.DecimalField(_("commission in percent"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lt=100), name="commission_rule_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(shelf__isnull=False), name="commission_rule_is_special"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="commission_rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % {self.valid_from}"


class ProducerFee(models.Model):
    """A fee that producers bear, and who receives it; it comes off the credit note as the commission does."""

    class Basis(models.TextChoices):
        """What it is reckoned from."""

        PERCENT = "percent", _("percent of the goods")
        ORDER = "order", _("euro for each order with goods of the business")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="producer_fees")
    #: empty: of all producers of the region
    partner = models.ForeignKey(
        "partner.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="producer_fees",
        verbose_name=_("producer"),
    )
    name = models.CharField(_("what it is for"), max_length=80)
    basis = models.CharField(_("reckoned as"), max_length=10, choices=Basis.choices)
    #: percent of the net price of the goods, or euro without VAT
    amount = models.DecimalField(_("amount"), max_digits=7, decimal_places=2)
    #: as the credit note names it: the operator, or on whose behalf the operator takes it
    recipient = models.CharField(_("who receives it"), max_length=120)
    #: who is credited for it (`billing.fee_statements`); empty: the operator keeps it
    payee = models.ForeignKey(
        "partner.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received_fees",
        verbose_name=_("receiver"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="producer_fee_is_positive"),
            models.CheckConstraint(condition=~Q(basis="percent") | Q(amount__lt=100), name="producer_fee_is_a_percentage"),
            models.CheckConstraint(condition=~Q(recipient=""), name="producer_fee_names_its_recipient"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="producer_fee_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"


class PayoutMinimum(models.Model):
    """Below which balance a producer's money waits for the next month; of the whole region, or of one producer."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="payout_minimums")
    partner = models.OneToOneField(
        "partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="payout_minimum"
    )
    amount = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="payout_minimum_is_not_negative"),
            models.UniqueConstraint(fields=["region"], condition=Q(partner__isnull=True), name="one_payout_minimum_a_region"),
        ]

    def __str__(self) -> str:
        return f"{self.partner or self.region} {self.amount}"
