"""What the office types on the telephone; whether it can be ordered is decided by `taking`."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import OrderTerms
from logistics import daytime
from logistics import goods as suitable
from logistics.goods import Goods
from logistics.models import Delivery
from logistics.windows import WindowChoice
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.core import wording
from marketplace.desk import numbers, reading
from marketplace.desk.models import Call
from marketplace.regions.models import Municipality


class CallerForm(forms.Form):
    """The card of a caller."""

    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=200, required=False)
    village = forms.TypedChoiceField(
        label=gettext_lazy("Village"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Goods are brought to the door in these villages."),
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Postal code"),
        required=False,
        help_text=gettext_lazy("Empty: that of the village, if it has only one."),
        error_messages={"invalid": gettext_lazy("A postal code has five digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 5}),
    )
    city = forms.CharField(label=gettext_lazy("Place, if it is not in the list"), max_length=100, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Empty: the confirmation comes as a letter."),
    )
    company = forms.CharField(label=gettext_lazy("Company"), max_length=200, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for the office"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example “hears badly”. The customer can ask to see it."),
    )
    groups = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Customer groups"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What these groups see can be ordered by telephone, too."),
    )

    def __init__(
        self, *args: Any, villages: Sequence[Municipality], groups: Sequence[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if groups:
            self.fields["groups"].choices = groups  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["groups"]
        self.villages = {village.pk: village for village in villages}
        named = [("", _("another place")), *((village.pk, village.name) for village in villages)]
        self.fields["village"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_phone(self) -> str:
        """A number that can be called."""
        told: str = self.cleaned_data["phone"]
        if not numbers.normal(text=told):
            raise forms.ValidationError(_("This is no phone number that we can call: %(number)s") % {"number": told})
        return told

    def clean(self) -> dict[str, Any]:
        """A village brings its name, and its postal code where it has only one."""
        given = super().clean() or self.cleaned_data
        village = self.villages.get(given.get("village") or 0)
        if village is not None:
            given["city"] = village.name
            if not given.get("postal_code") and len(village.postal_codes) == 1:
                given["postal_code"] = village.postal_codes[0]
            elif given.get("postal_code") and given["postal_code"] not in village.postal_codes:
                self.add_error("postal_code", _("This postal code does not belong to %(village)s.") % {"village": village.name})
        return given

    def details(self) -> dict[str, Any]:
        """What `callers.add` and `callers.change` are told."""
        given = dict(self.cleaned_data)
        return {**given, "municipality": self.villages.get(given.pop("village") or 0)}


class GiftForm(forms.Form):
    """Somebody else receives the goods, without prices."""

    recipient = forms.CharField(label=gettext_lazy("Who receives the gift?"), max_length=100)
    phone = forms.CharField(
        label=gettext_lazy("Phone of the recipient"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    greeting = forms.CharField(
        label=gettext_lazy("Greeting"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    village = forms.TypedChoiceField(
        label=gettext_lazy("Village"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Left empty, the goods are fetched at a pickup point."),
    )
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(
        label=gettext_lazy("Postal code"), max_length=5, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, villages: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {village.pk: village for village in villages}
        self.fields["village"].choices = [("", _("is fetched")), *((pk, row.name) for pk, row in self.villages.items())]  # type: ignore[attr-defined]  # a ChoiceField
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict[str, Any]:
        """To a door one needs street and postal code; without a village there is no door."""
        given = super().clean() or self.cleaned_data
        village = self.villages.get(given.get("village") or 0)
        if village is None:
            return {**given, "street": "", "postal_code": ""}
        if not given.get("street"):
            self.add_error("street", _("Please enter street and house number."))
        if not given.get("postal_code") and len(village.postal_codes) == 1:
            given["postal_code"] = village.postal_codes[0]
        elif given.get("postal_code") not in village.postal_codes:
            self.add_error("postal_code", _("This postal code does not belong to %(village)s.") % {"village": village.name})
        return given


class WindowSelect(forms.Select):
    """Windows by day; those that cannot be chosen are said and stay closed."""

    closed: Collection[int] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django has no word for an option that is shown but not offered."""
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.closed:
            option["attrs"]["disabled"] = True
        return option


class AgreementForm(forms.Form):
    """When and where the goods come, and how they are paid."""

    window = forms.TypedChoiceField(label=gettext_lazy("When and where"), coerce=int, widget=WindowSelect)
    payment = forms.ChoiceField(label=gettext_lazy("Payment"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example where we may put the crate."),
    )

    def __init__(
        self,
        *args: Any,
        choices: Sequence[WindowChoice],
        methods: Sequence[str],
        goods: Goods = suitable.NOTHING,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        window, payment = self.fields["window"], self.fields["payment"]
        closed = {one.window_id for one in choices if one.free <= 0 or suitable.sentence(goods=goods, choice=one)}
        window.widget.closed = closed
        window.choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (wording.weekday_date(day), [(one.window_id, _window_text(one, goods)) for one in found])
            for day, found in groupby(choices, key=lambda one: one.delivery_day)
        ]
        payment.choices = [(method, PAYMENT_TEXTS[OrderTerms.Method(method)]) for method in methods]  # type: ignore[attr-defined]  # likewise

    def clean_window(self) -> int:
        """One that is open."""
        told: int = self.cleaned_data["window"]
        if told in self.fields["window"].widget.closed:
            raise forms.ValidationError(_("This time is fully booked. Please choose another one."))
        return told


class ReadForm(forms.Form):
    """What was read aloud; the fields are the points."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in reading.POINTS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)

    def read(self) -> list[str]:
        """The names of the points that are ticked."""
        return [name for name in reading.POINTS if self.cleaned_data.get(name)]


class CallForm(forms.Form):
    """What a call was about."""

    topic = forms.ChoiceField(label=gettext_lazy("About"), choices=Call.Topic.choices)
    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _window_text(one: WindowChoice, goods: Goods) -> str:
    """`14:00–18:00 Uhr, bis an die Tür · 3,90 € · noch 4 Plätze`."""
    when = wording.clock_span(one.starts_at.astimezone(daytime.ZONE), one.ends_at.astimezone(daytime.ZONE))
    place = _("to the door") if one.kind == Delivery.Kind.HOME else one.name
    fee = wording.euro(one.fee) if one.fee else _("free of charge")
    if one.free <= 0:
        left = _("fully booked")
    else:
        left = suitable.sentence(goods=goods, choice=one) or _("%(free)s free") % {"free": one.free}
    return f"{when}, {place} · {fee} · {left}"


class BulkCancelForm(forms.Form):
    """Why many orders are cancelled, and what becomes of customers and goods."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It is kept with each order, and customers read it if they are told."),
    )
    tell = forms.BooleanField(label=gettext_lazy("Tell the customers by e-mail"), required=False, initial=True)
    restock = forms.BooleanField(
        label=gettext_lazy("Put the goods back, so that others can order them"), required=False, initial=True
    )
