"""Addresses of the office."""

from django.urls import path

from marketplace.dashboard.views import accounts, documents, doorstep, orders, plans, producers, rounds, searches, vouchers, week

app_name = "office"
urlpatterns = [
    path("", week.home, name="home"),
    path("betriebe/", producers.producer_list, name="producers"),
    path("betriebe/<int:pk>/", producers.producer_page, name="producer"),
    path("betriebe/<int:pk>/freigeben/", producers.approve, name="approve"),
    path("betriebe/<int:pk>/sperren/", producers.suspend, name="suspend"),
    path("runden/", rounds.round_list, name="rounds"),
    path("runden/plaene/", plans.plan_list, name="plans"),
    path("runden/plaene/neu/", plans.plan_new, name="plan_new"),
    path("runden/plaene/<int:pk>/", plans.plan_page, name="plan_page"),
    path("runden/plaene/<int:pk>/ausnahme/", plans.exception, name="exception"),
    path("runden/plaene/<int:pk>/ausnahme/<int:exception_pk>/aufheben/", plans.drop_exception, name="drop_exception"),
    path("runden/<int:pk>/verlegen/", plans.reschedule, name="reschedule"),
    path("runden/wunschorte/", rounds.wishes, name="wishes"),
    path("runden/<int:pk>/", rounds.round_page, name="round"),
    path("runden/<int:pk>/fahrten/", rounds.tours, name="tours"),
    path("runden/<int:pk>/schliessen/", rounds.close, name="close"),
    path("runden/<int:pk>/planen/", rounds.plan, name="plan"),
    path("bestellungen/", orders.order_list, name="orders"),
    path("bestellungen/<str:number>/", orders.order_page, name="order"),
    path("bestellungen/<str:number>/lieferschein.pdf", orders.slip, name="slip"),
    path("bestellungen/<str:number>/uebergeben/", orders.hand_over, name="hand_over"),
    path("bestellungen/<str:number>/nicht-zustellbar/", orders.give_up, name="give_up"),
    path("an-der-tuer/", doorstep.doorstep, name="doorstep"),
    path("an-der-tuer/<int:pk>/", doorstep.settle, name="settle"),
    path("rechnungen/", documents.document_list, name="documents"),
    path("rechnungen/<int:pk>/", documents.document_page, name="document"),
    path("rechnungen/<int:pk>/zahlung/", documents.receive, name="receive"),
    path("rechnungen/<int:pk>/auszahlung/", documents.pay_out, name="pay_out"),
    path("gutscheine/", vouchers.voucher_list, name="vouchers"),
    path("gutscheine/neu/", vouchers.voucher_new, name="voucher_new"),
    path("gutscheine/<int:pk>/", vouchers.voucher_page, name="voucher"),
    path("gutscheine/<int:pk>/beenden/", vouchers.voucher_end, name="voucher_end"),
    path("suchen/", searches.search_list, name="searches"),
    path("konten/", accounts.account_list, name="accounts"),
    path("konten/<int:pk>/", accounts.account_page, name="account"),
    path("konten/<int:pk>/freigeben/", accounts.grant, name="grant"),
    path("konten/<int:pk>/sperren/", accounts.withdraw, name="withdraw"),
]
