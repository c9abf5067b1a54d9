"""Keeps the German catalogues: `python -m tools.messages extract|compile|check`.

Each catalogue lies in the `locale/` of the package whose texts it holds. Extraction and compilation are Babel's, so no
gettext has to be installed. `extract` adds new msgids with an empty translation and drops what nobody uses; `check` fails
on a msgid without a German text.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

BASE = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: packages of the market with a catalogue and a folder of templates of the same name
ROOMS = ("aftersales", "desk", "notices", "reviews", "standing", "vouchers")
#: package with its locale/ → folders whose texts it holds (a folder belongs to the longest match)
CATALOGUES = {
    "marketplace": ["marketplace", "templates"],
    "marketplace/shop": ["marketplace/shop", "templates/shop"],
    "marketplace/checkout": ["marketplace/checkout", "templates/checkout", "templates/emails"],
    "marketplace/customers": [
        "marketplace/customers",
        "templates/customers",
        "templates/account",
        "templates/mfa",
        "templates/usersessions",
        "templates/allauth",
    ],
    "marketplace/dashboard": ["marketplace/dashboard", "templates/dashboard", "templates/office"],
    **{f"marketplace/{name}": [f"marketplace/{name}", f"templates/{name}"] for name in ROOMS},
    "logistics": ["logistics", "templates/logistics", "templates/pickup", "templates/hub"],
    "billing": ["billing", "templates/billing"],
    "cms": ["cms", "templates/cms"],
}


def _folder_of(path: str) -> str:
    owners = [
        (len(folder), package) for package, folders in CATALOGUES.items() for folder in folders if path.startswith(folder + "/")
    ]
    return max(owners)[1] if owners else ""


def _found() -> dict[str, Catalog]:
    """All messages in the sources, by catalogue."""
    catalogues = {package: Catalog(locale="de", charset="utf-8", fuzzy=False) for package in CATALOGUES}
    roots = sorted({folder.split("/")[0] for folders in CATALOGUES.values() for folder in folders})
    for root in roots:
        for file in sorted((BASE / root).rglob("*")):
            path = file.relative_to(BASE).as_posix()
            if (
                file.suffix not in {".py", ".html", ".txt"}
                or "/migrations/" in path
                or "/static/" in path
                or not _folder_of(path)
            ):
                continue
            method = "python" if file.suffix == ".py" else "enmerkar.extract:extract_django"
            with file.open("rb") as source:
                for _line, message, _comments, context in extract(
                    method, source, keywords=KEYWORDS, options={"encoding": "utf-8"}
                ):
                    catalogues[_folder_of(path)].add(message, context=context, locations=[(path, 0)])
    return catalogues


def _po(package: str) -> Path:
    return BASE / package / "locale" / "de" / "LC_MESSAGES" / "django.po"


def _stored(package: str) -> Catalog:
    path = _po(package)
    if not path.exists():
        return Catalog(locale="de")
    with path.open("rb") as file:
        return read_po(file, locale="de")


def update() -> None:
    """Bring every catalogue up to date with the sources, keeping its translations."""
    everything = _found()
    for package, found in everything.items():
        if not len(found):
            continue
        stored = _stored(package)
        found.creation_date = stored.creation_date  # else every run would change every catalogue
        for message in found:
            old = stored.get(message.id, context=message.context) if message.id else None
            if old is not None and old.string:
                message.string = old.string
        _po(package).parent.mkdir(parents=True, exist_ok=True)
        with _po(package).open("wb") as file:
            write_po(file, found, sort_output=True, no_location=True, omit_header=False, ignore_obsolete=True, width=130)


def compile_all() -> None:
    """Write the .mo file beside every .po."""
    for package in CATALOGUES:
        if _po(package).exists():
            with _po(package).with_suffix(".mo").open("wb") as file:
                write_mo(file, _stored(package))


def missing() -> list[str]:
    """Messages in the sources without a German text: "catalogue: msgid"."""
    bare = []
    for package, found in _found().items():
        stored = _stored(package)
        for message in found:
            if not message.id:
                continue
            known = stored.get(message.id, context=message.context)
            strings = known.string if known is not None else ""
            if not strings or (isinstance(strings, tuple | list) and not all(strings)):
                bare.append(f"{package}: {message.id!r}")
    return bare


def main(command: str) -> int:
    """Run one command; 1 when `check` finds a gap."""
    if command == "extract":
        update()
    if command in {"extract", "compile", "check"}:
        compile_all()
    gaps = missing() if command in {"extract", "check"} else []
    for gap in gaps:
        print(gap)
    print(f"{len(gaps)} messages without a German text" if gaps else "Every message has a German text.")
    return 1 if gaps and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
