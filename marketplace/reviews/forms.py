"""What buyers, the office and producers type about reviews; whether it can be done is decided by the rules."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.reviews.models import MOST_STARS, Report
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


class ReportForm(forms.Form):
    """What somebody finds wrong with a review."""

    ground = forms.ChoiceField(label=_("What is wrong with it?"), choices=Report.Ground.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"), max_length=LONGEST_ANSWER, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("If you want to be told what we decide. We delete it afterwards."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class JudgementForm(forms.Form):
    """What the office says about a review that was reported: to its author if it goes, to who reported it if it stays."""

    text = forms.CharField(label=_("Reason"), max_length=LONGEST_ANSWER, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    decision = forms.ChoiceField(choices=[("keep", "keep"), ("refuse", "refuse")], widget=forms.HiddenInput)
