"""What customers type about standing orders; whether it can be agreed is decided by `agreements`."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logistics.models import RuleWindow
from marketplace.basket.baskets import MOST
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.core.wishes import Substitution
from marketplace.regions.models import Municipality
from marketplace.standing.agreements import Article, Way
from marketplace.standing.models import Ending, Rhythm
from marketplace.standing.wishes import Row


class ArticlesForm(forms.Form):
    """How many of each article, how often, and what happens when it is missing; 0 takes it out."""

    prefix = "article"

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {row.product_id: row for row in rows}
        for row in rows:
            about = {"title": row.title}
            self.fields[f"quantity_{row.product_id}"] = forms.IntegerField(
                label=_("Number of pieces"),
                min_value=0,
                max_value=MOST,
                initial=row.quantity,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "aria-label": _("Number of pieces: %(title)s") % about}),
            )
            self.fields[f"rhythm_{row.product_id}"] = forms.ChoiceField(
                label=_("How often"),
                choices=Rhythm.choices,
                initial=row.rhythm,
                widget=forms.Select(attrs={"aria-label": _("How often: %(title)s") % about}),
            )
            self.fields[f"wish_{row.product_id}"] = forms.ChoiceField(
                label=_("If it is missing"),
                choices=Substitution.choices,
                initial=row.substitution,
                widget=forms.Select(attrs={"aria-label": _("If it is missing: %(title)s") % about}),
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each article with its three fields."""
        for pk, row in self.known.items():
            yield {"row": row, **{name: self[f"{name}_{pk}"] for name in ("quantity", "rhythm", "wish")}}

    def articles(self) -> list[Article]:
        """What was chosen; none of it is left away."""
        given = self.cleaned_data
        return [
            Article(
                product_id=pk,
                quantity=given[f"quantity_{pk}"],
                rhythm=given[f"rhythm_{pk}"],
                substitution=given[f"wish_{pk}"],
                note=row.note,
            )
            for pk, row in self.known.items()
            if given[f"quantity_{pk}"]
        ]


class WayForm(forms.Form):
    """Where it goes, from when on, and how it is paid."""

    starts_on = forms.DateField(
        label=gettext_lazy("From when on?"),
        help_text=gettext_lazy("It comes for the first time on the first delivery day from then on."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    window = forms.TypedChoiceField(label=gettext_lazy("When and where?"), coerce=int, widget=forms.RadioSelect)
    may_move = forms.BooleanField(
        label=gettext_lazy("If my place is fully booked, another pickup point will do."), required=False, initial=True
    )
    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only for delivery to your door."),
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Postal code and place"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "postal-code"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example where we may put the crate."),
        widget=forms.TextInput(),
    )
    payment = forms.ChoiceField(label=gettext_lazy("How do you want to pay?"), widget=forms.RadioSelect)
    of_age = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        windows: Sequence[tuple[RuleWindow, str]],
        villages: Sequence[Municipality],
        methods: Sequence[str],
        age: int,
        today: date,
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.windows = {window.pk: window for window, _text in windows}
        self.places = {f"{code}|{village.pk}": (code, village) for village in villages for code in village.postal_codes}
        self.age, self.today = age, today
        self._choices("window", [(window.pk, text) for window, text in windows])
        self._choices("place", [("", "–"), *((key, f"{code} {village.name}") for key, (code, village) in self.places.items())])
        self._choices("payment", [(method, text) for method, text in PAYMENT_TEXTS.items() if method in methods])
        if age:
            text = _("Whoever takes the goods is at least %(age)s years old.")
            self.fields["of_age"].label = text % {"age": age}
        else:
            del self.fields["of_age"]
        if not is_new:
            del self.fields["starts_on"]

    def clean_starts_on(self) -> date:
        """Not in the past."""
        day: date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise ValidationError(_("Please choose a day in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """Bringing the goods needs an address."""
        given = super().clean() or self.cleaned_data
        window = self.windows.get(given.get("window") or 0)
        if window is not None and window.pickup_point_id is None and window.partner_id is None:
            for name in ("street", "place"):
                if not given.get(name):
                    self.add_error(name, _("We need your address to bring the goods: street, postal code and village."))
        return given

    def way(self) -> Way:
        """What was chosen."""
        given = self.cleaned_data
        code, village = self.places.get(given["place"], ("", None))
        names = ("may_move", "first_name", "last_name", "company", "phone", "street", "note", "payment")
        told = {name: given[name] for name in names}
        return Way(window=self.windows[given["window"]], postal_code=code, municipality=village, **told)

    def age_confirmed(self) -> int:
        """The age in years that was confirmed."""
        return self.age if self.cleaned_data.get("of_age") else 0

    def _choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class PauseForm(forms.Form):
    """From when until when nothing comes; without an end until further notice."""

    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Leave it empty to pause until further notice."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EndingForm(forms.Form):
    """What the law lets us ask (section 312k BGB): who, what, on which ground, from when on, and where the receipt goes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contract = forms.CharField(
        label=gettext_lazy("What do you want to end?"),
        max_length=200,
        initial=gettext_lazy("all my standing orders"),
        help_text=gettext_lazy("The number of the standing order, if you have it at hand. It begins with D-."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The one of your customer account. We send the receipt there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("On which ground?"),
        choices=Ending.Kind.choices,
        initial=Ending.Kind.ORDINARY,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("The grave reason, if there is one"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("From when on?"),
        required=False,
        help_text=gettext_lazy("Leave it empty to end it at once."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
