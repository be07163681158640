-- question:   Can each invoice in hand be posted? Judged in this order: no number sequence (DOC-106), a closed project
--             (INT-701), the period not open (DOC-103: documents are never shifted), no rate into the reporting currency
--             (DOC-102), no account (DOC-101), an account that demands other dimensions (DOC-111).
-- grain:      one row of pending per invoice; voucher_id is not null when it is good
-- parameters: company, sequence
-- index:      finance_project_pkey, finance_account_dimension_key; the rest are temporary tables of one batch
create temporary table pending on commit drop as
with faulty as materialized (
    select distinct on (p.vendor_invoice_id) p.vendor_invoice_id, f.account, f.demand, f.dimension
    from (
        select array_agg(x.account) as accounts, array_agg(x.combination) as combinations
        from (select distinct p.account, p.combination from pending_place p where p.account is not null) x
    ) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
    join pending_place p on p.account = f.account and p.combination = f.combination
    order by p.vendor_invoice_id, f.account, f.dimension
),
lacking as materialized (
    select
        p.vendor_invoice_id,
        min(x.number) filter (where x.situation = 'closed') as closed_project,
        min(x.stage) filter (where x.situation = 'closed') as closed_stage,
        min(x.number) filter (where p.account is null) as without_account,
        min(g.code) filter (where p.account is null) as of_category
    from pending_place p
    join finance_project x on x.id = p.project_id
    left join finance_category g on g.id = p.category_id
    group by p.vendor_invoice_id
),
company as materialized (
    select
        c.*,
        y.digits,
        exists (
            select from finance_number_sequence s where s.company_code = c.code and s.reference = %(sequence)s
        ) as has_numbers
    from finance_company c
    join finance_currency y on y.code = c.reporting_currency
    where c.code = %(company)s
),
dated as materialized (
    select
        d.wanted_date,
        d.accounting_date is not null as is_open,
        finance_rate(c.accounting_currency, c.reporting_currency, d.wanted_date) as reporting_rate
    from finance_accounting_dates(
        %(company)s, 'accounts_payable', array(select distinct t.invoice_date from taken_invoice t), false
    ) d
    cross join company c
)
select
    t.*,
    c.digits as reporting_digits,
    d.reporting_rate,
    v.code,
    case v.code
        when 'DOC-106' then jsonb_build_object('sequence', %(sequence)s)
        when 'INT-701' then jsonb_build_object('stage', b.closed_stage, 'project', b.closed_project)
        when 'DOC-103' then jsonb_build_object('accounting_date', t.invoice_date)
        when 'DOC-102' then jsonb_build_object(
            'from_currency', c.accounting_currency, 'to_currency', c.reporting_currency, 'rate_date', t.invoice_date)
        when 'DOC-101' then jsonb_build_object(
            'posting_type', case
                when w.account is null then 'vendor'
                when b.without_account is not null then 'intercompany cost'
                else 'tax receivable'
            end,
            'project', coalesce(b.without_account, 'any'), 'category', coalesce(b.of_category, 'any'))
        when 'DOC-111' then jsonb_build_object('account', f.account, 'demand', f.demand, 'dimension', f.dimension)
    end || jsonb_build_object('company', c.code, 'document', t.number) as details,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from taken_invoice t
cross join company c
join dated d on d.wanted_date = t.invoice_date
join lacking b on b.vendor_invoice_id = t.vendor_invoice_id
join pending_place w on w.vendor_invoice_id = t.vendor_invoice_id and w.posting_type = 'vendor'
left join pending_place x on x.vendor_invoice_id = t.vendor_invoice_id and x.posting_type = 'tax_receivable'
left join faulty f on f.vendor_invoice_id = t.vendor_invoice_id
cross join lateral (
    select case
        when not c.has_numbers then 'DOC-106'
        when b.closed_project is not null then 'INT-701'
        when not d.is_open then 'DOC-103'
        when d.reporting_rate is null then 'DOC-102'
        when w.account is null or b.without_account is not null or (t.tax_amount <> 0 and x.account is null)
            then 'DOC-101'
        when f.account is not null then 'DOC-111'
    end as code
) v
order by t.invoice_id
