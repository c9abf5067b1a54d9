"""Decides how a transfer is told to a banking app: the quick response code of the European payments council (EPC069-12)."""

import io
from decimal import Decimal

import segno

LONGEST_NAME = 70
LONGEST_TEXT = 140
LARGEST = Decimal("999999999.99")
#: any of the eight patterns is valid; trying all of them for the best one takes five times as long
MASK = 2


def code(*, name: str, iban: str, amount: Decimal, text: str) -> segno.QRCode | None:
    """The code of a transfer of `amount` euro to `name`; `text` is the purpose. None for nothing to pay, or without IBAN."""
    account = iban.replace(" ", "")
    if not account or not name or not 0 < amount <= LARGEST:
        return None
    told = payload(name=name, iban=account, amount=amount, text=text)
    return segno.make_qr(told, error="m", boost_error=False, encoding="utf-8", mode="byte", mask=MASK)


def payload(*, name: str, iban: str, amount: Decimal, text: str) -> str:
    """What the code says: service, version, letters as UTF-8, transfer, no BIC, whom, account, amount, purpose in words."""
    said = (" ".join(words.split()) for words in (name[:LONGEST_NAME], iban, f"EUR{amount:.2f}", "", "", text[:LONGEST_TEXT]))
    return "\n".join(("BCD", "002", "1", "SCT", "", *said))


def svg(*, name: str, iban: str, amount: Decimal, text: str, title: str) -> bytes:
    """The code as a picture for a page: an SVG file that says its `title`; empty where there is none."""
    made = code(name=name, iban=iban, amount=amount, text=text)
    if made is None:
        return b""
    out = io.BytesIO()
    made.save(out, kind="svg", border=4, scale=4, title=title, light="#ffffff", xmldecl=True)
    return out.getvalue()
