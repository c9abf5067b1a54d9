"""Addresses of the shop: market, articles, producers, search, delivery."""

from django.urls import path

from marketplace.shop.views import delivery, favourites, market, producers, product, search

app_name = "catalogue"
urlpatterns = [
    path("markt/", market.index, name="index"),
    path("markt/<slug:slug>/", market.category, name="category"),
    path("artikel/<slug:slug>_<int:pk>/", product.detail, name="detail"),
    path("betriebe/", producers.index, name="producers"),
    path("betriebe/<slug:slug>/", producers.detail, name="producer"),
    path("suche/", search.results, name="search"),
    path("lieferung/", delivery.index, name="delivery"),
    path("konto/merkliste/", favourites.index, name="favourites"),
]
