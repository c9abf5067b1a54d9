"""What the office and producers enter about a voucher."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.catalogue.models import Category
from marketplace.core import money
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.vouchers import codes
from marketplace.vouchers.offering import Promise

#: how long a new voucher holds unless something else is chosen
DAYS = 30


class VoucherForm(forms.Form):
    """A producer's voucher on own goods; the office's form asks for more."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("What customers type: 4 to 30 letters and digits, for example SUMMER10."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    title = forms.CharField(
        label=_("What customers read beside it"), max_length=100, help_text=_("For example: Welcome to our market.")
    )
    percent = EuroField(label=_("Percent off"), required=False, min_value=0, max_value=100, max_digits=5)
    amount = EuroField(
        label=_("Or: euros off"),
        required=False,
        min_value=0,
        max_digits=8,
        help_text=_("Never more than the goods cost. When less is delivered, it shrinks in proportion."),
    )
    category = forms.ModelChoiceField(
        label=_("Only for goods of"), queryset=Category.objects.none(), required=False, empty_label=_("all categories")
    )
    minimum = EuroField(
        label=_("Goods for at least (euros)"),
        required=False,
        min_value=0,
        max_digits=8,
        help_text=_("Counted are the goods that the voucher is for, without deposit."),
    )
    valid_from = forms.DateField(label=_("First day"), widget=DayInput)
    valid_until = forms.DateField(label=_("Last day"), widget=DayInput)
    uses_in_all = forms.IntegerField(
        label=_("Uses in all"), required=False, min_value=1, max_value=1_000_000, help_text=_("Empty: as many as are wanted.")
    )
    uses_per_person = forms.IntegerField(
        label=_("Uses for each person"), required=False, min_value=1, max_value=1000, help_text=_("Empty: as many as are wanted.")
    )
    first_order_only = forms.BooleanField(label=_("Only for a first order"), required=False)
    is_combinable = forms.BooleanField(label=_("May be used together with other vouchers"), required=False)

    def __init__(self, *args: Any, region: Region, partner: Partner | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.region, self.partner = region, partner
        self.fields["category"].queryset = Category.objects.order_by("path")  # type: ignore[attr-defined]  # it is a choice of rows

    def promise(self) -> Promise:
        """As `offering` takes it."""
        told = self.cleaned_data
        return Promise(
            code=codes.normal(typed=told["code"]),
            title=told["title"],
            percent=told["percent"],
            amount=told["amount"],
            category=told["category"],
            minimum=told["minimum"] or money.ZERO,
            valid_from=told["valid_from"],
            valid_until=told["valid_until"],
            uses_in_all=told["uses_in_all"],
            uses_per_person=told["uses_per_person"],
            first_order_only=told["first_order_only"],
            is_combinable=told["is_combinable"],
            **self.whose(),
        )

    def whose(self) -> dict[str, Any]:
        """A producer's own goods, at the producer's cost."""
        return {"goods_of": self.partner, "bearer": self.partner}


class OfficeVoucherForm(VoucherForm):
    """The office may offer vouchers for everybody's goods and for the delivery."""

    free_delivery = forms.BooleanField(label=_("The delivery is free"), required=False)
    goods_of = forms.ModelChoiceField(
        label=_("Only for goods of the producer"), queryset=Partner.objects.none(), required=False, empty_label=_("all producers")
    )
    is_borne_by_producer = forms.BooleanField(
        label=_("This producer bears the discount"),
        required=False,
        help_text=_("Only as agreed with the producer: it comes off the next credit note. Otherwise the market bears it."),
    )
    field_order = (
        "code",
        "title",
        "percent",
        "amount",
        "free_delivery",
        "goods_of",
        "is_borne_by_producer",
        "category",
        "minimum",
        "valid_from",
        "valid_until",
        "uses_in_all",
        "uses_per_person",
        "first_order_only",
        "is_combinable",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = Partner.objects.filter(region=self.region, status=Partner.Status.APPROVED).order_by("name", "pk")
        self.fields["goods_of"].queryset = known  # type: ignore[attr-defined]  # it is a choice of rows

    def whose(self) -> dict[str, Any]:
        """As it was chosen."""
        told = self.cleaned_data
        bearer = told["goods_of"] if told["is_borne_by_producer"] else None
        return {"goods_of": told["goods_of"], "bearer": bearer, "free_delivery": told["free_delivery"]}

    def clean(self) -> dict[str, Any]:
        """Whoever bears it has to be named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_borne_by_producer") and not cleaned.get("goods_of"):
            self.add_error("goods_of", _("Please choose the producer who bears the discount."))
        return cleaned


def initial_of(promise: Promise) -> dict[str, Any]:
    """What a form about this voucher shows."""
    return {
        **vars(promise),
        "is_borne_by_producer": promise.bearer is not None,
        "percent": _short(promise.percent),
        "minimum": promise.minimum or None,
    }


def usual(*, today: date) -> dict[str, Any]:
    """What a new voucher starts from."""
    return {"valid_from": today, "valid_until": today + timedelta(days=DAYS), "uses_per_person": 1}


def _short(percent: Decimal | None) -> Decimal | None:
    """10 rather than 10.00."""
    return percent if percent is None or percent % 1 else Decimal(int(percent))
