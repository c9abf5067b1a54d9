"""Addresses of standing orders and of ordering once more."""

from django.urls import path

from marketplace.standing.views import again, ending, making, one, overview

app_name = "standing"
urlpatterns = [
    path("konto/dauerbestellungen/", overview.overview, name="overview"),
    path("konto/dauerbestellungen/neu/", making.new, name="new"),
    path("konto/dauerbestellungen/<str:number>/", one.detail, name="detail"),
    path("konto/dauerbestellungen/<str:number>/aendern/", making.change, name="change"),
    path("konto/dauerbestellungen/<str:number>/auslassen/", one.skip, name="skip"),
    path("konto/dauerbestellungen/<str:number>/pausieren/", one.pause, name="pause"),
    path("konto/dauerbestellungen/<str:number>/fortsetzen/", one.resume, name="resume"),
    path("konto/dauerbestellungen/<str:number>/preis/", one.accept_price, name="accept_price"),
    path("konto/dauerbestellungen/<str:number>/kuendigen/", one.end, name="end_one"),
    path("konto/bestellungen/<str:number>/nochmal/", again.again, name="again"),
    path("vertrag-kuendigen/", ending.end, name="end"),
]
