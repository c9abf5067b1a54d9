"""Lists the rest: tables of the packages we stand on, tables that only look personal, and who did something at work."""

from django.utils.translation import gettext_lazy as _

from marketplace.customers.privacy.holding import Holding

#: tables of Oscar and Wagtail that the market does not fill, or only for those who edit pages: handed out and deleted alike
FOREIGN = (
    Holding(model="address.UserAddress", title=_("Addresses (shop)")),
    Holding(model="payment.Bankcard", title=_("Cards (shop)")),
    Holding(model="customer.ProductAlert", title=_("Alerts (shop)"), by_email=("email",)),
    Holding(model="analytics.UserRecord", title=_("Counts (shop)")),
    Holding(model="analytics.UserProductView", title=_("Looked at (shop)")),
    Holding(model="analytics.UserSearch", title=_("Searched (shop)")),
    Holding(model="reviews.ProductReview", title=_("Reviews (shop)"), by_email=("email",)),
    Holding(model="reviews.Vote", title=_("Votes (shop)")),
    Holding(model="wishlists.WishList", title=_("Lists (shop)"), mine=("owner",)),
    Holding(model="wishlists.Line", title=_("Lines of lists (shop)"), mine=("wishlist__owner",)),
    Holding(
        model="wishlists.WishListSharedEmail", title=_("Shared lists (shop)"), mine=("wishlist__owner",), by_email=("email",)
    ),
    Holding(model="communication.Email", title=_("Sent e-mails (shop)"), by_email=("email",)),
    Holding(model="communication.Notification", title=_("Messages (shop)"), mine=("recipient",)),
    Holding(model="order.OrderNote", title=_("Notes to orders (shop)")),
    Holding(model="wagtailusers.UserProfile", title=_("Editor's settings"), hidden=frozenset({"avatar"})),
    Holding(model="wagtailadmin.EditingSession", title=_("Editing")),
    Holding(model="wagtailadmin.FormState", title=_("Drafts of forms")),
    Holding(model="wagtailcore.APIToken", title=_("Keys for programs"), hidden=frozenset({"key_hash"})),
    Holding(model="wagtailcore.PageSubscription", title=_("Subscribed pages")),
)

#: fields that say who did something at work for the market: they go on pointing at the row that has lost its name
AT_WORK = {
    ("core.AuditEntry", "by"),
    ("order.Order", "taken_by"),
    ("market_desk.Call", "by"),
    ("logistics.Delivery", "age_checked_by"),
    ("logistics.PackedLine", "packed_by"),
    ("logistics.DepositReturn", "noted_by"),
    ("logistics.Vehicle", "driver"),
    ("logistics.Tour", "driver"),
    ("logistics.PlanVersion", "by"),
    ("logistics.PlanningRun", "by"),
    ("logistics.StopEvent", "by"),
    ("logistics.BoxEvent", "by"),
    ("billing.BankLine", "imported_by"),
    ("billing.LedgerExport", "made_by"),
    ("billing.PayoutRun", "made_by"),
    ("billing.PayoutRun", "dropped_by"),
    ("billing.BankLine", "decided_by"),
    ("logistics.UnfollowedReport", "by"),
    ("logistics.UnfollowedReport", "settled_by"),
    ("logistics.BoxPhoto", "by"),
    ("logistics.CashCount", "counted_by"),
    ("logistics.HubCheck", "finished_by"),
    ("logistics.Reading", "by"),
    ("logistics.PackingEvent", "by"),
    ("logistics.Shortage", "noted_by"),
    ("market_aftersales.Withdrawal", "decided_by"),
    ("market_aftersales.Complaint", "decided_by"),
    ("market_reviews.Review", "decided_by"),
    ("market_reviews.Report", "decided_by"),
    ("communication.Notification", "sender"),
    ("offer.RangeProductFileUpload", "uploaded_by"),
    ("pictures.Picture", "uploaded_by_user"),
    ("wagtailimages.Image", "uploaded_by_user"),
    ("wagtaildocs.Document", "uploaded_by_user"),
    ("wagtailcore.UploadedFile", "uploaded_by_user"),
    ("wagtailcore.Page", "owner"),
    ("wagtailcore.Page", "locked_by"),
    ("wagtailcore.Revision", "user"),
    ("wagtailcore.WorkflowState", "requested_by"),
    ("wagtailcore.TaskState", "finished_by"),
    ("wagtailcore.PageLogEntry", "user"),
    ("wagtailcore.ModelLogEntry", "user"),
    ("wagtailcore.Comment", "user"),
    ("wagtailcore.Comment", "resolved_by"),
    ("wagtailcore.CommentReply", "user"),
    ("admin.LogEntry", "user"),
}

#: tables that look personal, or point at one that is, and hold nothing of a customer; the reason in plain English
NOTHING = {
    "regions.Region": "who runs the market",
    "market_standing.Ending_ended": "which standing orders a declaration ended; both are listed themselves",
    "partner.PartnerAddress": "not filled: producers have their address on themselves",
    "partner.StockRecord": "goods of a business",
    "billing.ExportedEntry": "which file an entry of the books went out with; the entry is listed itself",
    "billing.PayoutItem": "a business and its bank account, kept with the credit note",
    "logistics.PickupPoint": "a shop's address",
    "order.ShippingAddress": "not filled: deliveries hold the address",
    "order.BillingAddress": "not filled: invoices hold the address",
    **dict.fromkeys(
        (
            "order.CommunicationEvent",
            "order.LineAttribute",
            "order.LinePrice",
            "order.OrderStatusChange",
            "order.PaymentEvent",
            "order.PaymentEventQuantity",
            "order.ShippingEvent",
            "order.ShippingEventQuantity",
            "order.Surcharge",
            "payment.Source",
        ),
        "not filled: logistics and billing have tables of their own",
    ),
    "sessions.Session": "a random key; ended when somebody is erased",
}
