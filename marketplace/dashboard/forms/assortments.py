"""What the office types about assortments, groups of customers and the rules between them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Account
from marketplace.assortments.groups import LONGEST, Kind
from marketplace.assortments.models import Assortment, CustomerGroup
from marketplace.regions.models import Region
from marketplace.users.models import User

SHOW, HIDE = "zeigen", "verbergen"


class NameForm(forms.Form):
    """The name of something new."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class RuleForm(forms.Form):
    """Who sees which assortment."""

    group = forms.ModelChoiceField(
        label=gettext_lazy("For whom"),
        queryset=CustomerGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("everybody (default)"),
    )
    assortment = forms.ModelChoiceField(
        label=gettext_lazy("Assortment"), queryset=Assortment.objects.none(), empty_label=gettext_lazy("Please choose")
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What"), choices=[(SHOW, gettext_lazy("show")), (HIDE, gettext_lazy("hide"))], initial=SHOW
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "group", CustomerGroup.objects.filter(region=region).order_by("name", "pk"))
        _offer(self, "assortment", Assortment.objects.filter(region=region).order_by("name", "pk"))


class JoinForm(forms.Form):
    """Who joins a group: an account with all who order for it, or a person by e-mail address."""

    account = forms.ModelChoiceField(
        label=gettext_lazy("Customer account"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=gettext_lazy("Please choose"),
        help_text=gettext_lazy("Everybody who orders for it is in the group then."),
    )
    email = forms.EmailField(
        label=gettext_lazy("or a person by e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, group: CustomerGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Account.objects.filter(region=group.region_id).exclude(groups=group)
        _offer(self, "account", others.order_by("name", "pk"))

    def clean(self) -> dict[str, Any]:
        """One of the two; the person has to have a login."""
        told: dict[str, Any] = super().clean() or {}
        email = told.get("email")
        if email:
            told["person"] = User.objects.filter(email__iexact=email, is_active=True, erased_at__isnull=True).first()
            if told["person"] is None:
                self.add_error("email", _("Nobody has a login with this address."))
        elif not told.get("account") and not self.errors:
            self.add_error("account", _("Please choose an account, or type an e-mail address."))
        return told


class LeaveForm(forms.Form):
    """Who leaves a group."""

    kind = forms.TypedChoiceField(choices=[(kind.value, kind.value) for kind in Kind], coerce=Kind)
    member = forms.IntegerField(min_value=1)


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
    field.queryset = rows
