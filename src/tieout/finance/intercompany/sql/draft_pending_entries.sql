-- question:   What does each good vendor invoice post (finance spec 2.8, 5)? Per line a debit of intercompany cost, named by
--             the line's key, and one credit of the vendor, which takes their sum. No integration account: operations has
--             this cost. A line takes the dimensions of its
--             project and vendor, the credit those of the vendor.
-- grain:      one row of finance_entry_draft per ledger entry; reports their number
-- parameters: company
-- index:      finance_intercompany_vendor_line_key, finance_posting_profile_key, finance_dimension_default_key
with line as materialized (
    select
        p.voucher_id,
        p.currency_code,
        p.lending_company,
        p.vendor_id,
        p.vendor_account,
        l.id,
        l.line_number,
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
        l.amount,
        l.accounting_amount,
        round(l.accounting_amount * p.reporting_rate / 100, p.reporting_digits) as reporting_amount
    from pending p
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = p.vendor_invoice_id
    where p.voucher_id is not null
),
account as materialized (
    select a.*
    from (
        select
            array_agg('intercompany_cost'::text) as types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories,
            array_agg(x.lending_company) as partners
        from (select distinct l.project_id, l.category_id, l.lending_company from line l) x
    ) w
    cross join lateral finance_partner_accounts(%(company)s, w.types, w.projects, w.categories, w.partners) a
),
combined as materialized (
    select c.project_id, c.owner_id, c.combination
    from (
        select array_agg(x.project_id) as projects, array_agg(x.vendor_id) as owners, array_agg(false) as owner_wins
        from (
            select l.project_id, l.vendor_id from line l
            union
            select '00000000-0000-0000-0000-000000000000', l.vendor_id from line l
        ) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.projects, w.owners, w.owner_wins) c
),
dimension as materialized (
    select c.project_id, c.owner_id, s.dimension_set_id
    from combined c
    join (
        select n.*
        from (select array_agg(distinct x.combination) as combinations from combined x) w
        cross join lateral finance_dimension_sets(w.combinations) n
    ) s on s.combination = c.combination
),
entry as (
    select
        l.voucher_id, l.line_number, a.account, 'intercompany_cost' as posting_type, l.amount,
        l.currency_code, l.accounting_amount, l.reporting_amount, l.project_id, l.id as source_line_id, d.dimension_set_id
    from line l
    join account a
        on a.project_id = l.project_id and a.category_id = l.category_id and a.partner_company = l.lending_company
    join dimension d on d.project_id = l.project_id and d.owner_id = l.vendor_id
    union all
    select
        l.voucher_id, max(l.line_number) + 1, l.vendor_account, 'vendor', -sum(l.amount), l.currency_code,
        -sum(l.accounting_amount), -sum(l.reporting_amount), null, null, d.dimension_set_id
    from line l
    join dimension d on d.project_id = '00000000-0000-0000-0000-000000000000' and d.owner_id = l.vendor_id
    group by l.voucher_id, l.vendor_account, l.currency_code, d.dimension_set_id
)
insert into finance_entry_draft (
    voucher_id, place, account, posting_type, amount, currency_code, accounting_amount, reporting_amount, project_id,
    source_line_id, dimension_set_id
)
select
    e.voucher_id,
    e.line_number,
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
