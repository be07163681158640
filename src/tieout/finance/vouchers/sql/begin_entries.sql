-- question:   What do the vouchers in finance_voucher_draft post? The stage says so here, `write_entries` writes it.
-- grain:      finance_entry_draft has one row per ledger entry, debit positive; `place` orders the entries of a voucher
-- parameters: none
-- index:      none: a temporary table of one batch
create temporary table finance_entry_draft (
    voucher_id bigint not null,
    place bigint not null,
    account text not null,
    posting_type text not null,
    amount numeric not null,
    currency_code text not null,
    accounting_amount numeric not null,
    reporting_amount numeric not null,
    project_id uuid,
    source_line_id uuid,
    dimension_set_id integer not null
) on commit drop
