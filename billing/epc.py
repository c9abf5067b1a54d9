"""Decides how a transfer is told to a banking app: the quick response code of the European payments council (EPC069-12)."""

import io
from decimal import Decimal

import segno.helpers

from marketplace.core import money

LONGEST_NAME = 70
LARGEST = Decimal("999999999.99")


def code(*, name: str, iban: str, amount: Decimal, text: str) -> segno.QRCode | None:
    """The code of a transfer of `amount` euro to `name`; `text` is the purpose. None for nothing to pay, or without IBAN."""
    account = iban.replace(" ", "")
    if not account or not name or not 0 < amount <= LARGEST:
        return None
    return segno.helpers.make_epc_qr(name=name[:LONGEST_NAME], iban=account, amount=money.to_cents(amount), text=text[:140])


def svg(*, name: str, iban: str, amount: Decimal, text: str, title: str) -> bytes:
    """The code as a picture for a page: an SVG file that says its `title`; empty where there is none."""
    made = code(name=name, iban=iban, amount=amount, text=text)
    if made is None:
        return b""
    out = io.BytesIO()
    made.save(out, kind="svg", border=4, scale=4, title=title, light="#ffffff", xmldecl=True)
    return out.getvalue()
