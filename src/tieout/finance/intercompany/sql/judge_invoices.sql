-- question:   May each invoice of the batch be posted, and if not, what is its first problem? In this order: the lender has
--             no customer for the borrower (DOC-121), no number sequence (DOC-106), the period of the invoice date is not
--             open (DOC-103), a rate is missing (DOC-102), an account is missing (DOC-101), an account demands other dimensions
--             (DOC-111): revenue takes those of each line, the receivable those of the customer. A credit note has the
--             accounts and dimensions of what it takes back, whatever they would be now. Sales tax that is owed has the
--             dimensions of the customer, as the receivable.
-- grain:      one row of lent_invoice per invoice; code is null, and voucher_id is not, when it is good
-- parameters: company, invoice_date, sequence, voucher_sequence
-- index:      finance_lending_relationship_key, finance_number_sequence_key, finance_customer_pkey,
--             finance_posting_profile_key, finance_account_dimension_key, finance_dimension_default_key; lent_line is a temporary table of one batch
create temporary table lent_invoice on commit drop as
with company as materialized (
    select
        c.*,
        d.accounting_date is not null as is_open,
        finance_rate(c.accounting_currency, c.reporting_currency, %(invoice_date)s) as reporting_rate,
        (
            select min(s.reference)
            from unnest(array[%(sequence)s, %(voucher_sequence)s]) as s (reference)
            where not exists (
                select from finance_number_sequence n where n.company_code = c.code and n.reference = s.reference
            )
        ) as missing_sequence
    from finance_company c
    cross join lateral finance_accounting_dates(c.code, 'project', array[%(invoice_date)s::date], false) d
    where c.code = %(company)s
),
invoice as materialized (
    select
        l.place,
        l.borrowing_company,
        l.currency_code,
        nullif(l.invoice_project_id, '00000000-0000-0000-0000-000000000000') as project_id,
        l.is_credit,
        count(*) as lines,
        sum(l.amount) as amount,
        sum(l.accounting_amount) as accounting_amount,
        sum(l.tax_amount) as tax_amount,
        bool_or(l.tax_amount <> 0 and l.credited_tax_account is null) as needs_tax_account,
        bool_or(l.exchange_rate is null) as has_no_rate,
        bool_and(l.credited_account is not null) as has_account,
        (array_agg(l.project_id order by l.line_number) filter (where l.revenue_account is null))[1] as without_account,
        (array_agg(l.category_id order by l.line_number) filter (where l.revenue_account is null))[1] as of_category
    from lent_line l
    group by l.place, l.borrowing_company, l.currency_code, l.invoice_project_id, l.is_credit
),
customer as materialized (
    select a.partner_company, a.account, r.customer_id, g.combination
    from (
        select
            array_agg('customer'::text) as types,
            array_agg(null::uuid) as nothing,
            array_agg(x.borrowing_company) as partners
        from (select distinct i.borrowing_company from invoice i) x
    ) w
    cross join lateral finance_partner_accounts(%(company)s, w.types, w.nothing, w.nothing, w.partners) a
    left join finance_lending_relationship r on r.company_code = %(company)s and r.borrowing_company = a.partner_company
    cross join lateral finance_combinations(
        %(company)s,
        array[coalesce(r.customer_id, '00000000-0000-0000-0000-000000000000')],
        array['00000000-0000-0000-0000-000000000000'::uuid],
        array[false]
    ) g
),
taxing as materialized (
    select a.account
    from finance_accounts(
        %(company)s, array['tax_payable'], array['00000000-0000-0000-0000-000000000000'::uuid],
        array['00000000-0000-0000-0000-000000000000'::uuid]
    ) a
),
posted as materialized (
    select distinct l.place, l.revenue_account as account, l.combination
    from lent_line l
    where l.revenue_account is not null and not l.is_credit
    union
    select i.place, c.account, c.combination
    from invoice i
    join customer c on c.partner_company = i.borrowing_company and c.account is not null
    where not i.is_credit
    union
    select i.place, t.account, c.combination
    from invoice i
    join customer c on c.partner_company = i.borrowing_company
    join taxing t on t.account is not null
    where i.needs_tax_account
),
faulty as materialized (
    select distinct on (p.place) p.place, f.account, f.demand, f.dimension
    from (select array_agg(p.account::text) as accounts, array_agg(p.combination) as combinations from posted p) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
    join posted p on p.account = f.account and p.combination = f.combination
    order by p.place, f.account, f.dimension
)
select
    i.place,
    i.borrowing_company,
    i.currency_code,
    i.project_id,
    (select p.number from finance_project p where p.id = i.project_id) as project,
    i.is_credit,
    i.lines,
    i.amount,
    i.accounting_amount,
    i.tax_amount,
    t.account as tax_account,
    k.id as customer_id,
    o.account as customer_account,
    o.combination as customer_combination,
    v.code,
    case v.code
        when 'DOC-121' then jsonb_build_object('lending_company', c.code, 'borrowing_company', i.borrowing_company)
        when 'DOC-106' then jsonb_build_object('sequence', c.missing_sequence)
        when 'DOC-103' then jsonb_build_object('accounting_date', %(invoice_date)s::date)
        when 'DOC-102' then jsonb_build_object(
            'from_currency', case when i.has_no_rate then i.currency_code else c.accounting_currency end,
            'to_currency', case when i.has_no_rate then c.accounting_currency else c.reporting_currency end,
            'rate_date', %(invoice_date)s::date)
        when 'DOC-101' then jsonb_build_object(
            'posting_type', case
                when n.has_no_account then 'customer'
                when i.without_account is not null then 'intercompany revenue'
                else 'tax payable'
            end,
            'project', case
                when n.has_no_account or i.without_account is null then 'any'
                else (select p.number from finance_project p where p.id = i.without_account)
            end,
            'category', coalesce((select g.code from finance_category g where g.id = i.of_category), 'any'))
        when 'DOC-111' then jsonb_build_object('account', f.account, 'demand', f.demand, 'dimension', f.dimension)
    end || jsonb_build_object(
        'company', c.code, 'document', format('of %%s to %%s', c.code, i.borrowing_company)
    ) as details,
    case when v.code is null then tieout_id() end as invoice_id,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from invoice i
cross join company c
join customer o on o.partner_company = i.borrowing_company
left join faulty f on f.place = i.place
cross join taxing t
left join finance_customer k on k.id = o.customer_id and k.company_code = c.code
cross join lateral (select o.account is null and not i.has_account as has_no_account) n
cross join lateral (
    select case
        when k.id is null then 'DOC-121'
        when c.missing_sequence is not null then 'DOC-106'
        when not c.is_open then 'DOC-103'
        when i.has_no_rate or c.reporting_rate is null then 'DOC-102'
        when n.has_no_account or i.without_account is not null or (i.needs_tax_account and t.account is null)
            then 'DOC-101'
        when f.account is not null then 'DOC-111'
    end as code
) v
order by i.place
