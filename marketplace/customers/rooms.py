"""Decides what the account page leads to, each with one line that says what is there."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Room:
    """A card of the account page; `icon` is a symbol of the sprite."""

    label: str
    about: str
    url: str
    icon: str


def all_of_them() -> list[Room]:
    """In the order in which they are needed; what this installation does not have is left out."""
    known = (
        (_("Orders"), _("What is coming and what has been."), "customer:overview", "package"),
        (_("Money"), _("What is open, direct debit, buying on account, your years."), "customer:purse", "banknote"),
        (_("Invoices"), _("All documents as PDF, and what they add up to."), "billing:invoices", "receipt"),
        (_("Favourites"), _("Articles and producers that you marked."), "catalogue:favourites", "heart"),
        (_("Standing orders"), _("What comes by itself every week."), "standing:overview", "repeat"),
        (_("Addresses"), _("Where we bring it, your name and your village."), "customer:addresses", "house"),
        (_("Notices"), _("What we may write to you about."), "notices:choices", "bell"),
        (_("Security"), _("Passkey, password and devices."), "customer:safety", "shield-check"),
        (_("Data"), _("Take everything with you, or delete it."), "customer:data", "file-text"),
        (_("Spent where"), _("What your shopping brings to which farm."), "customer:spending", "euro"),
    )
    return [Room(label, about, url, icon) for label, about, name, icon in known if (url := _url(name))]


def _url(name: str) -> str:
    try:
        return f"{reverse(name)}#orders" if name == "customer:overview" else reverse(name)
    except NoReverseMatch:
        return ""
