"""Producers and their stock."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractPartner, AbstractStockRecord


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Producers, as the market speaks of them."""

    def selling(self) -> "PartnerQuerySet":
        """Those whose goods can be bought."""
        return self.filter(status=Partner.Status.APPROVED)

    def run_by(self, user: Any) -> "PartnerQuerySet":
        """Those in whose name `user` acts."""
        return self.filter(users=user)


class Partner(AbstractPartner):
    """A producer, retailer, craftsperson or service firm of one region."""

    class Kind(models.TextChoices):
        """What sort of business it is."""

        PRODUCER = "producer", _("Farm")
        RETAILER = "retailer", _("Shop")
        CRAFT = "craft", _("Craft")
        SERVICE = "service", _("Service")

    class Status(models.TextChoices):
        """How far the office has let it in."""

        APPLIED = "applied", _("applied")
        APPROVED = "approved", _("approved")
        SUSPENDED = "suspended", _("suspended")
        #: sells nothing, but receives fees that producers bear (`billing.fee_statements`)
        PAYEE = "payee", _("receives fees")

    TRANSITIONS = {
        Status.APPLIED: frozenset({Status.APPROVED, Status.SUSPENDED}),
        Status.APPROVED: frozenset({Status.SUSPENDED}),
        Status.SUSPENDED: frozenset({Status.APPROVED}),
        Status.PAYEE: frozenset({Status.APPROVED}),
    }

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="partners", verbose_name=_("region"))
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.PROTECT, related_name="partners", verbose_name=_("municipality")
    )
    slug = models.SlugField(_("slug"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PRODUCER)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.APPLIED)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    short = models.CharField(_("in one line"), max_length=200, blank=True)
    story = models.TextField(_("story"), blank=True)
    opening_text = models.CharField(_("opening hours"), max_length=300, blank=True)
    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    # who stands behind it: every producer's page shows this
    contact_first_name = models.CharField(_("first name"), max_length=100)
    contact_last_name = models.CharField(_("last name"), max_length=100)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = models.CharField(_("city"), max_length=100)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40)
    register_entry = models.CharField(_("register entry"), max_length=200, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    organic_code = models.CharField(_("organic control body"), max_length=12, blank=True)
    organic_valid_until = models.DateField(_("organic certificate valid until"), null=True, blank=True)
    # how the goods leave
    brings_to_hub = models.BooleanField(_("brings the goods to the hub"), default=False)
    collect_from = models.TimeField(_("collection from"), null=True, blank=True)
    collect_until = models.TimeField(_("collection until"), null=True, blank=True)
    # what an order has to hold of this producer, and what all orders of a round together, else nothing is packed
    minimum_order = models.DecimalField(_("minimum for each order"), max_digits=6, decimal_places=2, default=0)
    minimum_round = models.DecimalField(_("minimum for each round"), max_digits=8, decimal_places=2, default=0)
    closed_from = models.DateField(_("closed from"), null=True, blank=True)
    closed_until = models.DateField(_("closed until"), null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta(AbstractPartner.Meta):
        constraints = [
            models.UniqueConstraint(fields=["region", "slug"], name="partner_slug_once_a_region"),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False), name="approved_partner_says_since_when"
            ),
            models.CheckConstraint(
                condition=Q(closed_from__isnull=True) | Q(closed_until__gte=F("closed_from")),
                name="partner_closure_ends_after_start",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The producer's public page."""
        return reverse("catalogue:producer", args=[self.slug])

    @property
    def contact_name(self) -> str:
        """First and last name of the person behind the business."""
        return f"{self.contact_first_name} {self.contact_last_name}"


class StockRecord(AbstractStockRecord):
    """What a producer asks for an article and how much there is. `price` includes VAT and is per sales unit."""

    class StockKind(models.TextChoices):
        """How much can be sold."""

        MADE_TO_ORDER = "made_to_order", _("as much as is ordered")
        LIMITED = "limited", _("as long as stock lasts")
        PER_ROUND = "per_round", _("so many in each round")

    stock_kind = models.CharField(_("stock"), max_length=15, choices=StockKind.choices, default=StockKind.MADE_TO_ORDER)
    per_round = models.PositiveIntegerField(_("for each round"), null=True, blank=True)
    #: only for catch weight; `price` is then the expected price of a piece, kept in step by `offers.set_price`
    price_per_kg = models.DecimalField(_("price per kilogram"), max_digits=8, decimal_places=2, null=True, blank=True)

    # while the price is reduced (of a unit, or of a kilogram where the goods are weighed): until when, what it costs afterwards,
    # and the lowest price of the 30 days before (section 11 PAngV)
    reduced_until = models.DateField(_("reduced until"), null=True, blank=True)
    price_after = models.DecimalField(_("price afterwards"), max_digits=12, decimal_places=2, null=True, blank=True)
    lowest_before = models.DecimalField(_("lowest price before"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta(AbstractStockRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product"], name="one_offer_a_product"),
            models.CheckConstraint(condition=Q(price__isnull=False, price__gte=Decimal("0.01")), name="offer_has_a_price"),
            models.CheckConstraint(
                condition=~Q(stock_kind="limited")
                | Q(
                    num_in_stock__isnull=False,
                    num_allocated__isnull=False,
                    num_allocated__gte=0,
                    num_allocated__lte=F("num_in_stock"),
                ),
                name="limited_stock_is_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(reduced_until__isnull=True, price_after__isnull=True, lowest_before__isnull=True)
                | Q(reduced_until__isnull=False, price_after__isnull=False, lowest_before__isnull=False),
                name="reduced_offer_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(stock_kind="per_round") | Q(per_round__isnull=False), name="per_round_stock_says_how_many"
            ),
        ]


class PriceRecord(models.Model):
    """What an article cost from when on; reductions name the lowest price of the 30 days before (section 11 PAngV)."""

    stockrecord = models.ForeignKey(StockRecord, on_delete=models.CASCADE, related_name="price_history")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stockrecord", "-since"], name="price_history_by_offer")]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} {self.price}"


from oscar.apps.partner.models import *  # noqa: E402, F403 - Oscar's remaining models, registered after ours
