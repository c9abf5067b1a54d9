"""Addresses of checkout."""

from django.urls import path

from marketplace.checkout import views

app_name = "checkout"
urlpatterns = [
    path("", views.start, name="start"),
    path("lieferung/", views.delivery, name="delivery"),
    path("angaben/", views.details, name="details"),
    path("pruefen/", views.review, name="review"),
    path("danke/<str:number>/", views.thanks, name="thanks"),
    path("danke/<str:number>/konto/", views.open_account, name="open_account"),
    path("widerruf/", views.withdraw, name="withdraw"),
    path("absagen/", views.cancel, name="cancel"),
]
