"""Vouchers: Oscar's rows say what they take off and when, ours in which region, of whose goods, who bears it and how often.

`Reduction`, `FreeDelivery` and `Worth` are what Oscar's offers do and ask for here; `marketplace.vouchers.counting` runs them.
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.offer.models import Benefit, Condition
from oscar.apps.offer.results import SHIPPING_DISCOUNT, ZERO_DISCOUNT, BasketDiscount

from marketplace.core import money
from marketplace.order import discounts


class VoucherTerms(models.Model):
    """What this market adds to Oscar's voucher: it holds in one region, and its code is written only once there."""

    voucher = models.OneToOneField("voucher.Voucher", on_delete=models.PROTECT, related_name="terms")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("region"))
    code = models.CharField(_("code"), max_length=30)
    title = models.CharField(_("what customers read"), max_length=100)
    #: empty: the operator of the region
    bearer = models.ForeignKey(
        "partner.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="borne_vouchers",
        verbose_name=_("bearer"),
    )
    #: whose goods it is for; empty: everybody's
    goods_of = models.ForeignKey(
        "partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goods of")
    )
    first_order_only = models.BooleanField(_("only for the first order"), default=False)
    uses_in_all = models.PositiveIntegerField(_("uses in all"), null=True, blank=True)
    uses_per_person = models.PositiveSmallIntegerField(_("uses per person"), null=True, blank=True, default=1)
    #: by orders that were not cancelled
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="voucher_code_once_a_region"),
            models.CheckConstraint(
                condition=Q(uses_in_all__isnull=True) | Q(used__lte=F("uses_in_all")), name="voucher_is_not_used_too_often"
            ),
            models.CheckConstraint(
                condition=Q(uses_per_person__isnull=True) | Q(uses_per_person__gte=1), name="voucher_can_be_used_by_a_person"
            ),
            models.CheckConstraint(
                condition=Q(bearer__isnull=True) | Q(goods_of=F("bearer")), name="producer_bears_only_discounts_on_own_goods"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Reduction(Benefit):
    """Takes a percentage or a fixed amount off the goods, to the cent: Oscar's own benefits round each line down."""

    class Meta:
        proxy = True
        app_label = "market_vouchers"

    @property
    def name(self) -> str:
        """What it does, for Oscar's lists."""
        return f"{self.value} {self.type}"

    def apply(self, basket: Any, condition: Any, offer: Any, **_more: Any) -> Any:
        """Take it off what earlier offers left of the goods that the offer is for."""
        left = basket.left(offer=offer)
        percentage = self.type == Benefit.PERCENTAGE
        shares = discounts.share_out(
            left=left, percent=self.value if percentage else None, amount=money.ZERO if percentage else Decimal(self.value)
        )
        if not any(shares.values()):
            return ZERO_DISCOUNT
        basket.take(offer=offer, shares=shares)
        return BasketDiscount(sum(shares.values(), money.ZERO))


class FreeDelivery(Benefit):
    """Takes the delivery fee off."""

    class Meta:
        proxy = True
        app_label = "market_vouchers"

    @property
    def name(self) -> str:
        """What it does, for Oscar's lists."""
        return "free delivery"

    def apply(self, basket: Any, condition: Any, offer: Any, **_more: Any) -> Any:
        """Take off what is left of the fee."""
        return SHIPPING_DISCOUNT if basket.free(offer=offer) else ZERO_DISCOUNT


class Worth(Condition):
    """The goods that the offer is for have to come to a value, before any voucher."""

    class Meta:
        proxy = True
        app_label = "market_vouchers"

    @property
    def name(self) -> str:
        """What it asks for, for Oscar's lists."""
        return f"goods from {self.value}"

    def is_satisfied(self, offer: Any, basket: Any) -> bool:
        """Whether there are such goods, and enough of them."""
        worth = basket.worth(offer=offer)
        return bool(worth and worth >= (self.value or money.ZERO))
