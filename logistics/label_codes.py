"""The short codes on labels: four letters or digits that nobody mistakes for others."""

import secrets
from collections.abc import Container, Iterator

#: no letter or digit that looks like another one
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 4


def draw(*, taken: Container[str]) -> str:
    """A code that is not taken, by chance."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
        if code not in taken:
            return code


def series(*, taken: set[str]) -> Iterator[str]:
    """One code after the other, each once; those `taken` before are left out and the new ones added to them."""
    while True:
        code = draw(taken=taken)
        taken.add(code)
        yield code
