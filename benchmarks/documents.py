"""`python -m benchmarks.documents`: what a document costs to write, judge and print, and a month of consolidated invoices.

The paper part runs in a process of its own without Django, because its memory is measured too. Time is CPU; beside it stands a
bare table of the same 30 rows typeset as PDF/A by the same program in the same run, so that machines can be compared. The month
plays 500 accounts with 40 lines each into a database of its own; another number of accounts can be named.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

LINES, DOCUMENTS, ACCOUNTS, DELIVERIES = 30, 1_000, 500, 4
MOST_MB, MOST_MS, MOST_RATIO = 128, 23.0, 2.5
FONTS = Path(__file__).resolve().parents[1] / ".state" / "bench-fonts"
BARE = """#set document(title: "Bare")
#set text(font: "Source Sans 3", size: 9.6pt, lang: "de")
#let rows = json(bytes(sys.inputs.data))
#table(columns: 6, table.header("Pos.", "Artikel", "Menge", "Preis", "USt", "Brutto"), ..rows.flatten())
"""


def main() -> None:
    """Print both parts; the exit status says whether the ceilings hold."""
    if "--paper" in sys.argv:
        print(json.dumps(_paper()))
        return
    told = subprocess.run([sys.executable, "-m", "benchmarks.documents", "--paper"], check=True, capture_output=True, text=True)
    paper: dict[str, float] = json.loads(told.stdout)
    held = list(_judged(paper))
    for name in ("written", "printed", "bare"):
        print(f"{name:<10}{paper[name]:>8.1f} ms of CPU a document of {LINES} lines")
    print(f"judged    {paper['judged']:>8.1f} ms of the clock, in the worker of the rules")
    print(f"{DOCUMENTS:,} documents leave the process at {paper['memory']:.0f} MB at most, {paper['size']:.0f} kB each\n")
    for text, met in held:
        print(f"{'met   ' if met else 'MISSED'} {text}")
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    met = _month(numbers[0] if numbers else ACCOUNTS)
    sys.exit(0 if met and all(met for _text, met in held) else 1)


def _judged(paper: dict[str, float]) -> Iterator[tuple[str, bool]]:
    cost, ratio = paper["written"] + paper["printed"], (paper["written"] + paper["printed"]) / paper["bare"]
    yield f"an invoice with its XML: {cost:.1f} ms (ceiling {MOST_MS:.0f} ms on a machine at rest)", cost <= MOST_MS
    yield f"beside a bare table: {ratio:.1f} × (ceiling {MOST_RATIO:.1f} ×)", ratio <= MOST_RATIO
    yield f"memory: {paper['memory']:.0f} MB (ceiling {MOST_MB} MB)", paper["memory"] <= MOST_MB


def _paper() -> dict[str, float]:
    """CPU milliseconds of each step, the quickest of several batches; and the memory after all of them."""
    from billing import einvoice, pdf, rules
    from marketplace.core import fonts

    folder = fonts.prepare(FONTS)

    def whole(number: int) -> bytes:
        document = _document(number)
        return pdf.render(document, einvoice.xml(einvoice.terms(document)), folder=folder)

    size = sum(len(whole(number)) for number in range(DOCUMENTS))
    memory = _peak()
    documents = [_document(DOCUMENTS + number) for number in range(200)]
    written = _quickest(lambda number: einvoice.xml(einvoice.terms(documents[number])))
    printed = _quickest(
        lambda number: pdf.render(documents[number], einvoice.xml(einvoice.terms(documents[number])), folder=folder)
    )
    bare = _quickest(_bare(folder))
    xml = einvoice.xml(einvoice.terms(documents[0]))
    rules.check(xml, "en16931")
    start = time.perf_counter()
    for _ in range(20):
        rules.check(xml, "en16931")
    judged = (time.perf_counter() - start) / 20 * 1000
    return {
        "written": written,
        "printed": printed - written,
        "judged": judged,
        "bare": bare,
        "memory": memory,
        "size": size / DOCUMENTS / 1024,
    }


def _document(number: int) -> Any:
    from billing.documents import numbered
    from tests.factories import documents as made

    lines = (
        made.line(
            place + 1,
            f"Artikel {place} von heute",
            "2",
            "Stück",
            str(Decimal("3.99") + place),
            "7" if place % 3 else "19",
            producer=f"Hof {place // 6}, Haby",
            delivery_note=f"LS-{number}",
        )
        for place in range(LINES)
    )
    whole = made.per_order(lines=numbered(lines), charges=(), prepaid=Decimal(0), payment=made.OPERATOR_TRANSFER)
    return replace(whole, number=f"RE-2026-{number:06d}")


def _bare(folder: Path) -> Callable[[int], object]:
    import typst

    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    template = folder / "bare.typ"
    template.write_text(BARE)
    compiler = typst.Compiler(root=str(folder), font_paths=faces, ignore_system_fonts=True)

    def work(number: int) -> object:
        rows = [
            [str(place), f"Artikel {place} {number}", "2 Stück", f"{place},99 €", "7 %", f"{place},98 €"]
            for place in range(LINES)
        ]
        data = {"data": json.dumps(rows, ensure_ascii=False)}
        return compiler.compile(input=str(template), format="pdf", sys_inputs=data, pdf_standards=["a-3b"])

    return work


def _quickest(work: Callable[[int], object], *, runs: int = 25, times: int = 4) -> float:
    work(0)
    spent = []
    for batch in range(times):
        start = time.process_time()
        for number in range(runs):
            work(1 + batch * runs + number)
        spent.append((time.process_time() - start) / runs * 1000)
    return min(spent)


def _peak() -> float:
    """The most memory that this process has had, in MB; zero where the system does not tell."""
    try:
        told = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("VmHWM"))


def _month(accounts: int) -> bool:
    """Draw and make a month's invoices, twice: queries a document, documents a second, and nothing the second time."""
    from benchmarks import ground

    with ground.database():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from billing import files, invoicing
        from tests.billing.deliveries import AT, NOVEMBER

        _play(accounts)
        few, *others = invoicing.due_periods(today=NOVEMBER)
        many, *_rest = reversed(others)
        queries = []
        for account, first, last in (few, many):
            with CaptureQueriesContext(connection) as asked:
                _draw(account, first, last)
            queries.append(len(asked))
        start = time.perf_counter()
        drawn = len(invoicing.draw_due(today=NOVEMBER, at=AT))
        drawing = time.perf_counter() - start
        start = time.perf_counter()
        made = files.make_due(at=AT, limit=accounts)
        making = time.perf_counter() - start
        again = len(invoicing.draw_due(today=NOVEMBER, at=AT)) + files.make_due(at=AT, limit=accounts)
    print(f"\n{accounts} accounts, {accounts * 10 * DELIVERIES:,} lines:")
    print(f"drawn: {drawn / drawing:.1f} a second; made into files by one worker: {made / making:.1f} a second")
    same = queries[0] == queries[1]
    print(f"{'met   ' if same else 'MISSED'} queries to draw 10 lines and {10 * DELIVERIES}: {queries[0]}, {queries[1]}")
    print(f"{'met   ' if not again else 'MISSED'} a second run: {again} documents")
    return same and not again


def _draw(account: int, first: date, last: date) -> None:
    from billing import invoicing
    from billing.models import Account
    from tests.billing.deliveries import AT, NOVEMBER

    invoicing.draw_consolidated(account=Account.objects.get(pk=account), first=first, last=last, today=NOVEMBER, at=AT)


def _play(accounts: int) -> None:
    """The first account gets one delivery, all others several; ten lines each."""
    from tests.billing.deliveries import deliver, item
    from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory

    farms = [PartnerFactory.create()]
    farms += [PartnerFactory.create(municipality=farms[0].municipality) for _ in range(4)]
    for farm in farms:
        SupplyContractFactory.create(partner=farm)
    for number in range(accounts):
        account = AccountFactory.create(region=farms[0].region, name=f"Gasthaus {number}")
        for week in range(DELIVERIES if number else 1):
            goods = [item(farms[place % 5], "4.90", 1 + place) for place in range(10)]
            deliver(*goods, region=farms[0].region, account=account, day=date(2026, 10, 2 + 7 * week), fee="3.90")


if __name__ == "__main__":
    main()
