"""Decides what was probably meant by a word that stands nowhere: the nearest of the words that the region uses.

Two letters in the wrong order, one missing, one too many or one mistaken count as one slip each. How many are forgiven grows with
the word, and a wrong guess is worse than none. The numbers were chosen on misspelt and on foreign words, which the suite keeps.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from marketplace.catalogue import spelling

#: no guess at words of fewer letters; from so many on, a part of a compound is tried too; from so many on two slips are forgiven
SHORTEST, PART, LONG = 4, 6, 9
#: two slips in a word that is not long: only when it begins alike
MIDDLE, ALIKE = 7, 3
#: letters that a part leaves off at least
ENDING = 2
MOST_WORDS: Final = 6


class Guess(NamedTuple):
    """A word that may be meant: the fewer `slips` the better, a whole word before a part, longer before shorter."""

    slips: int
    is_part: bool
    shorter: int
    rank: int
    word: str


def vocabulary(*, names: Iterable[str]) -> dict[str, str]:
    """The words in some names as they stand there, by their plain spelling."""
    known: dict[str, str] = {}
    for name in names:
        for word in spelling.WORD.findall(name):
            if not word.isdigit():
                known.setdefault(spelling.plain(word=word), word)
    return known


def meant(*, text: str, known: Mapping[str, str]) -> str:
    """The text with each strange word replaced by the nearest known one: `zigenkäse` → `Ziegenkäse`; empty if one has none."""
    found = [nearest(word=word, known=known) for word in spelling.words(text=text)[:MOST_WORDS]]
    return " ".join(found) if all(found) else ""


def nearest(*, word: str, known: Mapping[str, str]) -> str:
    """The known word, or the beginning or end of a compound, with the fewest slips; empty when none is near enough."""
    guesses = [guess for form in spelling.sought(word=word) for guess in _guesses(form, known)]
    return min(guesses).word if guesses else ""


def slips(*, one: str, other: str, most: int) -> int:
    """How many slips lie between two words; more than `most` is told as `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    above: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        last, above, row = above, row, [place]
        for column, wanted in enumerate(other, 1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != wanted))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted:
                cost = min(cost, last[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _guesses(form: str, known: Mapping[str, str]) -> Iterable[Guess]:
    if len(form) < SHORTEST:
        return [Guess(0, False, 0, 0, known[form])] if form in known else []
    pairs, most = _pairs(form), _forgiven(form)
    found = []
    for rank, (plain, shown) in enumerate(known.items()):
        if len(plain) < SHORTEST or len(pairs & _pairs(plain)) < len(pairs) - 3 * most:
            continue
        found += [
            Guess(far, piece != plain, -len(piece), rank, _cased(shown, plain, piece))
            for piece in _pieces(plain, len(form), most)
            if (far := slips(one=form, other=piece, most=most)) <= _allowed(form, piece, piece != plain)
        ]
    return found


def _forgiven(form: str) -> int:
    return 2 if len(form) >= MIDDLE else 1


def _allowed(form: str, piece: str, is_part: bool) -> int:
    if len(form) >= LONG:
        return 2
    return 2 if len(form) >= MIDDLE and form[:ALIKE] == piece[:ALIKE] and not is_part else 1


def _pieces(plain: str, length: int, most: int) -> set[str]:
    """The word itself, and its beginnings and ends of about that length."""
    sizes = range(max(length - most, PART - 1), min(length + most, len(plain) - ENDING) + 1) if length >= PART else ()
    return {plain} | {plain[:size] for size in sizes} | {plain[-size:] for size in sizes}


def _cased(shown: str, plain: str, piece: str) -> str:
    """A part as it stands in the word, with a capital; ß counts two letters in the plain spelling."""
    if piece == plain:
        return shown
    if len(shown) != len(plain):
        return piece.capitalize()
    return (shown[: len(piece)] if plain.startswith(piece) else shown[-len(piece) :]).capitalize()


def _pairs(word: str) -> set[str]:
    return {word[place : place + 2] for place in range(len(word) - 1)}
