"""What the office enters about pickup points and vehicles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from logistics import areas
from logistics.models import PickupPoint, Vehicle
from marketplace.dashboard.forms.plans import ClockInput
from marketplace.regions.models import Municipality, Region, Role
from marketplace.users.models import User

METRES, GRAMS = 1000, 1000


class PickupPointForm(forms.ModelForm[PickupPoint]):
    """A place where customers fetch their crates, and how much it holds for one round."""

    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, help_text=_("Empty: the middle of the postal code.")
    )

    class Meta:
        model = PickupPoint
        fields = (
            "name",
            "municipality",
            "street",
            "postal_code",
            "city",
            "latitude",
            "longitude",
            "opening_text",
            "access_note",
            "cold_storage",
            "needs",
            "capacity_orders",
            "capacity_crates",
            "capacity_cold",
            "kept_hours",
            "is_active",
        )
        help_texts = {"capacity_orders": _("Empty: no limit."), "capacity_crates": _("Empty: no limit.")}

    def __init__(self, *given: Any, region: Region, **named: Any) -> None:
        super().__init__(*given, **named)
        self._region = region
        village: Any = self.fields["municipality"]
        village.queryset = Municipality.objects.filter(region=region).order_by("name")

    def clean(self) -> dict[str, Any] | None:
        """Without a position the middle of the postal code stands for it."""
        told = super().clean() or {}
        if told.get("postal_code") and (told.get("latitude") is None or told.get("longitude") is None):
            middle = areas.centre_of(region=self._region, postal_code=told["postal_code"])
            told["latitude"], told["longitude"] = middle.lat, middle.lon
        return told

    def clean_postal_code(self) -> str:
        """Five digits."""
        code: str = self.cleaned_data["postal_code"]
        if not (len(code) == 5 and code.isdecimal()):
            raise forms.ValidationError(_("Please enter a postal code of five digits."))
        return code

    def point(self) -> PickupPoint:
        """The place as it was entered, not saved."""
        point: PickupPoint = self.save(commit=False)
        point.region = self._region
        return point


class VehicleForm(forms.ModelForm[Vehicle]):
    """A vehicle: what it carries, when and how far it drives, and what it costs. Entered in kilometres and kilograms."""

    range_km = forms.IntegerField(
        label=_("Range (km)"), min_value=1, max_value=2000, required=False, help_text=_("Empty: no limit.")
    )
    load_kg = forms.IntegerField(label=_("Load (kg)"), min_value=1, max_value=10_000, required=False)

    class Meta:
        model = Vehicle
        fields = (
            "name",
            "profile",
            "capacity_crates",
            "capacity_cold",
            "carries_frozen",
            "equipment",
            "shift_starts",
            "shift_ends",
            "break_minutes",
            "starts_in",
            "ends_in",
            "max_trips",
            "speed_percent",
            "detour_percent",
            "euro_per_km",
            "euro_per_hour",
            "driver",
            "is_active",
        )
        widgets = {"shift_starts": ClockInput, "shift_ends": ClockInput}
        help_texts = {"starts_in": _("Empty: at the hub."), "ends_in": _("Empty: at the hub.")}

    def __init__(self, *given: Any, region: Region, **named: Any) -> None:
        super().__init__(*given, **named)
        self._region = region
        for name in ("starts_in", "ends_in"):
            village: Any = self.fields[name]
            village.queryset = Municipality.objects.filter(region=region).order_by("name")
            village.empty_label = _("at the hub")
        driver: Any = self.fields["driver"]
        drivers = User.objects.filter(memberships__region=region, memberships__role=Role.DRIVER)
        driver.queryset = drivers.distinct().order_by("first_name", "last_name", "pk")
        row = self.instance
        if row.pk:
            self.initial["range_km"] = row.max_distance_m // METRES if row.max_distance_m else None
            self.initial["load_kg"] = row.capacity_g // GRAMS if row.capacity_g else None

    def vehicle(self) -> Vehicle:
        """The vehicle as it was entered, not saved."""
        vehicle: Vehicle = self.save(commit=False)
        vehicle.region = self._region
        told = self.cleaned_data
        vehicle.max_distance_m = told["range_km"] * METRES if told["range_km"] else None
        vehicle.capacity_g = told["load_kg"] * GRAMS if told["load_kg"] else None
        return vehicle
