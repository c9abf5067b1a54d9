"""Settings of the market, read from the environment.

Without any variable the settings describe a developer's machine whose PostgreSQL and Valkey are started by `embedded`.
In production (`MARKTRUNDE_ENV=production`) the process refuses to start without its secrets.
"""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from oscar.defaults import *  # noqa: F403  (Oscar reads its OSCAR_* settings from here)

from marketplace.core.cursors import PlannedCursor

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ.get("MARKTRUNDE_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
DEMO = os.environ.get("MARKTRUNDE_DEMO") == "1"


def _secret(name: str, fallback: str) -> str:
    """The value of a variable that production must set."""
    value = os.environ.get(name, "")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return value or fallback


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


DEBUG = _flag("DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production.")
SECRET_KEY = _secret("SECRET_KEY", "development-only-key-that-protects-nothing-" + "0" * 24)
ALLOWED_HOSTS = _secret("ALLOWED_HOSTS", "localhost,127.0.0.1,.localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    # ours, the forks of Oscar's apps among them
    "marketplace.core",
    "marketplace.regions",
    "marketplace.users",
    "marketplace.assortments",
    "marketplace.pictures",
    "marketplace.catalogue.apps.CatalogueConfig",
    "marketplace.partner.apps.PartnerConfig",
    "marketplace.basket.apps.BasketConfig",
    "marketplace.order.apps.OrderConfig",
    "marketplace.vouchers",
    "logistics",
    "billing",
    "marketplace.notices",
    "marketplace.reviews",
    "marketplace.aftersales",
    "marketplace.shop",
    "marketplace.checkout",
    "marketplace.customers",
    "marketplace.dashboard",
    "marketplace.standing",
    "marketplace.desk",
    "marketplace.demo",
    "cms",
    # Oscar: models, never its pages
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "marketplace.oscar_config.Offer",
    "marketplace.oscar_config.Customer",
    "marketplace.oscar_config.Analytics",
    "marketplace.oscar_config.Reviews",
    "marketplace.oscar_config.Wishlists",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    # Wagtail
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    # login
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Django
    "django_htmx",
    "template_partials",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sites",
    "django.contrib.flatpages",  # a migration of Oscar asks for it
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.core.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "marketplace.regions.middleware.KeptPagesMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "marketplace.regions.middleware.RegionMiddleware",
    "marketplace.assortments.middleware.SightMiddleware",
    "marketplace.basket.middleware.BasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "marketplace.regions.context_processors.region",
                "marketplace.basket.context_processors.basket",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        _secret("DATABASE_URL", "postgresql://marktrunde@127.0.0.1:5432/marktrunde"), conn_max_age=60, conn_health_checks=True
    )
}
#: values travel beside the statement, so that PostgreSQL plans what is asked often once and not each time (docs/adr/0038)
DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=5, cursor_factory=PlannedCursor)
REDIS_URL = _secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "marketplace.core.rediscache.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "market"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": 1}
CELERY_TIMEZONE = "Europe/Berlin"
#: OSRM servers with the roads of the region, by kind of vehicle; without one, times are estimated by distance
ROAD_SERVERS = {profile: os.environ.get(f"OSRM_{profile.upper()}", "") for profile in ("van", "car", "bike")}
#: a .pmtiles file with vector tiles of the region, drawn under the maps; without one they show villages and ways alone
MAP_TILES = os.environ.get("MAP_TILES", "")

CELERY_BEAT_SCHEDULE = {
    "announce-rounds": {"task": "logistics.tasks.announce_rounds", "schedule": 600.0},
    "close-due-rounds": {"task": "logistics.tasks.close_due_rounds", "schedule": 30.0},
    "tell-of-warm-goods": {"task": "logistics.tasks.tell_of_warm_goods", "schedule": 60.0},
    "draw-ways": {"task": "logistics.tasks.draw_ways", "schedule": 60.0},
    "compute-savings": {"task": "logistics.tasks.compute_savings", "schedule": 300.0},
    "see-to-reports": {"task": "logistics.tasks.see_to_reports", "schedule": 300.0},
    "tell-of-moved-rounds": {"task": "logistics.tasks.tell_of_moved_rounds", "schedule": 60.0},
    "tell-what-to-pack": {"task": "logistics.tasks.tell_what_to_pack", "schedule": 60.0},
    "settle-shortages": {"task": "logistics.tasks.settle_shortages", "schedule": 60.0},
    "tell-of-minimums": {"task": "logistics.tasks.tell_of_minimums", "schedule": 60.0},
    "ask-wishes-back": {"task": "logistics.tasks.ask_addresses_back", "schedule": 120.0},
    "tell-served-areas": {"task": "logistics.tasks.tell_served_areas", "schedule": 900.0},
    "give-back-unfetched": {"task": "logistics.tasks.give_back_unfetched", "schedule": 300.0},
    "invite-hosts": {"task": "logistics.tasks.invite_hosts", "schedule": 60.0},
    "give-back-places": {"task": "logistics.tasks.give_back_places", "schedule": 60.0},
    "draw-due-invoices": {"task": "billing.tasks.draw_due_documents", "schedule": 60.0},
    "finish-documents": {"task": "billing.tasks.finish_documents", "schedule": 60.0},
    "follow-online-payments": {"task": "billing.tasks.follow_online_payments", "schedule": 60.0},
    "catch-up-with-the-provider": {"task": "billing.tasks.catch_up_with_the_provider", "schedule": 600.0},
    "remind-sellers": {"task": "billing.tasks.remind_sellers", "schedule": 21600.0},
    "end-unpaid-orders": {"task": "marketplace.checkout.tasks.end_unpaid_orders", "schedule": 60.0},
    "end-reductions": {"task": "marketplace.partner.tasks.end_reductions", "schedule": 300.0},
    "rank-articles": {"task": "marketplace.catalogue.tasks.rank_articles", "schedule": 900.0},
    "forget-rare-searches": {"task": "marketplace.catalogue.tasks.forget_rare_searches", "schedule": 86400.0},
    "cancel-in-bulk": {"task": "marketplace.desk.tasks.cancel_in_bulk", "schedule": 60.0},
    "send-order-mails": {"task": "marketplace.order.tasks.send_due_confirmations", "schedule": 60.0},
    "ask-addresses-back": {"task": "marketplace.notices.tasks.ask_back", "schedule": 120.0},
    "send-due-notices": {"task": "marketplace.notices.tasks.send_due_notices", "schedule": 120.0},
    "place-standing-orders": {"task": "marketplace.standing.tasks.place_due_standing_orders", "schedule": 120.0},
    "send-aftersales-mails": {"task": "marketplace.aftersales.tasks.send_due_mails", "schedule": 60.0},
    "send-review-mails": {"task": "marketplace.reviews.tasks.send_due_mails", "schedule": 120.0},
    "publish-scheduled-pages": {"task": "cms.tasks.publish_scheduled_pages", "schedule": 60.0},
}

# paying online: keys of the accounts with the provider, e.g. STRIPE_KEYS="huettener-berge=rk_live_…,eiderland=rk_live_…"; one
# that is for every region is STRIPE_KEY. Without keys it is not offered. STRIPE_ADDRESS is that of a provider for practice
STRIPE_KEY = os.environ.get("STRIPE_KEY", "")
STRIPE_KEYS = dict(pair.split("=", 1) for pair in os.environ.get("STRIPE_KEYS", "").split(",") if "=" in pair)
STRIPE_WEBHOOK_SECRETS = [secret for secret in os.environ.get("STRIPE_WEBHOOK_SECRETS", "").split(",") if secret]
STRIPE_ADDRESS = os.environ.get("STRIPE_ADDRESS", "")
STRIPE_RETRIES, STRIPE_PATIENCE = 2, 20
if PRODUCTION and STRIPE_ADDRESS:
    raise ImproperlyConfigured("STRIPE_ADDRESS is for practice; no money flows there.")

# people and login
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/konto/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "marketplace.customers.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# who signs up types the code from the mail at once: nobody holds an account for somebody else's address, and the answer to a
# known address is the same as to a new one
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
# beside allauth's own limits: asking to be told of an article, of a free place, of deliveries to a village; reporting a review
ACCOUNT_RATE_LIMITS = {
    "declare_withdrawal": "20/h/ip,10/d/key",
    "end_a_contract": "20/h/ip,10/d/key",
    "ask_to_be_told": "20/h/ip,5/d/key",
    "wait_for_a_place": "20/h/ip,10/d/key",
    "wish_for_delivery": "20/h/ip,5/d/key",
    "report_a_review": "20/h/ip,5/d/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "marketplace.customers.adapter.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "marketplace.customers.safety.forms.AddPasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # browsers allow passkeys at http://localhost, the library does not
WAGTAILADMIN_LOGIN_URL = "/konto/login/"

# language and place
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
SITE_ID = 1

# files
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / ".state" / "static"))
STATICFILES_DIRS = [BASE_DIR / "marketplace" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", BASE_DIR / ".state" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"marketplace.core.statics.{'HashedFiles' if PRODUCTION or DEMO else 'PlainFiles'}"},
}
WHITENOISE_USE_FINDERS = not (PRODUCTION or DEMO)
TYPESETTING_FONTS = Path(os.environ.get("TYPESETTING_FONTS", BASE_DIR / ".state" / "fonts"))

# mail
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Marktrunde <post@marktrunde.example>")
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "django.core.mail.backends.filebased.EmailBackend",
)
EMAIL_FILE_PATH = BASE_DIR / ".state" / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")

# Wagtail
WAGTAIL_SITE_NAME = "Marktrunde"
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")
WAGTAILIMAGES_IMAGE_MODEL = "pictures.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USER_EDIT_FORM = "wagtail.users.forms.UserEditForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "german"}}
WAGTAILDOCS_EXTENSIONS = ["pdf", "ics", "txt", "csv", "odt", "docx", "xlsx"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Oscar
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_OFFERS_INCL_TAX = True
OSCAR_SAVE_SENT_EMAILS_TO_DB = False
OSCAR_SLUG_ALLOW_UNICODE = False
THUMBNAIL_DEBUG = False

# safety
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
# W019: Wagtail shows a page in a frame of its own admin while it is edited; the CSP allows no other frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]
if PRODUCTION:
    SECURE_SSL_REDIRECT = not _flag("BEHIND_PLAIN_HTTP")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
