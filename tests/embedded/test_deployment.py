"""The production shape hangs together: what the compose file, the image and the proxy say of each other."""

import re
from typing import Any

import pytest
import yaml

from embedded.places import CHECKOUT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()))


def test_parts_of_production(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"proxy", "migrate", "web", "worker", "beat", "postgres", "valkey"}
    assert compose["services"]["web"]["deploy"]["replicas"] == 2


def test_volumes_networks_and_dependencies_are_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        named = {volume.partition(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")}
        assert named - set(compose["volumes"]) == set()
        assert set(service.get("networks", [])) - set(compose["networks"]) == set()
        assert set(service.get("depends_on", {})) - set(compose["services"]) == set()


def test_only_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("postgres", "valkey"):
        assert compose["services"][name]["networks"] == ["inside"]


def test_secrets_have_no_default() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    wanted = {name for name, _ in re.findall(r"\$\{(\w+)(:\?[^}]*)?\}", text)}
    example = (CHECKOUT / "deploy" / "env.example").read_text()
    assert wanted - set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == set()
    assert re.findall(r"^(SECRET_KEY|\w*PASSWORD)=(.+)$", example, re.MULTILINE) == []
    assert ":-" not in text


def test_image_copies_only_what_exists_and_drops_root() -> None:
    text = (CHECKOUT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    assert [name for name in copied if not (CHECKOUT / name).exists()] == []
    allowed = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert [name for name in copied if f"!{name}" not in allowed] == []
    assert re.findall(r"^USER (\w+)", text, re.MULTILINE) == ["marktrunde"]


def test_proxy_shows_pictures_and_no_other_media() -> None:
    text = (CHECKOUT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"handle (/\S+)", text) == ["/media/images/*", "/media/*"]
    assert text.count("{") == text.count("}")
