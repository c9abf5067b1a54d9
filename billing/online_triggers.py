"""What the database itself keeps of paying online: what was reported, asked for, taken, given back and moved stays as it was.

A row's identity and amounts are never changed, and no row is deleted; its state only moves forward. `billing.triggers` makes
these with the others. States are written out here because migrations run this; a test holds them against the models.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What of a table may change: `steps` from a state to others; all that is not named never does.

    `ended` are states that nothing leaves for good; `free` changes until then, `late` even afterwards, `step` only together with
    the state, `once` when it is empty. `kept_if` says which rows cannot be deleted.
    """

    table: str
    steps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ended: Sequence[str] = ()
    free: Sequence[str] = ()
    late: Sequence[str] = ()
    step: Sequence[str] = ()
    once: Sequence[str] = ()
    kept_if: str = "TRUE"

    def sql(self) -> str:
        """The triggers of the table; running it again changes nothing."""
        told = json.dumps({name: getattr(self, name) for name in ("steps", "ended", "free", "late", "step", "once")})
        return f"""
DROP TRIGGER IF EXISTS billing_promise ON {self.table};
CREATE TRIGGER billing_promise BEFORE UPDATE ON {self.table}
    FOR EACH ROW EXECUTE FUNCTION billing_keep_promise('{told}');
DROP TRIGGER IF EXISTS billing_frozen ON {self.table};
CREATE TRIGGER billing_frozen BEFORE DELETE ON {self.table}
    FOR EACH ROW WHEN ({self.kept_if}) EXECUTE FUNCTION billing_refuse();
"""


_ASKED = {"asked": ("done", "failed")}
PROMISES = (
    Promise(
        table="billing_onlinepayment",
        steps={
            "opened": ("processing", "authorised", "kept", "captured", "released", "failed"),
            "processing": ("captured", "failed"),
            "authorised": ("captured", "released", "failed"),
            "kept": ("released",),
        },
        ended=("captured", "released", "failed"),
        late=("payer", "means", "failure"),  # how the customer is asked again, and forgotten; why the bank refused
        step=("taken",),
        once=("page", "intent", "authorised_at", "ended_at", "told_at"),
    ),
    Promise(
        table="billing_onlinerefund",
        steps={"asked": ("done", "failed"), "done": ("failed",)},
        ended=("failed",),
        step=("ended_at", "failure"),
        once=("number",),
    ),
    Promise(table="billing_providerevent", once=("done_at", "problem")),
    Promise(table="billing_dispute", steps={"open": ("won", "lost")}, ended=("won", "lost"), step=("ended_at",)),
    Promise(table="billing_providermovement", once=("settled_at",)),
    #: the provider may take back what it announced, until the bank has shown it
    Promise(table="billing_providerpayout", once=("entry_id", "bank_line_id"), kept_if="OLD.entry_id IS NOT NULL"),
    Promise(
        table="billing_connectedaccount",
        free=("is_told", "can_receive", "can_pay_out", "hindrance", "seen_at", "chosen_at"),
        once=("number",),
    ),
    Promise(
        table="billing_providertransfer",
        steps=_ASKED,
        ended=("done", "failed"),
        free=("refused", "failure", "asked_at"),
        step=("ended_at",),
        once=("number",),
    ),
    Promise(
        table="billing_transferreversal",
        steps=_ASKED,
        ended=("done", "failed"),
        step=("ended_at", "failure"),
        once=("number", "entry_id"),
    ),
)

_FUNCTION = """
CREATE OR REPLACE FUNCTION billing_keep_promise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := TG_ARGV[0]::jsonb;
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    state text := before->>'status';
    moves boolean := (before->>'status') IS DISTINCT FROM (after->>'status');
    name text;
BEGIN
    IF moves AND NOT COALESCE(told->'steps'->state ? (after->>'status'), FALSE) THEN
        RAISE EXCEPTION 'row % of % is %, it never becomes %', OLD.id, TG_TABLE_NAME, state, after->>'status'
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOR name IN SELECT key FROM jsonb_each(after) LOOP
        CONTINUE WHEN before->name = after->name OR name = 'status' OR told->'late' ? name;
        CONTINUE WHEN told->'free' ? name AND NOT COALESCE(told->'ended' ? state, FALSE);
        CONTINUE WHEN told->'step' ? name AND moves;
        CONTINUE WHEN told->'once' ? name AND COALESCE(before->>name, '') = '';
        RAISE EXCEPTION '% of row % of % is never changed', name, OLD.id, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END LOOP;
    RETURN NEW;
END $$;
"""
CREATE = _FUNCTION + "".join(promise.sql() for promise in PROMISES)
DROP = "DROP FUNCTION IF EXISTS billing_keep_promise CASCADE;"
