"""Addresses of the shop: market, articles, producers, search, delivery."""

from django.urls import path

from marketplace.shop.views import (
    delivery,
    elsewhere,
    favourites,
    market,
    places,
    price,
    producers,
    product,
    ranking,
    search,
    season,
    share,
    waiting,
)

app_name = "catalogue"
urlpatterns = [
    path("markt/", market.index, name="index"),
    path("markt/<slug:slug>/", market.category, name="category"),
    path("artikel/<slug:slug>_<int:pk>/", product.detail, name="detail"),
    path("artikel/<slug:slug>_<int:pk>/preis/", price.split, name="price"),
    path("artikel/<int:pk>/bild.jpg", share.article_picture, name="article_picture"),
    path("betriebe/", producers.index, name="producers"),
    path("betriebe/<slug:slug>/", producers.detail, name="producer"),
    path("karte/", places.index, name="map"),
    path("saison/", season.index, name="season"),
    path("betriebe/<slug:slug>/bild.jpg", share.producer_picture, name="producer_picture"),
    path("suche/", search.results, name="search"),
    path("suche/vorschlaege/", search.suggest, name="suggest"),
    path("so-sortieren-wir/", ranking.explained, name="ranking"),
    path("lieferung/", delivery.index, name="delivery"),
    path("lieferung/anderswo/", elsewhere.index, name="elsewhere"),
    path("lieferung/anderswo/ja/<str:token>/", elsewhere.confirm, name="elsewhere_confirm"),
    path("lieferung/anderswo/loeschen/<str:token>/", elsewhere.stop, name="elsewhere_stop"),
    path("lieferung/warteliste/ja/<str:token>/", waiting.confirm, name="wait_confirm"),
    path("lieferung/<int:pk>/bescheid/", waiting.wait, name="wait"),
    path("lieferung/angebot/<str:token>/", waiting.offer, name="offer"),
    path("lieferung/warteliste/<str:token>/", waiting.leave, name="leave"),
    path("konto/merkliste/", favourites.index, name="favourites"),
]
