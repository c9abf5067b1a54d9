"""An article as a producer tells it on one phone screen."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from marketplace.assortments.reach import Reach
from marketplace.catalogue import allergens, labels, withdrawal
from marketplace.catalogue.models import Category, Product
from marketplace.catalogue.prices import MEASURES
from marketplace.core import wording
from marketplace.core.forms import EuroField
from marketplace.core.models import VatCategory
from marketplace.core.wishes import WithdrawalGround
from marketplace.dashboard import measures
from marketplace.dashboard.measures import BadMeasure
from marketplace.dashboard.offering import Listing
from marketplace.partner.models import StockRecord

SalesUnit = Product.SalesUnit
StockKind = StockRecord.StockKind
#: sold by the piece, paid by weight
WEIGHED = "weighed"
#: the ground that kind and shelf suggest
USUAL = "usual"
UNITS = [
    (SalesUnit.PIECE, SalesUnit.PIECE.label),
    (WEIGHED, _("piece, weighed when packed (price per kg)")),
    *((unit.value, unit.label) for unit in SalesUnit if unit != SalesUnit.PIECE),
]
#: units that say themselves how much they hold
OWN_CONTENT = {
    SalesUnit.KG: (1000, Product.NetUnit.GRAMS),
    SalesUnit.LITRE: (1000, Product.NetUnit.MILLILITRES),
    SalesUnit.HUNDRED_GRAMS: (100, Product.NetUnit.GRAMS),
}
#: what customers may be charged; how the producer is taxed is the contract's matter
VAT = [(category.value, category.label) for category in (VatCategory.REDUCED, VatCategory.STANDARD)]
MONTH_CHOICES = [(number, MONTHS[number]) for number in range(1, 13)]
STRAIGHT = (
    "title", "description", "vat_category", "is_organic", "season_months", "lead_time_days", "minimum_quantity", "allergens",
    "ingredients", "origin", "storage", "deposit", "diet", "labels",
    "assortments",
)  # fmt: skip


def _number(**attributes: Any) -> forms.NumberInput:
    return forms.NumberInput(attrs={"inputmode": "numeric", **attributes})


class ArticleForm(forms.Form):
    """Thumb order: photo, name, price and unit, how many; all else is folded away and has a sound default."""

    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    title = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    price = EuroField(
        label=_("Price in €"),
        min_value=Decimal("0.01"),
        max_digits=7,
    )
    sales_unit = forms.ChoiceField(label=_("per"), choices=UNITS, initial=SalesUnit.PIECE)
    stock_kind = forms.ChoiceField(
        label=_("How much is there?"), choices=StockKind.choices, initial=StockKind.MADE_TO_ORDER, widget=forms.RadioSelect
    )
    stock = forms.IntegerField(label=_("How many"), required=False, min_value=0, max_value=100_000, widget=_number(min=0))
    # folded
    category = forms.ModelChoiceField(label=_("Shelf"), queryset=Category.objects.none(), empty_label=_("Please choose"))
    content = forms.CharField(
        label=_("Content of one"),
        required=False,
        max_length=20,
        help_text=_("For example 500 g or 0,75 l. When it is weighed: about how heavy a piece is."),
    )
    vat_category = forms.ChoiceField(label=_("VAT"), choices=VAT, initial=VatCategory.REDUCED)
    deposit = EuroField(
        label=_("Deposit in euro"),
        required=False,
        min_value=0,
        max_digits=6,
    )
    storage = forms.ChoiceField(label=_("Storage"), choices=Product.Storage.choices, initial=Product.Storage.AMBIENT)
    is_organic = forms.BooleanField(label=_("organic"), required=False)
    description = forms.CharField(label=_("Description"), required=False, max_length=4000, widget=forms.Textarea({"rows": 5}))
    ingredients = forms.CharField(
        label=_("Ingredients"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Put allergens between two stars, so that they are printed bold: **Milch**."),
    )
    allergens = forms.MultipleChoiceField(label=_("Allergens"), required=False, widget=forms.CheckboxSelectMultiple)
    diet = forms.ChoiceField(label=_("Diet"), required=False, choices=[("", _("no statement")), *Product.Diet.choices])
    labels = forms.MultipleChoiceField(
        label=_("Labels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Customers filter by them. Bioland, Demeter and Naturland need your valid organic certificate."),
    )
    season_months = forms.TypedMultipleChoiceField(
        label=_("Months of the season"),
        required=False,
        coerce=int,
        choices=MONTH_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means all year."),
    )
    origin = forms.CharField(label=_("Origin"), required=False, max_length=100)
    lead_time_days = forms.IntegerField(
        label=_("Days of notice you need"), required=False, min_value=0, max_value=60, widget=_number(min=0)
    )
    minimum_quantity = forms.IntegerField(
        label=_("Smallest quantity"), required=False, min_value=1, max_value=999, widget=_number(min=1)
    )
    age_limit = forms.TypedChoiceField(
        label=_("Age limit"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("none")), (16, _("from 16 years")), (18, _("from 18 years"))],
    )
    withdrawal_ground = forms.ChoiceField(
        label=_("Right of withdrawal"),
        required=False,
        initial=USUAL,
        choices=[
            (USUAL, _("as usual for goods like this")),
            ("", _("customers can withdraw within 14 days")),
            *((ground.value, ground.label) for ground in WithdrawalGround),
        ],
        help_text=_("There is none only for goods that section 312g (2) BGB names. Customers read it before they order."),
    )
    assortments = forms.TypedMultipleChoiceField(
        label=_("Only for certain customers"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: everybody sees and buys it. Ticked: only those who are named beside it."),
    )
    photo_text = forms.CharField(
        label=_("What can be seen in the photo?"),
        required=False,
        max_length=255,
        help_text=_("For people who cannot see it. Empty: the name of the article."),
    )

    def __init__(self, *args: Any, assortments: Sequence[Reach] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if assortments:
            offered: Any = self.fields["assortments"]
            offered.choices = [(one.assortment.pk, f"{one.assortment.name} ({one.who})") for one in assortments]
        else:
            del self.fields["assortments"]
        shelves: Any = self.fields["category"]
        shelves.queryset = Category.objects.browsable().filter(numchild=0).order_by("path")
        known: Any = self.fields["allergens"]
        known.choices = list(allergens.names(language="de").items())
        marks: Any = self.fields["labels"]
        marks.choices = list(labels.names().items())

    def clean(self) -> dict[str, Any]:
        """Check what belongs together, in the words of the screen."""
        cleaned: dict[str, Any] = super().clean() or {}
        unit = cleaned.get("sales_unit", "")
        try:
            cleaned["measured"] = measures.content(text=cleaned.get("content", ""))
        except BadMeasure as error:
            self.add_error("content", str(error))
            return cleaned
        if unit == WEIGHED and cleaned["measured"] is None:
            self.add_error("content", ValidationError(_("Please state about how heavy a piece is, because it is weighed.")))
        if cleaned.get("stock_kind") not in ("", None, StockKind.MADE_TO_ORDER) and cleaned.get("stock") is None:
            self.add_error("stock", ValidationError(_("Please state how many there are.")))
        return cleaned

    def listing(self) -> Listing:
        """What was told, as `offering` takes it."""
        told = self.cleaned_data
        fields = {name: told[name] for name in STRAIGHT if told.get(name) is not None}
        unit = self._unit()
        return Listing(
            category=told["category"],
            price=told["price"],
            stock_kind=told["stock_kind"],
            stock=told["stock"],
            fields={**fields, **unit, "age_limit": told["age_limit"], "withdrawal_ground": self._ground(unit)},
            photo=told["photo"],
            photo_text=told["photo_text"],
        )

    def _ground(self, unit: Mapping[str, Any]) -> str:
        """What the producer chose, or what is usual for such goods."""
        told = self.cleaned_data
        if told["withdrawal_ground"] != USUAL and "withdrawal_ground" in self.data:
            return str(told["withdrawal_ground"])
        return withdrawal.usual(
            category=told["category"],
            kind=unit["kind"],
            sales_unit=unit["sales_unit"],
            catch_weight=unit["catch_weight"],
            storage=told["storage"],
        )

    def _unit(self) -> dict[str, Any]:
        """Unit, content and weighing follow from two fields of the screen."""
        unit, measured = self.cleaned_data["sales_unit"], self.cleaned_data["measured"]
        kind = Product.Kind.SERVICE if unit == SalesUnit.SERVICE else Product.Kind.GOODS
        if unit == WEIGHED:
            return {
                "kind": kind,
                "sales_unit": SalesUnit.PIECE,
                "catch_weight": True,
                "expected_weight_g": measured.number,
                "net_content": None,
                "net_unit": Product.NetUnit.NONE,
            }
        number, net_unit = OWN_CONTENT.get(unit) or (
            (measured.number, measured.unit) if measured else (None, Product.NetUnit.NONE)
        )
        return {
            "kind": kind,
            "sales_unit": unit,
            "catch_weight": False,
            "expected_weight_g": None,
            "net_content": number,
            "net_unit": net_unit,
        }


class OfferForm(forms.Form):
    """Price and number alone, in the list."""

    price = EuroField(
        label=_("Price"),
        min_value=Decimal("0.01"),
        max_digits=7,
    )
    quantity = forms.IntegerField(label=_("How many"), required=False, min_value=0, max_value=100_000)


def initial_of(product: Product, offer: StockRecord) -> dict[str, Any]:
    """An article as the screen shows it."""
    counted = {StockKind.LIMITED: offer.num_in_stock, StockKind.PER_ROUND: offer.per_round}
    shelf = product.productcategory_set.values_list("category", flat=True).first()
    return {
        **{name: getattr(product, name) for name in STRAIGHT},
        "price": offer.price_per_kg if product.catch_weight else offer.price,
        "sales_unit": WEIGHED if product.catch_weight else product.sales_unit,
        "stock_kind": offer.stock_kind,
        "stock": counted.get(StockKind(offer.stock_kind)),
        "category": shelf,
        "content": _content(product),
        "age_limit": product.age_limit or "",
        "withdrawal_ground": product.withdrawal_ground,
    }


def _content(product: Product) -> str:
    if product.catch_weight:
        return wording.weight(product.expected_weight_g or 0)
    if not product.net_content or product.sales_unit in MEASURES:
        return ""
    return f"{product.net_content} {product.net_unit}" if product.net_unit != Product.NetUnit.NONE else ""
