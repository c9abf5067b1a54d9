"""Articles and services, and the categories they are found in."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

from marketplace.assortments import sights
from marketplace.assortments.precedence import Sight
from marketplace.core.models import VatCategory
from marketplace.core.wishes import WithdrawalGround

#: the categories at which the market sells; the others are those of producers' own supplies to it
SOLD_AT = (VatCategory.REDUCED.value, VatCategory.STANDARD.value)


class Category(AbstractCategory):
    """A shelf of the market; all regions share the shelves, each sees its own goods on them."""

    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    #: what usually holds for the goods on this shelf; a producer can say otherwise for each article
    withdrawal_ground = models.CharField(
        _("no right of withdrawal because of"), max_length=15, choices=WithdrawalGround.choices, blank=True, default=""
    )

    def get_absolute_url(self, parent_slug: str | None = None) -> str:
        """The category's page."""
        return reverse("catalogue:category", args=[self.slug])


class ProductQuerySet(OscarProductQuerySet):
    """Articles, as the market speaks of them."""

    def on_show(self, region: Any, *, sight: Sight | None = None) -> "ProductQuerySet":
        """What somebody with that sight sees in a region: public articles of approved producers, orderable today or not.

        Without a sight it is what everybody sees, so that a door that forgets to tell it shows too little rather than too much.
        """
        known = sights.everybody(region=region) if sight is None else sight
        shown: ProductQuerySet = self.filter(known.where(), is_public=True, partner__region=region, partner__status="approved")
        return shown

    def of(self, partner: Any) -> "ProductQuerySet":
        """All articles of one producer, hidden ones too."""
        own: ProductQuerySet = self.filter(partner=partner)
        return own


class Product(AbstractProduct):
    """Goods or a fixed-price service that one producer offers, with all that German trade law wants said of it."""

    class Kind(models.TextChoices):
        """Goods travel to the customer; for a service the customer's tool travels to the craftsperson and back."""

        GOODS = "goods", _("Article")
        SERVICE = "service", _("Service")

    class SalesUnit(models.TextChoices):
        """What one of it is."""

        PIECE = "piece", _("piece")
        BUNCH = "bunch", _("bunch")
        BOTTLE = "bottle", _("bottle")
        JAR = "jar", _("jar")
        PACK = "pack", _("pack")
        KG = "kg", _("kg")
        LITRE = "litre", _("litre")
        BOX = "box", _("box")
        HUNDRED_GRAMS = "hundred_grams", _("100 g")
        SERVICE = "service", _("job")

    class NetUnit(models.TextChoices):
        """What the content is measured in."""

        GRAMS = "g", "g"
        MILLILITRES = "ml", "ml"
        NONE = "none", _("none")

    class Storage(models.TextChoices):
        """What the goods need on the way."""

        AMBIENT = "ambient", _("not chilled")
        COOL = "cool", _("chilled")
        FROZEN = "frozen", _("frozen")

    class Diet(models.TextChoices):
        """Who can eat it; empty: no claim is made."""

        VEGETARIAN = "vegetarian", _("vegetarian")
        VEGAN = "vegan", _("vegan")

    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="products", verbose_name=_("producer"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.GOODS)
    sales_unit = models.CharField(_("sold by"), max_length=15, choices=SalesUnit.choices, default=SalesUnit.PIECE)
    net_content = models.PositiveIntegerField(_("net content"), null=True, blank=True)
    net_unit = models.CharField(_("measured in"), max_length=4, choices=NetUnit.choices, default=NetUnit.NONE)
    catch_weight = models.BooleanField(_("weighed when packed"), default=False)
    expected_weight_g = models.PositiveIntegerField(_("expected weight of a piece in grams"), null=True, blank=True)
    tolerance_percent = models.PositiveSmallIntegerField(_("tolerance in percent"), default=10)
    vat_category = models.CharField(_("VAT"), max_length=16, choices=VatCategory.choices, default=VatCategory.REDUCED)
    deposit = models.DecimalField(_("deposit"), max_digits=6, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    is_organic = models.BooleanField(_("organic"), default=False)
    age_limit = models.PositiveSmallIntegerField(_("age limit"), null=True, blank=True, choices=[(16, "16"), (18, "18")])
    season_months = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)]),
        default=list,
        blank=True,
        verbose_name=_("months of the season"),
    )
    lead_time_days = models.PositiveSmallIntegerField(_("days of notice before the delivery day"), default=0)
    minimum_quantity = models.PositiveSmallIntegerField(_("smallest quantity"), default=1, validators=[MinValueValidator(1)])
    allergens = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("allergens"))
    diet = models.CharField(_("diet"), max_length=10, choices=Diet.choices, blank=True, default="")
    #: codes of `catalogue.labels`
    labels = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("labels"))
    withdrawal_ground = models.CharField(
        _("no right of withdrawal because of"), max_length=15, choices=WithdrawalGround.choices, blank=True, default=""
    )
    #: keys of the region's assortments that it belongs to: then only certain customers see it (`assortments.precedence`)
    assortments = ArrayField(
        models.PositiveBigIntegerField(), default=list, blank=True, verbose_name=_("only for certain customers")
    )
    ingredients = models.TextField(_("ingredients"), blank=True)
    origin = models.CharField(_("origin"), max_length=100, blank=True)
    storage = models.CharField(_("storage"), max_length=8, choices=Storage.choices, default=Storage.AMBIENT)
    volume_ml = models.PositiveIntegerField(_("space in the crate in millilitres"), default=1000)
    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    #: every spelling under which the article is to be found, kept by `catalogue.search`
    search_words = models.TextField(editable=False, default="", blank=True)
    #: the place on the recommended shelf, kept by `catalogue.ranking`
    shelf_key = models.BigIntegerField(editable=False, default=0)

    objects = ProductQuerySet.as_manager()

    class Meta(AbstractProduct.Meta):
        indexes = [
            GinIndex(fields=["search_words"], name="product_search_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["partner", "is_public"], name="product_by_partner"),
            models.Index(fields=["shelf_key", "id"], condition=Q(is_public=True), name="product_by_shelf_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(catch_weight=False) | Q(expected_weight_g__isnull=False, expected_weight_g__gt=0),
                name="catch_weight_has_an_expected_weight",
            ),
            models.CheckConstraint(condition=Q(deposit__gte=0), name="deposit_is_not_negative"),
            models.CheckConstraint(condition=Q(vat_category__in=SOLD_AT), name="sold_at_reduced_or_standard_rate"),
            models.CheckConstraint(condition=Q(minimum_quantity__gte=1), name="minimum_quantity_is_at_least_one"),
        ]

    def get_absolute_url(self) -> str:
        """The article's page."""
        return reverse("catalogue:detail", args=[self.slug, self.pk])


class SearchMiss(models.Model):
    """Words of a search that found nothing in a region: how often, never by whom. Kept by `catalogue.misses`."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="search_misses")
    words = models.CharField(_("words"), max_length=60)
    count = models.PositiveIntegerField(_("how often"), default=1)
    last_on = models.DateField(_("last on"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "words"], name="search_miss_once_a_region")]

    def __str__(self) -> str:
        return self.words


from oscar.apps.catalogue.models import *  # noqa: E402, F403 - Oscar's remaining models, registered after ours
