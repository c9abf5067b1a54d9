"""Addresses on which an order is changed, below /konto/."""

from django.urls import path, re_path

from marketplace.checkout.views.change import delivery, details, goods, review

app_name = "change"
urlpatterns = [
    re_path(r"^bestellung/(?P<signed>[A-Za-z0-9_:.-]{1,200})/aendern/$", goods.by_link, name="by_link"),
    path("bestellungen/<str:number>/aendern/", goods.goods, name="goods"),
    path("bestellungen/<str:number>/aendern/artikel/<int:pk>/", goods.article, name="article"),
    path("bestellungen/<str:number>/aendern/artikel/<int:pk>/wunsch/", goods.wish, name="wish"),
    path("bestellungen/<str:number>/aendern/ergaenzen/", goods.collect, name="collect"),
    path("bestellungen/<str:number>/aendern/korb/", goods.join, name="join"),
    path("bestellungen/<str:number>/aendern/verwerfen/", goods.drop, name="drop"),
    path("bestellungen/<str:number>/aendern/lieferung/", delivery.delivery, name="delivery"),
    path("bestellungen/<str:number>/aendern/angaben/", details.details, name="details"),
    path("bestellungen/<str:number>/aendern/pruefen/", review.review, name="review"),
]
