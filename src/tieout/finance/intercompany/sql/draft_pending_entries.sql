-- question:   What does each good vendor invoice post (finance spec 2.8, 5)? Per line a debit of intercompany cost, named by
--             the line's key, one of its tax, and one credit of the vendor, which takes their sum. No integration account: operations has
--             this cost.
-- grain:      one row of finance_entry_draft per ledger entry; reports their number
-- parameters: none
-- index:      finance_intercompany_vendor_line_key, finance_dimension_set_combination_key
with place as materialized (
    select p.*, s.dimension_set_id
    from pending_place p
    join (
        select n.*
        from (
            select array_agg(distinct x.combination) as combinations
            from pending_place x
            join pending g on g.vendor_invoice_id = x.vendor_invoice_id and g.voucher_id is not null
        ) w
        cross join lateral finance_dimension_sets(w.combinations) n
    ) s on s.combination = p.combination
),
line as materialized (
    select
        p.voucher_id,
        p.vendor_invoice_id,
        p.currency_code,
        l.id,
        l.line_number,
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
        l.amount,
        l.accounting_amount,
        round(l.accounting_amount * p.reporting_rate / 100, p.reporting_digits) as reporting_amount,
        l.tax_amount,
        l.tax_accounting_amount,
        round(l.tax_accounting_amount * p.reporting_rate / 100, p.reporting_digits) as tax_reporting_amount,
        p.line_count
    from pending p
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = p.vendor_invoice_id
    where p.voucher_id is not null
),
entry as (
    select
        l.voucher_id, l.line_number, w.account, w.posting_type, l.amount, l.currency_code, l.accounting_amount,
        l.reporting_amount, l.project_id, l.id as source_line_id, w.dimension_set_id
    from line l
    join place w
        on w.vendor_invoice_id = l.vendor_invoice_id
        and w.posting_type = 'intercompany_cost' and w.project_id = l.project_id and w.category_id = l.category_id
    union all
    select
        l.voucher_id, l.line_count + l.line_number, w.account, w.posting_type, l.tax_amount, l.currency_code,
        l.tax_accounting_amount, l.tax_reporting_amount, null, l.id, w.dimension_set_id
    from line l
    join place w on w.vendor_invoice_id = l.vendor_invoice_id and w.posting_type = 'tax_receivable'
    where l.tax_amount <> 0 or l.tax_accounting_amount <> 0
    union all
    select
        l.voucher_id, 2 * max(l.line_count) + 1, w.account, w.posting_type, -sum(l.amount + l.tax_amount),
        l.currency_code, -sum(l.accounting_amount + l.tax_accounting_amount),
        -sum(l.reporting_amount + l.tax_reporting_amount), null, null, w.dimension_set_id
    from line l
    join place w on w.vendor_invoice_id = l.vendor_invoice_id and w.posting_type = 'vendor'
    group by l.voucher_id, w.account, w.posting_type, l.currency_code, w.dimension_set_id
)
insert into finance_entry_draft (
    voucher_id, place, account, posting_type, amount, currency_code, accounting_amount, reporting_amount, project_id,
    source_line_id, dimension_set_id
)
select
    e.voucher_id,
    row_number() over (partition by e.voucher_id order by e.line_number),
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    e.project_id,
    e.source_line_id,
    e.dimension_set_id
from entry e
