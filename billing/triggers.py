"""The promises about the books that the database itself keeps, whoever writes to it.

Documents say the same for ever: of an invoice only `sent_at` and `objected_at` may change; of its lines and files, of the
journal, the payments, credits and refunds nothing, and none of them is deleted (sections 146(4) and 147 AO). Each entry of the
journal sums to zero when its transaction ends. TRUNCATE stays possible: it needs the owner of the tables, and tests empty them
with it. Running `CREATE` again changes nothing.
"""

from billing import online_triggers

FROZEN = ("billing_invoiceline", "billing_documentfile", "billing_journalentry", "billing_posting", "billing_payment")
FROZEN_EXPORTS = ("billing_periodexport",)
FROZEN_AGENCY = ("billing_agencystatement", "billing_agencyitem")
FROZEN_FEES = ("billing_passedfee",)
FROZEN_CREDITS = ("billing_credit", "billing_refund")
FROZEN_CLAIMS = (
    "billing_paymentreturn",
    "billing_debitreceipt",
    "billing_surcharge",
    "billing_dunnedinvoice",
    "billing_offset",
)

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION billing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'sent_at' - 'objected_at' IS DISTINCT FROM to_jsonb(OLD) - 'sent_at' - 'objected_at' THEN
        RAISE EXCEPTION 'what document % says is never changed', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION billing_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint := CASE TG_TABLE_NAME WHEN 'billing_posting' THEN (to_jsonb(NEW)->>'entry_id')::bigint ELSE NEW.id END;
    total numeric;
    sides integer;
BEGIN
    SELECT COALESCE(SUM(amount), 0), COUNT(*) INTO total, sides FROM billing_posting WHERE entry_id = entry;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'journal entry % has % postings that sum to %', entry, sides, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def _frozen(table: str) -> str:
    return f"""
DROP TRIGGER IF EXISTS billing_frozen ON {table};
CREATE TRIGGER billing_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION billing_refuse();
"""


def _balanced(table: str) -> str:
    return f"""
DROP TRIGGER IF EXISTS billing_balanced ON {table};
CREATE CONSTRAINT TRIGGER billing_balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_entry_balances();
"""


#: what migration 0005 makes; the tables of credits and refunds came later
FIRST = "".join(
    (
        _FUNCTIONS,
        """
DROP TRIGGER IF EXISTS billing_kept ON billing_invoice;
CREATE TRIGGER billing_kept BEFORE UPDATE ON billing_invoice FOR EACH ROW EXECUTE FUNCTION billing_keep_invoice();
DROP TRIGGER IF EXISTS billing_frozen ON billing_invoice;
CREATE TRIGGER billing_frozen BEFORE DELETE ON billing_invoice FOR EACH ROW EXECUTE FUNCTION billing_refuse();
""",
        *(_frozen(table) for table in FROZEN),
        *(_balanced(table) for table in ("billing_journalentry", "billing_posting")),
    )
)
CREDITS = "".join(_frozen(table) for table in FROZEN_CREDITS)
#: e-invoices that came in: the original and what was read stay, whose they are and what was decided may change
INCOMING = """
CREATE OR REPLACE FUNCTION billing_keep_incoming() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text[] := ARRAY['partner_id', 'status', 'decided_at', 'decided_by_id', 'received_by_id', 'note'];
BEGIN
    IF to_jsonb(NEW) - decided IS DISTINCT FROM to_jsonb(OLD) - decided THEN
        RAISE EXCEPTION 'what came in as % is never changed', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS billing_kept ON billing_incominginvoice;
CREATE TRIGGER billing_kept BEFORE UPDATE ON billing_incominginvoice FOR EACH ROW EXECUTE FUNCTION billing_keep_incoming();
DROP TRIGGER IF EXISTS billing_frozen ON billing_incominginvoice;
CREATE TRIGGER billing_frozen BEFORE DELETE ON billing_incominginvoice FOR EACH ROW EXECUTE FUNCTION billing_refuse();
"""
#: what was reported of a seller stays; only that it was mailed is noted later
SELLER_COPIES = """
CREATE OR REPLACE FUNCTION billing_keep_seller_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'sent_at' IS DISTINCT FROM to_jsonb(OLD) - 'sent_at' THEN
        RAISE EXCEPTION 'what was reported of a seller is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS billing_kept ON billing_sellercopy;
CREATE TRIGGER billing_kept BEFORE UPDATE ON billing_sellercopy FOR EACH ROW EXECUTE FUNCTION billing_keep_seller_copy();
DROP TRIGGER IF EXISTS billing_frozen ON billing_sellercopy;
CREATE TRIGGER billing_frozen BEFORE DELETE ON billing_sellercopy FOR EACH ROW EXECUTE FUNCTION billing_refuse();
"""
CLAIMS = "".join(_frozen(table) for table in FROZEN_CLAIMS)
AGENCY = "".join(_frozen(table) for table in FROZEN_AGENCY)
FEES = "".join(_frozen(table) for table in FROZEN_FEES)
#: a closed month takes no more bookings, whoever writes (section 146(4) AO); closing waits for those under way, and they for it
CLOSING_LOCK = 7421
_MONTH_IS_OPEN = """
CREATE OR REPLACE FUNCTION billing_month_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked record;
BEGIN
    IF TG_TABLE_NAME = 'billing_posting' THEN
        SELECT region_id, day INTO booked FROM billing_journalentry WHERE id = (to_jsonb(NEW)->>'entry_id')::bigint;
    ELSE
        SELECT (to_jsonb(NEW)->>'region_id')::bigint AS region_id, (to_jsonb(NEW)->>'day')::date AS day INTO booked;
        PERFORM pg_advisory_xact_lock_shared(7421, booked.region_id::int);
    END IF;
    IF EXISTS (
        SELECT 1 FROM billing_closing
        WHERE region_id = booked.region_id AND last >= booked.day AND reopened_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the books are closed for %', booked.day USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS billing_open_month ON billing_journalentry;
CREATE TRIGGER billing_open_month BEFORE INSERT ON billing_journalentry
    FOR EACH ROW EXECUTE FUNCTION billing_month_is_open();
DROP TRIGGER IF EXISTS billing_open_month ON billing_posting;
CREATE TRIGGER billing_open_month BEFORE INSERT ON billing_posting
    FOR EACH ROW EXECUTE FUNCTION billing_month_is_open();
DROP TRIGGER IF EXISTS billing_frozen ON billing_closing;
CREATE TRIGGER billing_frozen BEFORE DELETE ON billing_closing FOR EACH ROW EXECUTE FUNCTION billing_refuse();
DROP TRIGGER IF EXISTS billing_frozen ON billing_manualentry;
CREATE TRIGGER billing_frozen BEFORE DELETE ON billing_manualentry FOR EACH ROW EXECUTE FUNCTION billing_refuse();
"""
CLOSING = _MONTH_IS_OPEN + "".join(_frozen(table) for table in FROZEN_EXPORTS)
CREATE = FIRST + CREDITS + AGENCY + FEES + SELLER_COPIES + CLAIMS + INCOMING + CLOSING + online_triggers.CREATE

DROP = """
DROP FUNCTION IF EXISTS billing_refuse CASCADE;
DROP FUNCTION IF EXISTS billing_keep_invoice CASCADE;
DROP FUNCTION IF EXISTS billing_keep_incoming CASCADE;
DROP FUNCTION IF EXISTS billing_keep_seller_copy CASCADE;
DROP FUNCTION IF EXISTS billing_entry_balances CASCADE;
DROP FUNCTION IF EXISTS billing_month_is_open CASCADE;
"""
