"""Decides who may call goods organic: only a business with a valid certificate (article 30 Regulation (EU) 2018/848).

An expired certificate takes the claim off every page the same day: `allowed` gives a text as it may be shown.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product

#: words that begin like the claim and are none
HARMLESS = (
    r"graf|graph|top|gas|masse|tonne|log(?!isch)|diesel|divers|sph[äa]r|metri|chem|physik|rhythm|ts|"
    r"nom|system|strom|bilanz|steuer"
)
CLAIM = re.compile(rf"\b(?:bio|öko|oeko)(?!{HARMLESS})|\bdemeter\b|\bnaturland\b|\bkba\b|\borganic\b", re.IGNORECASE)
#: the claim as the first part of a name: "Bio-Möhren", "Bio Möhren", "Biomilch"
PREFIX = re.compile(rf"\b(?:bio|öko|oeko)(?!{HARMLESS}|log|land)(?:[-\s]+|(?=[a-zäöüß]))(\w)", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?]*[.!?]?\s*")


class Business(Protocol):
    """Whoever sells: what is known of the organic certificate."""

    @property
    def organic_code(self) -> str:
        """Code of the control body, empty without one."""

    @property
    def organic_valid_until(self) -> date | None:
        """The last day of the certificate."""


def certified(*, partner: Business, today: date) -> bool:
    """Whether the business has an organic certificate that is valid today."""
    return bool(partner.organic_code) and partner.organic_valid_until is not None and partner.organic_valid_until >= today


def shows_organic(*, product: Product, today: date) -> bool:
    """Whether the mark may stand on the article today; the article has to be loaded with its producer."""
    return product.is_organic and certified(partner=product.partner, today=today)


def claims_organic(*, texts: Iterable[str]) -> bool:
    """Whether any of the texts calls the goods organic."""
    return any(CLAIM.search(text) for text in texts)


def problems(*, texts: Iterable[str], is_organic: bool, partner: Business, today: date) -> list[str]:
    """What stands against the texts of an article, as sentences for the producer; empty when they may be shown.

    `texts` are title, description and ingredients, `is_organic` the producer's tick.
    """
    claimed = claims_organic(texts=texts)
    if not (claimed or is_organic) or certified(partner=partner, today=today):
        return [] if is_organic or not claimed else [_("The text says “Bio” or “Öko”. Please tick “organic” as well.")]
    if partner.organic_code and partner.organic_valid_until:
        return [_("Your organic certificate has expired. Please leave out “Bio” and “Öko” until the new one is entered.")]
    return [_("Only businesses with a valid organic certificate may say “Bio” or “Öko”. Please leave it out.")]


def allowed(*, text: str, certified: bool) -> str:
    """The text as it may be shown: unchanged with a valid certificate, otherwise without claims.

    A name loses its first part ("Bio-Möhren" → "Möhren"), a sentence that claims more is left out.
    """
    if certified or not CLAIM.search(text):
        return text
    plain = PREFIX.sub(lambda match: match[1].upper(), text)
    return "".join(sentence for sentence in SENTENCE.findall(plain) if not CLAIM.search(sentence)).strip()


def title(*, product: Product, today: date) -> str:
    """The article's name as it may be shown today; the article has to be loaded with its producer."""
    return allowed(text=product.title, certified=certified(partner=product.partner, today=today)) or product.title
