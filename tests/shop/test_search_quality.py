"""Forty things that people type, and what has to stand first (or second, where two are as good)."""

from typing import Any

import pytest
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue import search
from marketplace.catalogue.models import Category, Product
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, ProductFactory

SHELVES = {
    "Milch & Käse": "Ziegenkäse gereift|Schafskäse in Salzlake|Bergkäse alt|Ziegenmilch|Landmilch|Schlagsahne|Speisequark|"
    "Süßrahmbutter|Joghurt mit Pflaume und Zimt|Käsewürfel in Kräuteröl|Vanilleeis",
    "Brot & Backwaren": "Roggenbrot Erna|Dinkelbrötchen, 4 Stück|Rundstücke, 6 Stück|"
    "Butterkuchen vom Blech|Möhrenkuchen|Brotbackmischung Landbrot",
    "Gemüse & Kartoffeln": "Bunte Möhren|Kartoffeln Linda festkochend|Blaue Kartoffeln|Grünkohl|Rote Zwiebeln|"
    "Lauch|Hokkaido-Kürbis|Spargel weiß|Rote Bete",
    "Obst & Beeren": "Äpfel Boskoop|Apfelringe getrocknet|Birnen Gute Graue|Zwetschgen|Walnüsse in der Schale",
    "Fleisch & Wurst": "Hackfleisch gemischt|Lammbratwurst|Katenschinken am Stück|Rehrücken|Suppenhuhn|Gänseschmalz",
    "Eier & Geflügel": "Eier aus Freilandhaltung, 10 Stück|Eierlikörkuchen im Glas",
    "Honig & Vorräte": "Lindenhonig|Honigsenf|Erdbeermarmelade|Apfelmus|Rapsöl kalt gepresst|Espresso Weichensteller",
    "Fisch": "Forelle geräuchert|Stremellachs",
    "Dienstleistungen": "Messer schärfen|Hose kürzen|Laufrad zentrieren",
    "Handwerk & Geschenke": "Becher Apfelasche|Bienenwachskerze gegossen",
}
FIRST = {
    "käse": "Bergkäse alt",
    "kaese": "Bergkäse alt",
    "ziegen käse": "Ziegenkäse gereift",
    "zigenkäse": "Ziegenkäse gereift",
    "schafkäse": "Schafskäse in Salzlake",
    "bergkäse": "Bergkäse alt",
    "milch": "Landmilch",
    "sahne": "Schlagsahne",
    "quark": "Speisequark",
    "butter": "Süßrahmbutter",
    "jogurt": "Joghurt mit Pflaume und Zimt",
    "eis": "Vanilleeis",
    "brot": "Roggenbrot Erna",
    "Roggen-Brot": "Roggenbrot Erna",
    "brötchen": "Dinkelbrötchen, 4 Stück|Rundstücke, 6 Stück",
    "semmeln": "Dinkelbrötchen, 4 Stück|Rundstücke, 6 Stück",
    "kuchen": "Möhrenkuchen",
    "möhre": "Bunte Möhren",
    "Moehren": "Bunte Möhren",
    "karotten": "Bunte Möhren",
    "kartoffel": "Blaue Kartoffeln",
    "kartofeln": "Blaue Kartoffeln|Kartoffeln Linda festkochend",
    "linda": "Kartoffeln Linda festkochend",
    "braunkohl": "Grünkohl",
    "zwiebel": "Rote Zwiebeln",
    "porree": "Lauch",
    "kürbis": "Hokkaido-Kürbis",
    "kuerbisse": "Hokkaido-Kürbis",
    "spargel": "Spargel weiß",
    "apfel": "Äpfel Boskoop|Apfelringe getrocknet",
    "Äpfel": "Äpfel Boskoop",
    "pflaumen": "Joghurt mit Pflaume und Zimt|Zwetschgen",
    "nüsse": "Walnüsse in der Schale",
    "walnuss": "Walnüsse in der Schale",
    "gehacktes": "Hackfleisch gemischt",
    "würste": "Lammbratwurst",
    "huhn": "Suppenhuhn",
    "eier": "Eier aus Freilandhaltung, 10 Stück",
    "honig": "Lindenhonig",
    "konfitüre": "Erdbeermarmelade",
    "öl": "Rapsöl kalt gepresst|Käsewürfel in Kräuteröl",
    "expresso": "Espresso Weichensteller",
    "forele": "Forelle geräuchert",
    "lachs": "Stremellachs",
    "messer": "Messer schärfen",
    "messer schleifen": "",
    "kerzen": "Bienenwachskerze gegossen",
    "borgstedt": "Eier aus Freilandhaltung, 10 Stück|Eierlikörkuchen im Glas",
}


@pytest.fixture
def market(village: Municipality, saturday: DeliveryRound) -> None:
    here = PartnerFactory.create(municipality=village, name="Hofladen Sonne")
    there = PartnerFactory.create(
        municipality=MunicipalityFactory.create(region=village.region, name="Borgstedt", slug="borgstedt"), name="Federhaus"
    )
    for shelf, titles in SHELVES.items():
        category = Category.add_root(name=shelf)
        for title in titles.split("|"):
            ProductFactory.create(partner=there if shelf.startswith("Eier") else here, title=title, category=category, origin="")
    search.refresh_all(queryset=Product.objects.all())


def test_results_put_what_was_meant_first(client: Client, market: None) -> None:
    wrong: dict[str, Any] = {}
    for text, wanted in FIRST.items():
        shown = [card.title for card in client.get("/suche/", {"q": text}).context["cards"]]
        first = shown[0] if shown else ""
        if first not in wanted.split("|"):
            wrong[text] = shown[:3]
    assert wrong == {}
