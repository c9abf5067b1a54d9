"""The producer's articles: the list, adding one on the phone, changing everything of one."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import earnings
from billing.earnings import Earning
from logistics.cases import BadCase
from logistics.models import CasePack
from marketplace.assortments import reach
from marketplace.catalogue import articles, search
from marketplace.catalogue.articles import BadArticle
from marketplace.catalogue.models import Category, Product
from marketplace.core import wording
from marketplace.dashboard import offering
from marketplace.dashboard.forms.articles import WEIGHED, ArticleForm, OfferForm, initial_of
from marketplace.dashboard.forms.purchases import CaseForm, case_initial
from marketplace.dashboard.listings import ListedArticle, listed
from marketplace.dashboard.offering import Buying
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.partner.offers import BadOffer
from marketplace.pictures.uploads import BadPicture
from marketplace.regions.requests import MarketRequest

PAGE = 30
SHOWN = {"an": True, "aus": False}
#: the filter's word for articles without an assortment
EVERYBODY = "alle"


def _own(partner: Partner) -> QuerySet[Product]:
    rows: QuerySet[Product] = Product.objects.of(partner)
    return rows.select_related("partner__municipality", "picture")


@producer
@require_safe
def article_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """All articles, with price and number to change on the spot."""
    text, shown = request.GET.get("q", "")[:80], request.GET.get("stand", "")
    rows = _own(partner)
    rows = search.find(queryset=rows, text=text) if text.strip() else rows.order_by("title", "pk")
    if shown in SHOWN:
        rows = rows.filter(is_public=SHOWN[shown])
    known, seen = reach.of_region(region=partner.region), request.GET.get("sicht", "")
    if seen == EVERYBODY:
        rows = rows.filter(assortments=[])
    elif any(str(one.assortment.pk) == seen for one in known):
        rows = rows.filter(assortments__contains=[int(seen)])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "articles",
        "partner": partner,
        "rows": listed(products=list(page.object_list)),
        "page_of": page,
        "q": text,
        "shown": shown,
        "seen": seen,
        "everybody": EVERYBODY,
        "assortments": known,
        "query": urlencode({"q": text, "stand": shown, "sicht": seen}),
    }
    return render(request, "dashboard/articles.html", context)


@producer
def article_new(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """A new article on one screen."""
    known = reach.of_region(region=partner.region)
    form = ArticleForm(request.POST or None, request.FILES or None, initial=_usual(partner), assortments=known)
    buying = CaseForm(request.POST or None)
    if request.method == "POST" and _all_valid(form, buying):
        product = _kept(form, buying, partner, request, None)
        if product is not None:
            return redirect("dashboard:article_new") if "next" in request.POST else redirect("dashboard:articles")
    return _form_page(request, partner, form, buying, None)


@producer
def article_edit(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Everything of one article."""
    product = get_object_or_404(_own(partner), pk=pk)
    offer = get_object_or_404(product.stockrecords)
    known = reach.of_region(region=partner.region)
    form = ArticleForm(request.POST or None, request.FILES or None, initial=initial_of(product, offer), assortments=known)
    buying = CaseForm(request.POST or None, initial=case_initial(CasePack.objects.filter(stockrecord=offer).first()))
    if request.method == "POST" and _all_valid(form, buying) and _kept(form, buying, partner, request, product) is not None:
        return redirect("dashboard:articles")
    return _form_page(request, partner, form, buying, product)


@producer
@require_POST
def switch(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Take an article off the market, or put it back."""
    product = get_object_or_404(_own(partner), pk=pk)
    turn = articles.show if request.POST.get("to") == "an" else articles.hide
    turn(product=product, at=timezone.now(), by=request.user)
    return _row_answer(request, product)


@producer
@require_POST
def offer(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Price and number from the list."""
    product = get_object_or_404(_own(partner), pk=pk)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _row_answer(request, product, problem=_("Please enter a price such as 4,90 and a whole number."))
    told = form.cleaned_data
    try:
        offering.restate(product=product, price=told["price"], quantity=told["quantity"], at=timezone.now(), by=request.user)
    except BadOffer as refusal:
        return _row_answer(request, product, problem=str(refusal))
    return _row_answer(request, product, saved=True)


@producer
@require_safe
def earning(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """What comes to the producer of a price that is being typed."""
    form = ArticleForm(request.GET)
    form.full_clean()
    found = _earning(partner, form.cleaned_data)
    weighed = form.cleaned_data.get("sales_unit") == WEIGHED
    return render(request, "dashboard/earning.html", {"earning": found, "weighed": weighed})


def _all_valid(form: ArticleForm, buying: CaseForm) -> bool:
    """Both are asked, so that all that is wrong is said at once."""
    return all([form.is_valid(), buying.is_valid()])


def _kept(
    form: ArticleForm, buying: CaseForm, partner: Partner, request: MarketRequest, product: Product | None
) -> Product | None:
    """Store what the forms say; None when the rules refuse it, and then the form says why."""
    now, by = timezone.now(), request.user
    listing = replace(form.listing(), buying=Buying(terms=buying.terms()))
    try:
        if product is None:
            kept = offering.add(partner=partner, listing=listing, at=now, by=by)
        else:
            kept = offering.revise(product=product, listing=listing, at=now, by=by)
    except BadArticle as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return None
    except (BadOffer, BadCase) as refusal:
        form.add_error(None, str(refusal))
        return None
    except BadPicture as refusal:
        form.add_error("photo", str(refusal))
        return None
    messages.success(request, _saved_text(kept.title, _earning(partner, form.cleaned_data)))
    return kept


def _saved_text(title: str, found: Earning | None) -> str:
    if found is None:
        return _("“%(title)s” is saved.") % {"title": title}
    return _("“%(title)s” is saved. Yours: %(amount)s.") % {"title": title, "amount": wording.euro(found.yours)}


def _earning(partner: Partner, told: dict[str, Any]) -> Earning | None:
    price, category, shelf = told.get("price"), told.get("vat_category"), told.get("category")
    known = shelf.pk if isinstance(shelf, Category) else shelf
    terms = earnings.terms_of(partner=partner, day=timezone.localdate(), shelf=known) if price and category else None
    return terms.earn(gross=price, category=category) if terms and price and category else None


def _usual(partner: Partner) -> dict[str, Any]:
    """What the producer's last article suggests for the next one."""
    last = Product.objects.of(partner).prefetch_related("productcategory_set").order_by("-pk").first()
    if last is None:
        return {}
    shelf = next((row.category_id for row in last.productcategory_set.all()), None)
    return {"category": shelf, "vat_category": last.vat_category, "storage": last.storage, "origin": last.origin}


def _form_page(
    request: MarketRequest, partner: Partner, form: ArticleForm, buying: CaseForm, product: Product | None
) -> HttpResponse:
    told = form.cleaned_data if form.is_bound else {**form.initial}
    page = {
        "section": "articles",
        "partner": partner,
        "form": form,
        "product": product,
        "picture": listed(products=[product])[0].picture if product else None,
        "earning": _earning(partner, told),
        "weighed": told.get("sales_unit") == WEIGHED,
        "buying": buying,
        "unfold": bool(buying.errors) or any(form[name].errors for name in FOLDED if name in form.fields),
        "groups": [
            *((title, [form[name] for name in names]) for title, names in _groups()),
            *([(_("Who can buy it"), [form["assortments"]])] if "assortments" in form.fields else []),
            (_("Buying in cases"), list(buying)),
        ],
    }
    return render(request, "dashboard/article_form.html", page, status=422 if form.is_bound else 200)


def _groups() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("Where it belongs"), ("category", "content", "vat_category", "deposit", "withdrawal_ground")),
        (_("What is in it"), ("description", "ingredients", "allergens", "diet", "labels", "is_organic", "origin", "photo_text")),
        (_("When and how"), ("storage", "season_months", "lead_time_days", "minimum_quantity", "age_limit")),
    ]


FOLDED = (
    "category", "content", "vat_category", "deposit", "withdrawal_ground", "description", "ingredients", "allergens", "diet",
    "labels", "is_organic", "origin", "photo_text", "storage", "season_months", "lead_time_days", "minimum_quantity", "age_limit",
    "assortments",
)  # fmt: skip


def _row_answer(request: MarketRequest, product: Product, *, problem: str = "", saved: bool = False) -> HttpResponseBase:
    """The row alone for htmx, otherwise the list again."""
    if request.htmx:
        row: ListedArticle = listed(products=[Product.objects.select_related("picture").get(pk=product.pk)])[0]
        return render(request, "dashboard/article_row.html", {"row": row, "problem": problem, "saved": saved})
    if problem:
        messages.error(request, f"{product.title}: {problem}")
    elif saved:
        messages.success(request, _("“%(title)s” is saved.") % {"title": product.title})
    return redirect("dashboard:articles")
