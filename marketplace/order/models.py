"""Orders: what was agreed, copied so that it stays as it was agreed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder, AbstractOrderDiscount, AbstractOrderLineDiscount

from marketplace.core.models import VatCategory
from marketplace.core.wishes import Substitution, WithdrawalGround


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders, as the market speaks of them."""

    def of_customer(self, user: Any) -> "OrderQuerySet":
        """The orders a customer may see."""
        return self.filter(user=user)

    def unconfirmed(self) -> "OrderQuerySet":
        """Orders whose confirmation has not been sent, by e-mail or as a letter; who is about to pay is written to afterwards."""
        waiting = self.filter(confirmation_sent_at__isnull=True, terms__unpaid_until__isnull=True)
        return waiting.exclude(status=Order.Status.CANCELLED)

    def by_mail(self) -> "OrderQuerySet":
        """Orders whose customers are written to by e-mail."""
        return self.filter(Q(user__email__gt="") | Q(guest_email__gt=""))

    def on_paper(self) -> "OrderQuerySet":
        """Orders by telephone of customers without an e-mail address: they are written letters (docs/adr/0014)."""
        return self.filter(Q(user__isnull=True) | Q(user__email=""), guest_email="", channel=Order.Channel.PHONE)


class Order(AbstractOrder):
    """A customer's binding order in one region, for one delivery. Totals include VAT, deposits and fees."""

    class Status(models.TextChoices):
        """How far the order is. Whether it is paid is billing's knowledge, where it is on the road logistics'."""

        PLACED = "placed", _("placed")
        CLOSED = "closed", _("being prepared")
        COMPLETED = "completed", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    class Channel(models.TextChoices):
        """How the order came in."""

        WEB = "web", _("online")
        PHONE = "phone", _("by telephone")
        STANDING = "standing", _("standing order")

    TRANSITIONS = {
        Status.PLACED: frozenset({Status.CLOSED, Status.CANCELLED}),
        Status.CLOSED: frozenset({Status.COMPLETED, Status.CANCELLED}),
    }

    status = models.CharField(_("status"), max_length=100, choices=Status.choices, default=Status.PLACED)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="orders", verbose_name=_("region"))
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    company = models.CharField(_("company"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    goods_total = models.DecimalField(_("goods"), max_digits=12, decimal_places=2)
    deposit_total = models.DecimalField(_("deposits"), max_digits=12, decimal_places=2, default=0)
    #: what vouchers take off, goods and fee together; positive
    discount_total = models.DecimalField(_("discounts"), max_digits=12, decimal_places=2, default=0)
    channel = models.CharField(_("came in"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    #: who of the office took it down, for orders by telephone
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: a present: whoever receives the goods sees no prices
    is_gift = models.BooleanField(_("is a gift"), default=False)
    gift_message = models.CharField(_("greeting"), max_length=300, blank=True)
    #: where the giver of a gift lives, or who ordered by telephone, for invoice and letters; else those name where the goods went
    billing_street = models.CharField(max_length=200, blank=True)
    billing_postal_code = models.CharField(max_length=10, blank=True)
    billing_city = models.CharField(max_length=100, blank=True)
    #: counts up with every change by the customer; each version is confirmed by mail
    revision = models.PositiveIntegerField(default=1)
    amended_at = models.DateTimeField(null=True, blank=True)
    #: the legal texts as they were accepted
    terms_accepted = models.JSONField(default=dict)
    confirmation_sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta(AbstractOrder.Meta):
        constraints = [
            models.UniqueConstraint(fields=["basket"], condition=Q(basket__isnull=False), name="one_order_a_basket"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False), name="cancelled_order_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(completed_at__isnull=False), name="completed_order_says_when"
            ),
        ]
        indexes = [models.Index(fields=["region", "-date_placed"], name="order_by_region")]

    def get_absolute_url(self) -> str:
        """The order's page in the customer's account."""
        return reverse("customer:order", args=[self.number])

    @property
    def email(self) -> str:
        """Where the customer is reached; empty for some who order by telephone."""
        return self.guest_email or (self.user.email if self.user else "")

    @property
    def contact_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Line(AbstractLine):
    """One article of an order with the terms that were agreed: price, unit, VAT, deposit, weight."""

    kind = models.CharField(max_length=8, default="goods")
    sales_unit = models.CharField(max_length=15)
    unit_text = models.CharField(max_length=60, blank=True)  # e.g. "Glas 250 g", as it stood on the page
    vat_category = models.CharField(max_length=16, choices=VatCategory.choices)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    deposit_each = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    catch_weight = models.BooleanField(default=False)
    expected_weight_g = models.PositiveIntegerField(null=True, blank=True)
    tolerance_percent = models.PositiveSmallIntegerField(default=10)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    storage = models.CharField(max_length=8, default="ambient")
    age_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    organic_code = models.CharField(max_length=12, blank=True)
    volume_ml = models.PositiveIntegerField(default=1000)
    # what the base price is reckoned from, as it stood on the page
    net_content = models.PositiveIntegerField(null=True, blank=True)
    net_unit = models.CharField(max_length=4, default="none")
    #: why it cannot be withdrawn from; empty: it can (section 312g BGB)
    withdrawal_ground = models.CharField(max_length=15, choices=WithdrawalGround.choices, blank=True, default="")
    substitution = models.CharField(max_length=10, choices=Substitution.choices, default=Substitution.LEAVE_OUT)
    note = models.CharField(max_length=200, blank=True)
    #: added after the cut-off: goods of the same farm in place of what it had too little of, never dearer
    instead_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="substitute")

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(catch_weight=False) | Q(expected_weight_g__isnull=False, price_per_kg__isnull=False),
                name="catch_weight_line_has_weight_and_price",
            ),
        ]


class OrderDiscount(AbstractOrderDiscount):
    """What a voucher takes off an order as it was ordered, how that follows what is delivered, and who bears it.

    `OrderLineDiscount` holds the share of each line that it covers, zero included; several take their turn by key.
    """

    #: empty: the operator of the region
    bearer = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: of the goods that are left when its turn comes; empty: a fixed amount, or the delivery fee
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(AbstractOrderDiscount.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="discount_is_not_negative"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gt=0, percent__lte=100), name="discount_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=~Q(category="Shipping") | Q(bearer__isnull=True, percent__isnull=True),
                name="free_delivery_is_borne_by_the_operator",
            ),
        ]


class OrderLineDiscount(AbstractOrderLineDiscount):
    """The share of one line in a discount, gross euro as ordered."""

    class Meta(AbstractOrderLineDiscount.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order_discount", "line"], name="one_share_a_line"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="share_is_not_negative"),
        ]


class Letter(models.Model):
    """News about an order for a customer without an e-mail address, until somebody has sent it on paper."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="letters")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["order"], condition=models.Q(sent_at__isnull=True), name="letters_to_be_sent")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.subject}"


class Fee(models.Model):
    """A fee of an order and who receives it; the readable split of the price, the invoice and the payout come from here."""

    class Kind(models.TextChoices):
        """What is paid for."""

        DELIVERY = "delivery", _("Delivery")
        PICKUP = "pickup", _("Pickup point")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fees")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    gross = models.DecimalField(max_digits=8, decimal_places=2)
    #: empty: the operator of the region
    payee = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross__gt=0), name="fee_is_positive"),
            models.UniqueConstraint(fields=["order", "kind"], name="fee_once_an_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.gross}"


from oscar.apps.order.models import *  # noqa: E402, F403 - Oscar's remaining models, registered after ours
