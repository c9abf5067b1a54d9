"""What buyers, the office and producers type about reviews; whether it can be done is decided by the rules."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.reviews.models import MOST_STARS
from marketplace.reviews.reviews import LONGEST_ANSWER, LONGEST_TEXT

STARS = [(number, ngettext_lazy("%(n)s star", "%(n)s stars", number) % {"n": number}) for number in range(MOST_STARS, 0, -1)]


class ReviewForm(forms.Form):
    """Stars, and words if one likes."""

    stars = forms.TypedChoiceField(label=_("Your stars"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your words"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )


class ReasonForm(forms.Form):
    """Why a review is not published."""

    reason = forms.CharField(
        label=_("Reason, for the author"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyForm(forms.Form):
    """The producer's public answer."""

    reply = forms.CharField(
        label=_("Your public answer"), max_length=LONGEST_ANSWER, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
