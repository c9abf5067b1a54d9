"""The demo's launcher, tried on a market of one page: it gets ready, mends what dies and leaves nothing running."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.places import CHECKOUT, server_folder
from embedded.processes import await_true, free_port

MINI = {
    "manage.py": "",
    "marketplace/__init__.py": "",
    "marketplace/settings.py": """
import os, dj_database_url
SECRET_KEY = os.environ["SECRET_KEY"]
assert os.environ["MARKTRUNDE_DEMO"] == "1"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "marketplace"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
ROOT_URLCONF = "marketplace.urls"
STATIC_URL, STATIC_ROOT = "/static/", os.environ["STATIC_ROOT"]
""",
    "marketplace/urls.py": """
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(f"{ContentType.objects.count()} types"))]
""",
    "marketplace/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    "marketplace/celery.py": """
import os
from celery import Celery
app = Celery("mini", broker=os.environ["REDIS_URL"])
""",
    "marketplace/management/__init__.py": "",
    "marketplace/management/commands/__init__.py": "",
    "marketplace/management/commands/play_demo.py": """
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def handle(self, **options): self.stdout.write("played")
""",
    "marketplace/management/commands/demo_logins.py": """
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def handle(self, **options): self.stdout.write("kundin@marktrunde.example")
""",
}


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A copy of the launcher with a market of one page."""
    room = Path(tempfile.mkdtemp(prefix="marktrunde-test-"))
    room.chmod(0o711)
    shutil.copytree(CHECKOUT / "embedded", room / "embedded", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "requirements", room / "requirements")
    shutil.copytree(CHECKOUT / "tools", room / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in MINI.items():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(text)
    yield room
    subprocess.run([sys.executable, "-m", "embedded", "reset"], cwd=room, env=_environment(), check=False)
    shutil.rmtree(server_folder(state=room / ".state" / "demo"), ignore_errors=True)
    shutil.rmtree(room)


def _environment(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "MARKTRUNDE_", "PYTEST_"))}
    return mine | more


def _start(checkout: Path, *options: str, port: int) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "embedded.demo", *options]
    environment = _environment(PORT=str(port), DATABASE_URL="postgresql://somebody@192.0.2.1/else")
    return subprocess.Popen(line, cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _read_until_ready(demo: subprocess.Popen[str]) -> None:
    """Read what the demo says up to its last words before it only watches."""
    assert demo.stdout is not None
    assert any("Ctrl-C stops everything" in line for line in demo.stdout)


def _children(checkout: Path) -> list[int]:
    notes = checkout / ".state" / "demo" / "children.json"
    return [pid for pid, _ in json.loads(notes.read_text())] if notes.exists() else []


def _web(checkout: Path) -> int:
    """The process of the web server."""
    (found,) = [pid for pid in _children(checkout) if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found


def _status(checkout: Path) -> str:
    line = [sys.executable, "-m", "embedded", "status"]
    return subprocess.run(line, cwd=checkout, env=_environment(), capture_output=True, text=True, check=False).stdout.strip()


def _page(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def test_demo_mends_what_dies_until_ctrl_c(checkout: Path) -> None:
    port = free_port()
    demo = _start(checkout, port=port)
    try:
        _read_until_ready(demo)
        assert _page(port) == "1 types"
        web = _web(checkout)
        os.killpg(web, signal.SIGKILL)
        assert await_true(lambda: _page(port) == "1 types" and web not in _children(checkout), seconds=30, pause=0.2)
        second = _start(checkout, port=free_port())
        assert "running already" in second.communicate(timeout=30)[0]
        demo.send_signal(signal.SIGINT)
        output, _ = demo.communicate(timeout=40)
    finally:
        demo.kill()
        demo.wait()
    assert "web server had stopped and was started again" in output
    assert "Stopped. Everything is kept" in output
    assert demo.returncode == 0
    assert _status(checkout) == "stopped"


def test_demo_ends_a_killed_ones_orphans_gets_ready_and_leaves_nothing(checkout: Path) -> None:
    port = free_port()
    killed = _start(checkout, port=port)
    _read_until_ready(killed)
    killed.kill()
    killed.communicate()
    output, _ = _start(checkout, "--until-ready", port=port).communicate(timeout=60)
    assert "played" in output
    assert f"Marktrunde runs at http://127.0.0.1:{port}" in output
    assert "kundin@marktrunde.example" in output
    assert _status(checkout) == "stopped"
    assert _children(checkout) == []
    assert _page(port) == ""
