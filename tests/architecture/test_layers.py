"""The domains stack, and only shell imports shell."""

import shutil
import subprocess
import sys
from pathlib import Path

from embedded.places import CHECKOUT
from tests.architecture import house


def test_imports_go_downwards_only() -> None:
    beside = Path(sys.executable).with_name("lint-imports")
    command = str(beside) if beside.exists() else shutil.which("lint-imports")
    assert command, "lint-imports is not installed"
    told = subprocess.run([command, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_nothing_of_the_product_imports_its_tests() -> None:
    found = [
        str(path)
        for path in house.modules(of=(*house.RULED, "embedded", "tools"))
        if "import tests" in house.text(path) or "from tests" in house.text(path)
    ]
    assert found == []
