"""Addresses of checkout."""

from django.urls import path

from marketplace.checkout.views import delivery, details, ending, joining, review, start, thanks, whose

app_name = "checkout"
urlpatterns = [
    path("", start.start, name="start"),
    path("zusammen/", joining.together, name="together"),
    path("lieferung/", delivery.delivery, name="delivery"),
    path("angaben/", details.details, name="details"),
    path("anteile/", whose.whose_money, name="whose"),
    path("pruefen/", review.review, name="review"),
    path("bezahlt/<str:signed>/", thanks.paid, name="paid"),
    path("danke/<str:number>/", thanks.thanks, name="thanks"),
    path("danke/<str:number>/konto/", thanks.open_account, name="open_account"),
    path("absagen/", ending.cancel, name="cancel"),
]
