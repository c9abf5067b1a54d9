"""Every view declares who may see it."""

from marketplace.regions.models import Role
from tests.architecture import urls

KNOWN = {"public", "customer", "producer", "host", "driver or office", str(Role.OFFICE), str(Role.DRIVER), str(Role.EDITOR)}


def test_every_view_declares_access() -> None:
    undeclared = [address.where for address in urls.ours() if getattr(address.view, "access", "") not in KNOWN]
    assert undeclared == []


def test_every_address_has_a_name() -> None:
    assert [address.route for address in urls.ours() if address.name.endswith(":") or not address.name] == []


def test_names_are_unique() -> None:
    names = [address.name for address in urls.ours()]
    assert sorted(names) == sorted(set(names))
