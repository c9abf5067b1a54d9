"""What the office agrees about commission and fees."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import ProducerFee
from marketplace.catalogue.models import Category
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


class ShelfField(forms.ModelChoiceField[Category]):
    """A shelf, told with those above it."""

    def label_from_instance(self, obj: Category) -> str:
        """Indented by how deep it lies."""
        return f"{'– ' * (obj.depth - 1)}{obj.name}"


class RuleForm(forms.Form):
    """A percentage for a producer, a shelf, or both."""

    partner = forms.ModelChoiceField(
        label=_("Producer"), queryset=Partner.objects.none(), required=False, empty_label=_("all producers")
    )
    shelf = ShelfField(label=_("Shelf"), queryset=Category.objects.none(), required=False, empty_label=_("all shelves"))
    percent = EuroField(label=_("Commission in percent"), min_value=0, max_value=Decimal("99.99"), max_digits=5)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: agreed with the beekeepers in October.")
    )
    valid_from = forms.DateField(label=_("From which day on"), widget=DayInput)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, region)
        shelf = self.fields["shelf"]
        assert isinstance(shelf, ShelfField)  # noqa: S101 - declared above
        shelf.queryset = Category.objects.order_by("path")


class FeeForm(forms.Form):
    """A fee that producers bear."""

    name = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("For example: packing help."))
    partner = forms.ModelChoiceField(
        label=_("Producer"), queryset=Partner.objects.none(), required=False, empty_label=_("all producers")
    )
    basis = forms.ChoiceField(label=_("Reckoned as"), choices=ProducerFee.Basis.choices)
    amount = EuroField(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=7, help_text=_("Percent of the net price, or euro without VAT.")
    )
    payee = forms.ModelChoiceField(
        label=_("Who receives it"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("the market itself"),
        help_text=_("Stands on the credit notes of the producers, and is credited with it every month."),
    )
    valid_from = forms.DateField(label=_("From which day on"), widget=DayInput)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, region)
        payee = self.fields["payee"]
        assert isinstance(payee, forms.ModelChoiceField)  # noqa: S101 - declared above
        payee.queryset = Partner.objects.filter(
            region=region, contracts__valid_until__isnull=True, contracts__isnull=False
        ).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """A percentage lies below a hundred."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("basis") == ProducerFee.Basis.PERCENT and (told.get("amount") or 0) >= 100:
            self.add_error("amount", _("A percentage lies below 100."))
        return told


class EndForm(forms.Form):
    """The last day on which a rule or fee holds."""

    last = forms.DateField(label=_("Last day"), widget=DayInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"].initial = today


def _offer(form: forms.Form, region: Region) -> None:
    partner = form.fields["partner"]
    assert isinstance(partner, forms.ModelChoiceField)  # noqa: S101 - declared in both forms
    partner.queryset = Partner.objects.filter(region=region).exclude(status=Partner.Status.PAYEE).order_by("name", "pk")
