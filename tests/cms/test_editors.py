"""What the editors of a region may do, and what they get to see."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission
from zeal import zeal_ignore

from cms import editors, setup
from cms.models import HomePage, StandardPage
from marketplace.core.models import AuditEntry
from marketplace.pictures.models import Picture
from marketplace.regions.models import Role
from tests.cms import market
from tests.factories.market import NOW, MunicipalityFactory, PartnerFactory, ProductFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wagtails_own_pages() -> Iterator[None]:
    """Wagtail's admin asks for pages and sites one by one; that is not ours to change."""
    with zeal_ignore([{"model": "wagtailcore.Page"}, {"model": "wagtailcore.Site"}]):
        yield


@pytest.fixture
def here() -> Any:
    """The region that answers to the test's host, with a page."""
    region, _products, _home = market.market(1)
    return region


@pytest.fixture
def elsewhere(here: Any) -> Any:
    """Another region with a page and goods of its own."""
    region: Any = RegionFactory.create(name="Norderstedt")
    market.goods(region, 1)
    market.site(region=region, products=[])
    return region


@pytest.fixture
def editor(client: Client, here: Any) -> Any:
    """Somebody who edits the pages here, logged in."""
    person: Any = UserFactory.create()
    editors.appoint(user=person, region=here, at=NOW, by=None)
    client.force_login(person)
    return person


def test_appoint_twice_is_once(editor: Any, here: Any) -> None:
    editors.appoint(user=editor, region=here, at=NOW, by=None)
    assert editor.memberships.filter(role=Role.EDITOR).count() == 1
    assert editor.groups.count() == 1
    assert AuditEntry.objects.filter(action="editor.appointed").count() == 1


def test_editor_may_change_and_publish_here_only(editor: Any, here: Any, elsewhere: Any) -> None:
    own = here.site.root_page.permissions_for_user(editor)
    other = elsewhere.site.root_page.permissions_for_user(editor)
    assert (own.can_edit(), own.can_publish(), own.can_add_subpage()) == (True, True, True)
    assert (other.can_edit(), other.can_publish(), other.can_add_subpage()) == (False, False, False)


def test_editor_opens_own_page_and_not_the_others(editor: Any, client: Client, here: Any, elsewhere: Any) -> None:
    def status(region: Any) -> int:
        return client.get(reverse("wagtailadmin_pages:edit", args=[region.site.root_page_id])).status_code

    assert status(here) == 200
    assert status(elsewhere) in {302, 403}


def test_editor_finds_only_own_tree(editor: Any, client: Client, elsewhere: Any) -> None:
    html = client.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()
    assert "Norderstedt" not in html


def test_editor_chooses_only_own_pictures(editor: Any, client: Client, here: Any, elsewhere: Any) -> None:
    Picture.objects.update(collection=editors.collection_of(region=elsewhere))
    own = market.picture("Unser Hof")
    Picture.objects.filter(pk=own.pk).update(collection=editors.collection_of(region=here))
    answer = client.get(reverse("wagtailimages_chooser:choose"))
    assert "Unser Hof" in answer.json()["html"]
    assert "Titelbild" not in answer.json()["html"]


def test_menu_of_an_editor_is_short_and_german(editor: Any, client: Client) -> None:
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Seiten" in html
    assert '"help"' not in html
    assert '"reports"' not in html


@pytest.mark.parametrize("name", ["product_chooser", "partner_chooser", "municipality_chooser"])
def test_choosers_list_and_give_only_what_belongs_here(name: str, editor: Any, client: Client, here: Any, elsewhere: Any) -> None:
    own, other = rows(name, here), rows(name, elsewhere)
    listed = client.get(reverse(f"{name}:choose")).json()["html"]
    assert str(own) in listed
    assert str(other) not in listed
    assert client.get(reverse(f"{name}:chosen", args=[own.pk])).json()["result"]["id"] == str(own.pk)
    assert client.get(reverse(f"{name}:chosen", args=[other.pk])).status_code == 404


def rows(name: str, region: Any) -> Any:
    """The first row of a region that a chooser could give."""
    partner = region.partners.first()
    return {
        "product_chooser": partner.products.first(),
        "partner_chooser": partner,
        "municipality_chooser": partner.municipality,
    }[name]


def test_chooser_searches_words_anywhere_in_the_name(editor: Any, client: Client, here: Any) -> None:
    partner = here.partners.first()
    ProductFactory.create(partner=partner, title="Ziegenkäse mild")
    found = client.get(reverse("product_chooser:choose_results"), {"q": "mild käse"}).content.decode()
    assert "Ziegenkäse mild" in found
    assert "Rapshonig" not in found


def test_choosers_are_empty_for_who_is_no_editor_here(client: Client, here: Any, elsewhere: Any) -> None:
    person: Any = UserFactory.create()
    editors.appoint(user=person, region=elsewhere, at=NOW, by=None)
    client.force_login(person)
    assert "Rapshonig" not in client.get(reverse("product_chooser:choose")).json()["html"]


def edit_form(page: Any, **values: Any) -> Any:
    form_class = HomePage.get_edit_handler().get_form_class()
    return form_class(data=values, instance=page, parent_page=page.get_parent(), for_user=UserFactory.create(is_superuser=True))


def test_form_refuses_goods_of_another_region(here: Any, elsewhere: Any) -> None:
    stranger = elsewhere.partners.first().products.first()
    home = here.site.root_page.specific
    html_name = "body"
    data = {
        "title": home.title, "slug": home.slug, f"{html_name}-count": "1", f"{html_name}-0-deleted": "",
        f"{html_name}-0-order": "0", f"{html_name}-0-type": "picked_goods", f"{html_name}-0-id": "",
        f"{html_name}-0-value-heading": "Gutes", f"{html_name}-0-value-text": "",
        f"{html_name}-0-value-products-count": "1", f"{html_name}-0-value-products-0-deleted": "",
        f"{html_name}-0-value-products-0-order": "0", f"{html_name}-0-value-products-0-value": str(stranger.pk),
        f"{html_name}-0-value-products-0-id": "",
        "main_menu-count": "0", "footer_menu-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    form = edit_form(home, **data)
    assert not form.is_valid()
    assert f"„{stranger}“ gehört zu einer anderen Region." in json.dumps(form.errors, ensure_ascii=False)


def test_group_follows_the_region_to_another_home_page(here: Any) -> None:
    group = editors.make_group(region=here)
    old = here.site.root_page
    here.site.root_page = old.get_parent().add_child(instance=HomePage(title="Neu", slug="ganz-neu"))
    here.site.save()
    editors.make_group(region=here)
    pages = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", flat=True))
    assert pages == {here.site.root_page_id}


def test_every_rule_of_axe_is_checked(editor: Any, client: Client) -> None:
    html = client.get("/").content.decode()
    assert "wagtail-userbar" in html
    assert '"runOnly": null' in html or '"runOnly"' not in html


def test_editor_of_text_page_sees_it_in_preview(editor: Any, client: Client, here: Any) -> None:
    page = StandardPage.objects.get(slug="impressum")
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert "Impressum" in answer.content.decode()


def test_setup_is_usable_without_content(db: None) -> None:
    region: Any = RegionFactory.create()
    home = setup.build_site(region=region, content=setup.SiteContent(title="Markt", description="", sections=()), at=NOW)
    assert region.site.root_page_id == home.pk
    MunicipalityFactory.create(region=region)
    PartnerFactory.create(municipality=MunicipalityFactory.create(region=region))
