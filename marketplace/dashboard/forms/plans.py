"""What the office enters about round plans, their exceptions, and rounds that are moved or cancelled."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from logistics.models import PickupPoint, RoundRule
from logistics.plans import PlanArea, PlanWindow
from marketplace.core import money
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.regions.models import Municipality, Region

DAY_HOURS = 24
#: 504 hours: goods that are made for the order take three weeks at most
MOST_DAYS = 21
MAY_CHANGE = _("Customers may change their orders themselves until the cut-off")
MAY_CANCEL = _("Customers may cancel their orders themselves until the cut-off")
#: rows for further windows in a form
EXTRA_ROWS = 2


class ClockInput(forms.TimeInput):
    """A time of day, as phones let one pick it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PlanForm(forms.ModelForm[RoundRule]):
    """A round plan without its windows. The cut-off is entered as people say it: a time, so many days before."""

    cutoff_days = forms.IntegerField(label=_("Orders until … days before"), min_value=0, max_value=MOST_DAYS, initial=2)
    cutoff_clock = forms.TimeField(label=_("at"), widget=ClockInput, initial="18:00")
    confirm_hours = forms.IntegerField(
        label=_("Hours after the cut-off in which farms may cut lines"),
        help_text=_("Silence confirms everything. Packing may begin before."),
        min_value=0,
        max_value=DAY_HOURS,
        required=False,
    )
    minimum_order = EuroField(label=_("Minimum order (euros)"), min_value=0, max_digits=6, initial=0)

    class Meta:
        model = RoundRule
        fields = (
            "name",
            "frequency",
            "week_of_month",
            "first_day",
            "last_day",
            "on_holiday",
            "announce_days",
            "confirm_hours",
            "minimum_order",
            "customers_may_change",
            "customers_may_cancel",
            "is_direct",
            "collect_from",
            "collect_until",
            "hub_open_from",
            "hub_sorted_by",
            "is_active",
        )
        clocks = ("collect_from", "collect_until", "hub_open_from", "hub_sorted_by")
        widgets = {"first_day": DayInput, "last_day": DayInput, **dict.fromkeys(clocks, ClockInput)}
        labels = {
            "is_direct": _("Straight from the farms to the customers, without the hub"),
            "announce_days": _("Can be ordered for … days ahead"),
            "customers_may_change": MAY_CHANGE,
            "customers_may_cancel": MAY_CANCEL,
            "is_active": _("This plan is in use"),
        }
        help_texts = {
            "customers_may_change": _(
                "Otherwise they have to ask you. Rounds that people have ordered for keep what was announced."
            ),
            "customers_may_cancel": _("Otherwise they have to ask you. The right of withdrawal by law stays as it is."),
            "collect_from": _("A farm's own wish counts before it."),
            "collect_until": _("Empty: until the goods are sorted."),
            "is_direct": _(
                "For small rounds, hot or late goods: a vehicle fetches and brings what belongs together. The first time of the "
                "hub then only says from when on somebody may drive."
            ),
        }

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.instance.pk:
            days, hours = divmod(self.instance.cutoff_hours + DAY_HOURS - 1, DAY_HOURS)
            self.initial.update({"cutoff_days": days, "cutoff_clock": f"{DAY_HOURS - 1 - hours:02}:00"})

    def clean_confirm_hours(self) -> int:
        """Nothing entered leaves it."""
        entered = self.cleaned_data["confirm_hours"]
        return self.instance.confirm_hours if entered is None else entered

    def clean(self) -> dict[str, Any] | None:
        """What belongs together."""
        told = super().clean() or {}
        if told.get("frequency") == RoundRule.Frequency.MONTHLY and not told.get("week_of_month"):
            self.add_error("week_of_month", _("Please say which one of the month."))
        elif told.get("frequency") != RoundRule.Frequency.MONTHLY:
            told["week_of_month"] = None
        clock = told.get("cutoff_clock")
        if clock is not None and clock.minute:
            self.add_error("cutoff_clock", _("Please enter a full hour."))
        elif clock is not None and "cutoff_days" in told:
            told["cutoff_hours"] = told["cutoff_days"] * DAY_HOURS - clock.hour
            if told["cutoff_hours"] < 0:
                self.add_error("cutoff_days", _("Orders have to end before the delivery day begins."))
        return told

    def plan(self, *, region: Region) -> RoundRule:
        """The plan with what was entered, not saved."""
        rule: RoundRule = self.save(commit=False)
        rule.region, rule.cutoff_hours = region, self.cleaned_data["cutoff_hours"]
        return rule


class WindowForm(forms.Form):
    """One time window of every round of a plan; a row that is empty does not count."""

    pickup_point = forms.ModelChoiceField(
        label=_("Place"), queryset=PickupPoint.objects.none(), required=False, empty_label=_("to the door")
    )
    starts = forms.TimeField(label=_("from"), widget=ClockInput)
    ends = forms.TimeField(label=_("until"), widget=ClockInput)
    capacity = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=2000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    crates = forms.IntegerField(
        label=_("Crates at most"),
        min_value=1,
        max_value=5000,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    fee = EuroField(label=_("Fee (euros)"), min_value=0, max_value=100, max_digits=6, required=False)

    def __init__(self, *given: Any, points: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        place: Any = self.fields["pickup_point"]
        place.queryset = points

    def window(self) -> PlanWindow:
        """As `plans` takes it."""
        told = self.cleaned_data
        return PlanWindow(
            pickup_point=told["pickup_point"],
            starts=told["starts"],
            ends=told["ends"],
            capacity=told["capacity"],
            fee=told["fee"] or money.ZERO,
            crates=told["crates"],
        )


class AreaForm(forms.Form):
    """Where a plan drives to and what it costs there; a row that is empty does not count."""

    name = forms.CharField(label=_("Name of the area"), max_length=100)
    municipalities = forms.ModelMultipleChoiceField(
        label=_("Villages"), queryset=Municipality.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    postal_codes = forms.CharField(
        label=_("Postal codes"),
        required=False,
        max_length=600,
        help_text=_("With commas between them; they count before villages."),
    )
    fee = EuroField(label=_("Fee (euros)"), min_value=0, max_value=100, max_digits=6, required=False)
    minimum = EuroField(label=_("Minimum order (euros)"), min_value=0, max_value=1000, max_digits=6, required=False)
    free_from = EuroField(label=_("Free of charge from (euros)"), min_value=0, max_value=2000, max_digits=6, required=False)

    def __init__(self, *given: Any, villages: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        places: Any = self.fields["municipalities"]
        places.queryset = villages

    def clean_postal_codes(self) -> list[str]:
        """Five digits each."""
        codes = [code.strip() for code in self.cleaned_data["postal_codes"].split(",") if code.strip()]
        if any(not (len(code) == 5 and code.isascii() and code.isdecimal()) for code in codes):
            raise forms.ValidationError(_("Please enter postal codes of five digits, with commas between them."))
        return list(dict.fromkeys(codes))

    def area(self) -> PlanArea:
        """As `plans` takes it."""
        told = self.cleaned_data
        return PlanArea(
            name=told["name"].strip(),
            municipalities=list(told["municipalities"]),
            postal_codes=told["postal_codes"],
            fee=told["fee"] or money.ZERO,
            minimum=told["minimum"] or money.ZERO,
            free_from=told["free_from"] or None,
        )


WindowRows = forms.formset_factory(WindowForm, extra=EXTRA_ROWS, can_delete=True, max_num=60)
AreaRows = forms.formset_factory(AreaForm, extra=1, can_delete=True, max_num=40)


class ExceptionForm(forms.Form):
    """A day by the plan on which something else holds."""

    day = forms.DateField(label=_("Day by the plan"), widget=DayInput)
    moved_to = forms.DateField(label=_("Moved to"), widget=DayInput, required=False, help_text=_("Empty: no round."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Customers read it."))


class MoveForm(forms.Form):
    """Another day for a round."""

    to = forms.DateField(label=_("New delivery day"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Customers read it."))


class CutoffForm(forms.Form):
    """Until when people can order for a round."""

    day = forms.DateField(label=_("Orders until"), widget=DayInput)
    clock = forms.TimeField(label=_("at"), widget=ClockInput)

    def moment(self) -> datetime:
        """As it is meant here."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))


class LeewayForm(forms.Form):
    """What customers may do themselves with an order of one round."""

    may_change = forms.BooleanField(label=MAY_CHANGE, required=False)
    may_cancel = forms.BooleanField(label=MAY_CANCEL, required=False)


class CancelForm(forms.Form):
    """Why a round does not take place. It cannot be undone, so it takes a tick."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Customers read it."))
    certain = forms.BooleanField(label=_("Yes, cancel the round for everybody"))
