"""Says what the official rules want in plain words, and who can put it right.

The rules speak of terms by number and in English; the office needs to know what to do. Rules without words of their own get those
of their family, so that every finding is told.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Place(StrEnum):
    """Where it is put right."""

    OPERATOR = "operator"
    CUSTOMER = "customer"
    PRODUCER = "producer"
    PROGRAM = "program"


class Words(NamedTuple):
    """A rule in plain words."""

    text: str | Promise
    place: Place


_SUMS = Words(_("The sums of the document do not fit together."), Place.PROGRAM)
_CODES = Words(_("A code is not in the official list."), Place.PROGRAM)
_SELLER_TAX = Words(_("The seller lacks a VAT id or tax number."), Place.OPERATOR)
WORDS: dict[str, Words] = {
    "XML": Words(_("The data are no readable XML."), Place.PROGRAM),
    "XSD": Words(_("The data do not have the form that the standard prescribes."), Place.PROGRAM),
    "RULES": Words(_("This is no e-invoice that the rules know."), Place.PROGRAM),
    "BR-02": Words(_("The number is missing."), Place.PROGRAM),
    "BR-06": Words(_("The seller's name is missing."), Place.OPERATOR),
    "BR-07": Words(_("The buyer's name is missing."), Place.CUSTOMER),
    "BR-08": Words(_("The seller's address is missing."), Place.OPERATOR),
    "BR-10": Words(_("The buyer's address is missing."), Place.CUSTOMER),
    "BR-11": Words(_("The buyer's country is missing."), Place.CUSTOMER),
    "BR-16": Words(_("The document has no line."), Place.PROGRAM),
    "BR-25": Words(_("An article has no name."), Place.PROGRAM),
    "BR-27": Words(_("A price is below zero."), Place.PROGRAM),
    "BR-29": Words(_("The period ends before it begins."), Place.PROGRAM),
    "BR-61": Words(_("The account for the transfer is missing."), Place.OPERATOR),
    "BR-CO-09": Words(_("A VAT id does not begin with the code of its country, such as DE."), Place.CUSTOMER),
    "BR-CO-25": Words(_("There is something to pay, but neither a due date nor terms."), Place.PROGRAM),
    "BR-CO-26": Words(_("The seller lacks a number by which it can be recognised."), Place.OPERATOR),
    "BR-S-02": _SELLER_TAX,
    "BR-E-02": _SELLER_TAX,
    "BR-E-10": Words(_("The reason for the exemption from VAT is missing."), Place.PROGRAM),
    "BR-DE-1": Words(_("How it is paid is missing."), Place.PROGRAM),
    "BR-DE-2": Words(_("The seller lacks a contact person."), Place.OPERATOR),
    "BR-DE-3": Words(_("The seller's town is missing."), Place.OPERATOR),
    "BR-DE-4": Words(_("The seller's postal code is missing."), Place.OPERATOR),
    "BR-DE-5": Words(_("The name of the seller's contact person is missing."), Place.OPERATOR),
    "BR-DE-6": Words(_("The seller's telephone number is missing."), Place.OPERATOR),
    "BR-DE-7": Words(_("The seller's e-mail address is missing."), Place.OPERATOR),
    "BR-DE-8": Words(_("The buyer's town is missing."), Place.CUSTOMER),
    "BR-DE-9": Words(_("The buyer's postal code is missing."), Place.CUSTOMER),
    "BR-DE-10": Words(_("The town of the delivery is missing."), Place.CUSTOMER),
    "BR-DE-11": Words(_("The postal code of the delivery is missing."), Place.CUSTOMER),
    "BR-DE-15": Words(_("The buyer's Leitweg-ID or reference is missing."), Place.CUSTOMER),
    "BR-DE-16": _SELLER_TAX,
    "BR-DE-17": Words(_("This kind of document is not foreseen in Germany."), Place.PROGRAM),
    "BR-DE-19": Words(_("The IBAN of the account for the transfer is wrong."), Place.OPERATOR),
    "BR-DE-20": Words(_("The IBAN for the direct debit is wrong."), Place.CUSTOMER),
    "BR-DE-27": Words(_("The seller's telephone number has fewer than three digits."), Place.OPERATOR),
    "BR-DE-28": Words(_("The seller's e-mail address is none."), Place.OPERATOR),
    "BR-62": Words(_("The seller's electronic address is missing."), Place.OPERATOR),
    "BR-63": Words(_("The buyer's electronic address is missing."), Place.CUSTOMER),
    "PEPPOL-EN16931-R010": Words(_("The buyer's e-mail address is missing."), Place.CUSTOMER),
    "PEPPOL-EN16931-R020": Words(_("The seller's e-mail address is missing."), Place.OPERATOR),
}
FAMILIES: tuple[tuple[str, Words], ...] = (
    ("BR-CO-1", _SUMS),
    ("BR-CL-", _CODES),
    ("BR-DEC-", Words(_("An amount has more than two decimal places."), Place.PROGRAM)),
    ("BR-S-", _SUMS),
    ("BR-E-", _SUMS),
    ("CII-", Words(_("The data have something that the rules advise against."), Place.PROGRAM)),
    ("UBL-", Words(_("The data have something that the rules advise against."), Place.PROGRAM)),
    ("BR-", Words(_("Something that the law demands is missing or contradicts itself."), Place.PROGRAM)),
)
ANY = Words(_("A rule is broken that has no words here yet."), Place.PROGRAM)
ADVICE = {
    Place.OPERATOR: _("Complete the particulars of the seller, then draw the document anew."),
    Place.CUSTOMER: _("Complete the particulars of the customer, then draw the document anew."),
    Place.PRODUCER: _("Complete the particulars of the producer, then draw the document anew."),
    Place.PROGRAM: _("You cannot put that right. Please tell those who look after the program, with number and rule."),
}


class Told(NamedTuple):
    """One finding for people: its rule, what it means, what to do; `original` is the rule's own text with its name."""

    rule: str
    text: str
    advice: str
    original: str
    fatal: bool


def told(*, rule: str, severity: str, original: str, self_billed: bool = False) -> Told:
    """A finding in plain words; on a credit note the seller is the producer and the buyer the operator."""
    words = WORDS.get(rule) or next((words for start, words in FAMILIES if rule.startswith(start)), ANY)
    place = words.place
    if self_billed:
        place = {Place.OPERATOR: Place.PRODUCER, Place.CUSTOMER: Place.OPERATOR}.get(place, place)
    said = original if original.startswith("[") else f"{rule}: {original}"
    return Told(rule, str(words.text), str(ADVICE[place]), said, severity == "fatal")
