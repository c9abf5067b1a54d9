"""Addresses of the producers' workspace."""

from django.urls import path

from marketplace.dashboard.views import articles, cuts, farm, labels, overview, packing, profile, reductions, settlements, vouchers

app_name = "dashboard"
urlpatterns = [
    path("", overview.home, name="home"),
    path("mitmachen/", profile.apply, name="apply"),
    path("mitmachen/danke/", profile.applied, name="applied"),
    path("runden/", packing.rounds, name="rounds"),
    path("runde/<int:pk>/", packing.round_page, name="round"),
    path("runde/<int:pk>/zeile/<int:line_pk>/", packing.record, name="record"),
    path("runde/<int:pk>/alles/", packing.pack_all, name="pack_all"),
    path("runde/<int:pk>/fertig/", packing.finish, name="finish"),
    path("runde/<int:pk>/wieder/", packing.reopen, name="reopen"),
    path("runde/<int:pk>/zeile/<int:line_pk>/ersatz/", cuts.replace, name="replace"),
    path("runde/<int:pk>/meldungen/", packing.queue, name="pack_queue"),
    path("runde/<int:pk>/kuerzen/", cuts.cuts, name="cuts"),
    path("runde/<int:pk>/kuerzen/<int:line_pk>/", cuts.cut, name="cut"),
    path("runde/<int:pk>/bestaetigen/", cuts.confirm, name="confirm"),
    path("runde/<int:pk>/packliste.pdf", packing.pick_list, name="pick_list"),
    path("runde/<int:pk>/etiketten/", labels.labels, name="labels"),
    path("runde/<int:pk>/etiketten/<str:kind>.pdf", labels.paper, name="label_paper"),
    path("runde/<int:pk>/etiketten/<int:delivery_pk>/noch-eine/", labels.another, name="another_box"),
    path("abholung/<int:pk>/uebergeben/", farm.hand_over, name="farm_hand_over"),
    path("abholung/<int:pk>/nicht-abgeholt/", farm.not_fetched, name="farm_not_fetched"),
    path("profil/hofabholung/", farm.hours, name="farm_hours"),
    path("profil/hofabholung/<int:pk>/zurueckziehen/", farm.withdraw, name="withdraw_farm_hours"),
    path("artikel/", articles.article_list, name="articles"),
    path("artikel/neu/", articles.article_new, name="article_new"),
    path("artikel/verdienst/", articles.earning, name="earning"),
    path("artikel/<int:pk>/", articles.article_edit, name="article"),
    path("artikel/<int:pk>/reduzieren/", reductions.reduction, name="reduction"),
    path("artikel/<int:pk>/schalter/", articles.switch, name="switch"),
    path("artikel/<int:pk>/preis/", articles.offer, name="offer"),
    path("gutscheine/", vouchers.own_list, name="vouchers"),
    path("gutscheine/neu/", vouchers.own_new, name="voucher_new"),
    path("gutscheine/<int:pk>/", vouchers.own_page, name="voucher"),
    path("gutscheine/<int:pk>/beenden/", vouchers.own_end, name="voucher_end"),
    path("abrechnungen/", settlements.settlement_list, name="settlements"),
    path("abrechnungen/<int:pk>/widerspruch/", settlements.objection, name="objection"),
    path("profil/", profile.profile, name="profile"),
]
