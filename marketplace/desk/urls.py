"""Addresses of the telephone desk; the office's alone."""

from django.urls import path

from marketplace.desk.views import calling, cancelling, changing, closing, extras, ordering, posting, talks

app_name = "desk"
urlpatterns = [
    path("", calling.home, name="home"),
    path("neu/", calling.new, name="new"),
    path("gespraeche/", talks.call_list, name="calls"),
    path("post/", posting.pile, name="post"),
    path("post/briefe.pdf", posting.letters_pdf, name="letters"),
    path("absagen/", cancelling.cancel_orders, name="cancel_orders"),
    path("absagen/<int:pk>/", cancelling.cancelled_orders, name="cancelled_orders"),
    path("bestellung/<str:number>/", changing.order_page, name="order"),
    path("bestellung/<str:number>/brief.pdf", posting.letter_pdf, name="letter"),
    path("bestellung/<str:number>/aendern/", changing.change, name="change"),
    path("bestellung/<str:number>/stornieren/", changing.cancel, name="cancel"),
    path("<int:pk>/", ordering.order, name="caller"),
    path("<int:pk>/angaben/", calling.edit, name="edit"),
    path("<int:pk>/vergessen/", calling.forget, name="forget"),
    path("<int:pk>/artikel/", ordering.add, name="add"),
    path("<int:pk>/artikel/<int:line_pk>/", ordering.quantity, name="quantity"),
    path("<int:pk>/wie-zuletzt/<str:number>/", ordering.again, name="again"),
    path("<int:pk>/gutschein/", extras.redeem, name="redeem"),
    path("<int:pk>/gutschein/weg/", extras.give_up, name="give_up"),
    path("<int:pk>/geschenk/", extras.gift, name="gift"),
    path("<int:pk>/wann/", closing.agree, name="agree"),
    path("<int:pk>/vorlesen/", closing.read, name="read"),
]
