"""What customers, producers and the office type after the sale; whether it can be done is decided by the rules."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Payment
from marketplace.aftersales import banking
from marketplace.aftersales.models import Complaint
from marketplace.aftersales.withdrawals import Choice
from marketplace.core.forms import EuroField
from marketplace.order.models import Line

ALL, AMOUNT = "all", "amount"
PRODUCER, OPERATOR = "producer", "operator"


class WithdrawalForm(forms.Form):
    """What the law lets us ask: who, which contract, where to send the receipt; and which goods, if not all."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    number = forms.CharField(
        label=gettext_lazy("Order number"), max_length=40, help_text=gettext_lazy("It is in the confirmation of your order.")
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    goods = forms.CharField(
        label=gettext_lazy("Only for these goods"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Leave it empty to withdraw from the whole order."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawalLinesForm(forms.Form):
    """The same for who comes by the link of an order: a tick and a number of pieces for each line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def __init__(self, *args: Any, choices: Sequence[Choice], on_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_paper:
            self.fields["email"].required = False
            self.fields["email"].help_text = _("Empty: the receipt comes as a letter.")
        self.open = [choice for choice in choices if choice.most]
        for choice in self.open:
            article = {"article": choice.line.title}
            self.fields[f"take_{choice.line.pk}"] = forms.BooleanField(label=choice.line.title, required=False)
            self.fields[f"pieces_{choice.line.pk}"] = forms.IntegerField(
                label=_("Pieces of “%(article)s”") % article,
                required=False,
                min_value=1,
                max_value=choice.most,
                initial=choice.most,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input pieces"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The lines with their two fields."""
        return [
            {"choice": choice, "take": self[f"take_{choice.line.pk}"], "pieces": self[f"pieces_{choice.line.pk}"]}
            for choice in self.open
        ]

    def clean(self) -> dict[str, Any]:
        """At least one line."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.lines():
            raise ValidationError(_("Please tick what you withdraw from."))
        return given

    def lines(self) -> dict[int, int]:
        """Pieces by key of the ticked lines; no number means all of it."""
        told = self.cleaned_data
        return {
            choice.line.pk: told.get(f"pieces_{choice.line.pk}") or choice.most
            for choice in self.open
            if told.get(f"take_{choice.line.pk}")
        }


class SettlingForm(forms.Form):
    """How many pieces of each line came back, and a word to the customer."""

    answer = forms.CharField(
        label=gettext_lazy("Word to the customer"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, lines: Sequence[Line], declared: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if _delivered(line)]
        for line in self.lines:
            self.fields[f"pieces_{line.pk}"] = forms.IntegerField(
                label=line.title,
                required=False,
                min_value=0,
                max_value=_delivered(line),
                initial=declared.get(line.pk, 0),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input pieces"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The lines with their field."""
        return [{"line": line, "delivered": _delivered(line), "field": self[f"pieces_{line.pk}"]} for line in self.lines]

    def pieces(self) -> dict[int, int]:
        """Pieces by key."""
        return {line.pk: self.cleaned_data.get(f"pieces_{line.pk}") or 0 for line in self.lines}


class MatchForm(forms.Form):
    """To which order a declaration belongs."""

    number = forms.CharField(label=gettext_lazy("Order number"), max_length=40)


class AnswerForm(forms.Form):
    """A reason, for the customer to read."""

    answer = forms.CharField(
        label=gettext_lazy("Reason, as the customer reads it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ComplaintForm(forms.Form):
    """What was wrong with a line; a photo helps, and is not asked for."""

    reason = forms.ChoiceField(label=gettext_lazy("What was wrong?"), choices=Complaint.Reason.choices, widget=forms.RadioSelect)
    quantity = forms.IntegerField(
        label=gettext_lazy("How many pieces?"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    text = forms.CharField(
        label=gettext_lazy("What should we know?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        help_text=gettext_lazy("Only the producer and the office see it. Place and camera are taken out of it."),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].initial = most
        self.fields["quantity"].widget.attrs["max"] = most
        if most == 1:
            self.fields["quantity"].widget = forms.HiddenInput()


class CreditForm(forms.Form):
    """What a complaint comes to. Only the office chooses who bears it."""

    how = forms.ChoiceField(label=gettext_lazy("Credit"), widget=forms.RadioSelect, initial=ALL)
    amount = EuroField(label=gettext_lazy("Amount in €"), required=False, min_value=Decimal("0.01"), max_digits=8)
    bearer = forms.ChoiceField(
        label=gettext_lazy("Who bears it?"),
        choices=[(PRODUCER, gettext_lazy("the producer")), (OPERATOR, gettext_lazy("the market"))],
        initial=PRODUCER,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Word to the customer"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, most: str, for_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (ALL, _("all of it: %(amount)s") % {"amount": most}),
            (AMOUNT, _("an amount")),
        ]
        if not for_office:
            del self.fields["bearer"]

    def clean(self) -> dict[str, Any]:
        """An amount where one was chosen."""
        given = super().clean() or self.cleaned_data
        if given.get("how") == AMOUNT and not given.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Please enter the amount."))
        return given

    def decision(self) -> dict[str, Any]:
        """What the rule is told."""
        told = self.cleaned_data
        return {
            "amount": told["amount"] if told["how"] == AMOUNT else None,
            "at_producers_cost": told.get("bearer", PRODUCER) == PRODUCER,
            "answer": told["answer"],
        }


class BankForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(
        label=gettext_lazy("Account holder"), max_length=70, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN"), max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def clean_iban(self) -> str:
        """A number that banks know."""
        try:
            return banking.checked(iban=self.cleaned_data["iban"])
        except banking.BadIban as error:
            raise ValidationError(str(error)) from error


class PaybackForm(forms.Form):
    """How money went back."""

    method = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[(Payment.Method.TRANSFER, Payment.Method.TRANSFER.label), (Payment.Method.CASH, Payment.Method.CASH.label)],
    )
    paid_on = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=140, required=False)


class EmptiesForm(forms.Form):
    """One kind of empties that came back; `uuid` keeps a repeated report from counting twice."""

    uuid = forms.UUIDField()
    kind = forms.CharField(max_length=16)
    quantity = forms.IntegerField(min_value=1)


def _delivered(line: Line) -> int:
    packed = getattr(line, "packed_line", None)
    return (packed.delivered or 0) if packed is not None else 0
