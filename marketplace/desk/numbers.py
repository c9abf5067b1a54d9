"""Decides which phone number is meant, however it was typed: +49 4356 12 34, 0049…, 04356/1234, (04356) 1234."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

#: numbers without a country are of this one
COUNTRY = "DE"
#: fewer digits are no number to look for
FEWEST = 4


def normal(*, text: str) -> str:
    """The number as `+4943561234`; empty for what cannot be a phone number."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number is not None else ""


def shown(*, number: str) -> str:
    """A normal number as people here write it: `04356 1234`, from abroad `+45 …`; other text as it is."""
    known = _parsed(number)
    if known is None:
        return number
    at_home = phonenumbers.region_code_for_country_code(known.country_code or 0) == COUNTRY
    return phonenumbers.format_number(known, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


def digits(*, text: str) -> str:
    """Nothing but the digits after the country code, or the leading zeros, as far as somebody has typed: a part of a number.

    Empty for text with letters in it, and for less than `FEWEST` digits.
    """
    if any(sign.isalpha() for sign in text):
        return ""
    number = _parsed(text)
    if number is not None:
        return str(number.national_number)
    found = "".join(sign for sign in text if sign.isdecimal() and sign.isascii()).removeprefix("0049").lstrip("0")
    found = found.removeprefix("49") if text.strip().startswith("+") else found
    return found if len(found) >= FEWEST else ""


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if possible else None
