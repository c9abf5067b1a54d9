"""What customers type on the way to an order; whether it can be ordered is decided by `placement`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import OrderTerms
from logistics import goods as suitable
from logistics.goods import Goods
from logistics.windows import WindowChoice
from marketplace.checkout import gifts
from marketplace.regions.models import Municipality
from marketplace.users.models import Address

HOME = "home"
PAYMENT_TEXTS = {
    OrderTerms.Method.ACCOUNT: gettext_lazy("On account: on the next invoice, as agreed with you"),
    OrderTerms.Method.HANDOVER: gettext_lazy("Cash or card when you receive the goods"),
    OrderTerms.Method.TRANSFER: gettext_lazy("Bank transfer in advance"),
    OrderTerms.Method.DEBIT: gettext_lazy("Direct debit: we collect it after the delivery"),
    OrderTerms.Method.ONLINE: gettext_lazy("Online, for example by card"),
}


class DeliveryForm(forms.Form):
    """A window, and for delivery to the door the village."""

    municipality = forms.TypedChoiceField(
        label=gettext_lazy("Your village"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=gettext_lazy("For the nearest pickup points and for delivery to your door."),
        widget=forms.Select(attrs={"autocomplete": "address-level2"}),
    )
    window = forms.TypedChoiceField(label=gettext_lazy("Delivery"), coerce=int, required=True)

    def __init__(
        self,
        *args: Any,
        choices: Sequence[WindowChoice],
        villages: Sequence[Municipality],
        goods: Goods = suitable.NOTHING,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.goods = goods
        self.windows = {choice.window_id: choice for choice in choices}
        self.villages = {village.pk: village for village in villages}
        named = [("", _("Please choose")), *((village.pk, village.name) for village in villages)]
        self.fields["municipality"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["window"].choices = [(pk, pk) for pk in self.windows]  # type: ignore[attr-defined]  # likewise
        self.fields["window"].error_messages.update(
            required=_("Please choose when and where you want to receive your goods."),
            invalid_choice=_("This time is no longer offered. Please choose another one."),
        )

    def clean_window(self) -> int:
        """A window with a free place, that is right for the goods."""
        window: int = self.cleaned_data["window"]
        choice = self.windows[window]
        if choice.free <= 0:
            raise ValidationError(_("This time is fully booked. Please choose another one."))
        if sentence := suitable.sentence(goods=self.goods, choice=choice):
            raise ValidationError(sentence)
        return window

    def clean(self) -> dict[str, Any]:
        """Bringing the goods needs a village."""
        given = super().clean() or self.cleaned_data
        choice = self.windows.get(given.get("window") or 0)
        if choice is not None and choice.kind == HOME and not given.get("municipality") and "municipality" not in self.errors:
            self.add_error("municipality", _("Please choose your village, so that we know where to bring the goods."))
        return given


class DetailsForm(forms.Form):
    """Who orders, where the goods go, how they are paid."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("We send the confirmation there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only if something comes up on the delivery day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    postal_code = forms.ChoiceField(
        label=gettext_lazy("Postal code and place"), widget=forms.Select(attrs={"autocomplete": "postal-code"})
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example where we may put the crate."),
        widget=forms.TextInput(),
    )
    gift_recipient = forms.CharField(
        label=gettext_lazy("Who receives it?"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("First and last name; the driver asks for this person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    gift_phone = forms.CharField(
        label=gettext_lazy("Phone of that person"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    gift_greeting = forms.CharField(
        label=gettext_lazy("Your greeting"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Lies in the crate, up to 300 characters."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    giver_street = forms.CharField(
        label=gettext_lazy("Your own street and number, for the invoice"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "billing address-line1"}),
    )
    giver_place = forms.CharField(
        label=gettext_lazy("Your own postal code and place"),
        max_length=110,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    payment = forms.ChoiceField(label=gettext_lazy("How do you want to pay?"), widget=forms.RadioSelect)
    address = forms.TypedChoiceField(
        label=gettext_lazy("Your addresses"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    keep_address = forms.BooleanField(label=gettext_lazy("Keep this address for the next time"), required=False)

    def __init__(
        self,
        *args: Any,
        methods: Sequence[str],
        village: Municipality | None,
        is_known: bool,
        addresses: Sequence[Address] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        self.addresses = {address.pk: address for address in addresses or ()}
        self.fields["payment"].choices = [(method, PAYMENT_TEXTS[OrderTerms.Method(method)]) for method in methods]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["payment"].initial = methods[0]
        if is_known:
            del self.fields["email"]
        if village is None:
            del self.fields["street"], self.fields["postal_code"]
        else:
            places = [(code, f"{code} {village.name}") for code in village.postal_codes]
            self.fields["postal_code"].choices = places  # type: ignore[attr-defined]  # a ChoiceField
        if village is None or not self.addresses:
            del self.fields["address"]
        else:
            self._offer(village)
        if village is None or addresses is None:
            del self.fields["keep_address"]

    def clean(self) -> dict[str, Any]:
        """A known address takes the place of what is typed; without one, the street must be typed."""
        given = super().clean() or self.cleaned_data
        self._check_gift(given)
        if "address" not in self.fields or "address" in self.errors:
            return given
        known = self.addresses.get(given.get("address") or 0)
        if known is not None:
            for name in ("street", "postal_code"):
                self.errors.pop(name, None)
            given.update(street=known.street, postal_code=known.postal_code, note=given.get("note") or known.note)
        elif not given.get("street") and "street" not in self.errors:
            self.add_error("street", self.fields["street"].error_messages["required"])
        return given

    @property
    def tells_of_gift(self) -> bool:
        """Whether the part about a gift is to stand open."""
        return any(self[name].value() or self[name].errors for name in gifts.TELLING) or any(
            self[name].errors for name in gifts.TYPED
        )

    def _check_gift(self, given: dict[str, Any]) -> None:
        """Who gives a present says to whom and where the invoice goes, and does not let the other one pay."""
        if not any(given.get(name) for name in gifts.TELLING):
            return
        if not given.get("gift_recipient"):
            self.add_error("gift_recipient", _("Please tell us who receives the gift."))
        if not given.get("giver_street"):
            self.add_error("giver_street", _("Please tell us your own address; the invoice goes to you alone."))
        if not gifts.PLACE.match(given.get("giver_place") or ""):
            self.add_error("giver_place", _("Please enter postal code and place, for example 24340 Eckernförde."))
        if given.get("payment") == OrderTerms.Method.HANDOVER:
            self.add_error("payment", _("A gift is not paid by whoever receives it. Please choose another way to pay."))

    @property
    def place(self) -> Municipality | None:
        """Where the goods go: the village of the known address, or the one that was chosen before."""
        known = self.addresses.get(self.cleaned_data.get("address") or 0)
        return known.municipality if known else self.village

    def _offer(self, village: Municipality) -> None:
        """The known addresses, and another one in the village."""
        known = [
            (pk, f"{row.label}: {row.street}, {row.postal_code} {row.municipality.name}") for pk, row in self.addresses.items()
        ]
        other = _("Another address in %(village)s") % {"village": village.name}
        self.fields["address"].choices = [*known, ("", other)]  # type: ignore[attr-defined]  # a ChoiceField
        near = [pk for pk, row in self.addresses.items() if row.municipality_id == village.pk]
        self.fields["address"].initial = near[0] if near else ""
        self.fields["street"].required = False
