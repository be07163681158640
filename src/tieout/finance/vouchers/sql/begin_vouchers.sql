-- question:   Which vouchers is a stage about to post? It says so here, `write_vouchers` writes them.
-- grain:      finance_voucher_draft has one row per voucher, with its key in advance
-- parameters: none
-- index:      none: a temporary table of one batch
create temporary table finance_voucher_draft (
    voucher_id bigint not null,
    document_id uuid not null,
    accounting_date date not null
) on commit drop
