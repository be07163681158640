-- question:   What does each good invoice post (finance spec 2.8, 4)? A debit of the customer; per line a credit of
--             intercompany revenue; and per line the counter-entry of its accrual, at the amounts that its own voucher
--             posted, whatever the rate is now; and one credit of the sales tax. The customer takes the sum, so that the
--             voucher is zero in both currencies. The lender has no project transaction. Each line's entries have the dimensions
--             with which it was posted, the debit of the customer what the customer gives; a credit note those of the
--             invoices that it takes back, and their accounts.
-- grain:      one row of finance_entry_draft per ledger entry; reports their number
-- parameters: none
-- index:      finance_voucherline_pkey; the rest are temporary tables of one batch
with numbered as materialized (
    select s.*
    from (
        select array_agg(x.combination) as combinations
        from (
            select l.combination from lent_line l
            union
            select i.customer_combination from lent_invoice i where i.voucher_id is not null
            union
            select l.credited_combination from lent_line l where l.credited_account is not null
        ) x
    ) w
    cross join lateral finance_dimension_sets(w.combinations) s
),
good as materialized (
    select
        l.*, i.voucher_id as invoice_voucher_id, coalesce(l.credited_account, i.customer_account) as customer_account,
        coalesce(l.credited_tax_account, i.tax_account) as tax_account,
        n.dimension_set_id, m.dimension_set_id as customer_set
    from lent_line l
    join lent_invoice i on i.place = l.place and i.voucher_id is not null
    join numbered n on n.combination = l.combination
    join numbered m
        on m.combination = case when l.credited_account is null then i.customer_combination else l.credited_combination end
),
entry as (
    select
        g.invoice_voucher_id, 1 as rank, 0::bigint as line_number, 1 as part, g.customer_account as account,
        'customer' as posting_type, sum(g.amount + g.tax_amount) as amount, g.currency_code,
        sum(g.accounting_amount + g.tax_accounting_amount) as accounting_amount,
        sum(g.reporting_amount + g.tax_reporting_amount) as reporting_amount,
        null::uuid as source_id, g.customer_set as dimension_set_id
    from good g
    group by g.invoice_voucher_id, g.customer_account, g.currency_code, g.customer_set
    union all
    select
        g.invoice_voucher_id, 2, g.line_number, 1, g.revenue_account, 'intercompany_revenue', -g.amount, g.currency_code,
        -g.accounting_amount, -g.reporting_amount, g.source_id, g.dimension_set_id
    from good g
    union all
    select
        g.invoice_voucher_id, 4, 0, 1, g.tax_account, 'tax_payable', -sum(g.tax_amount), g.currency_code,
        -sum(g.tax_accounting_amount), -sum(g.tax_reporting_amount), null, g.customer_set
    from good g
    group by g.invoice_voucher_id, g.tax_account, g.currency_code, g.customer_set
    having sum(g.tax_amount) <> 0 or sum(g.tax_accounting_amount) <> 0 or sum(g.tax_reporting_amount) <> 0
    union all
    select
        g.invoice_voucher_id, 3, g.line_number, e.line_no, e.account, e.posting_type, -e.amount, e.currency_code,
        -e.accounting_amount, -e.reporting_amount, e.source_line_id, e.dimension_set_id
    from good g
    join finance_voucher_line e
        on e.voucher_id = g.voucher_id and e.posting_type in ('wip_sales_value', 'accrued_revenue')
)
insert into finance_entry_draft (
    voucher_id, place, account, posting_type, amount, currency_code, accounting_amount, reporting_amount, project_id,
    source_line_id, dimension_set_id
)
select
    e.invoice_voucher_id,
    row_number() over (partition by e.invoice_voucher_id order by e.rank, e.line_number, e.part, e.account, e.dimension_set_id),
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    null,
    e.source_id,
    e.dimension_set_id
from entry e
