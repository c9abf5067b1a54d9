"""Nothing is skipped silently: with MARKTRUNDE_NO_SKIPS a skipped test fails the run and is named.

A test marked `opt_in` may be skipped, because it needs something that a machine need not have; it is named all the same.
"""

import os

import pytest

OPT_IN = "opt_in"


def _skipped(config: pytest.Config) -> tuple[list[str], list[str]]:
    """Names of the skipped tests: those that fail the run, and those that may be skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter is not None else []
    forbidden = [report.nodeid for report in reports if OPT_IN not in report.keywords]
    return forbidden, [report.nodeid for report in reports if OPT_IN in report.keywords]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a green run with skipped tests red (in the process that reports, not in its workers)."""
    if not os.environ.get("MARKTRUNDE_NO_SKIPS") or hasattr(session.config, "workerinput"):
        return
    forbidden, _ = _skipped(session.config)
    if forbidden and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what did not run."""
    forbidden, allowed = _skipped(config)
    if allowed:
        terminalreporter.section("not run here")
        terminalreporter.write_line("\n".join(allowed))
    if forbidden and os.environ.get("MARKTRUNDE_NO_SKIPS"):
        terminalreporter.section("skipped, which fails this run", red=True)
        terminalreporter.write_line("\n".join(forbidden))
