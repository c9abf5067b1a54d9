"""A skipped test fails the run, unless it is opt-in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.places import CHECKOUT

SUITE = """
import pytest

@pytest.mark.skip(reason="lazy")
{mark}
def test_lazy(): ...

def test_busy(): ...
"""


@pytest.mark.parametrize(("mark", "workers", "code"), [("", "1", 1), ("@pytest.mark.opt_in", "0", 0)])
def test_skipped_test_fails_the_run(tmp_path: Path, mark: str, workers: str, code: int) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE.format(mark=mark))
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = opt_in\n")
    line = [sys.executable, "-m", "pytest", str(tmp_path), "-p", "tests.plugins.no_skips", "-n", workers]
    line += ["-c", str(tmp_path / "pytest.ini"), "-p", "no:django", "-p", "no:playwright", "-p", "no:cacheprovider"]
    done = subprocess.run(
        line, cwd=CHECKOUT, env=os.environ | {"MARKTRUNDE_NO_SKIPS": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "test_suite.py::test_lazy" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout.splitlines()[-1]
