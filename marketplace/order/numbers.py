"""Decides what an order is called: a random number that nobody guesses and that can be read out on the telephone."""

import secrets

#: no 0/O, 1/I/L, 2/Z, 5/S, 8/B: what looks or sounds alike is left out
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
HALF = 4


def draw() -> str:
    """A new number such as AC3K-7QXM; 25^8 of them, so a collision is a matter of retrying once."""
    letters = [secrets.choice(ALPHABET) for _ in range(2 * HALF)]
    return f"{''.join(letters[:HALF])}-{''.join(letters[HALF:])}"
