-- question:   Which pending vendor invoices of a borrower are posted now, and can they be? Judged in this order: no number
--             sequence (DOC-106), a closed project (INT-701), the period not open (DOC-103: documents are never shifted),
--             no rate into the reporting currency (DOC-102), no account (DOC-101), an account that demands other dimensions
--             (DOC-111). Numbers: only these; null: all.
-- grain:      one row of pending per invoice above `after`, as many as have lines_max lines, or one; voucher_id is not
--             null when it is good
-- parameters: company, after, numbers, sequence, lines_max
-- index:      finance_intercompany_queue_of, finance_intercompany_vendor_invoice_pkey,
--             finance_intercompany_vendor_line_key, finance_project_pkey, finance_posting_profile_key,
--             finance_dimension_default_key, finance_account_dimension_key
create temporary table pending on commit drop as
with waiting as materialized (
    select
        q.invoice_id,
        q.code as code_before,
        i.id as vendor_invoice_id,
        i.number,
        i.invoice_date,
        i.lending_company,
        i.vendor_id,
        i.currency_code,
        i.accounting_amount,
        i.line_count,
        sum(i.line_count) over (order by q.invoice_id) - i.line_count as lines_before
    from (
        select w.invoice_id, w.vendor_invoice_id, w.code
        from finance_intercompany_queue w
        join finance_intercompany_vendor_invoice x on x.id = w.vendor_invoice_id
        where w.company_code = %(company)s
            and w.invoice_id > %(after)s
            and (%(numbers)s::text[] is null or x.number = any(%(numbers)s::text[]))
        order by w.invoice_id
        limit %(lines_max)s
    ) q
    join finance_intercompany_vendor_invoice i on i.id = q.vendor_invoice_id
),
taken as materialized (
    select w.* from waiting w where w.lines_before < %(lines_max)s
),
place as materialized (
    select
        t.vendor_invoice_id,
        t.lending_company,
        t.vendor_id,
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id
    from taken t
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = t.vendor_invoice_id
    group by 1, 2, 3, 4, 5
),
account as materialized (
    select a.*
    from (
        select
            array_agg(x.posting_type) as types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories,
            array_agg(x.lending_company) as partners
        from (
            select 'intercompany_cost' as posting_type, p.project_id, p.category_id, p.lending_company from place p
            union
            select 'vendor', null, null, p.lending_company from place p
        ) x
    ) w
    cross join lateral finance_partner_accounts(%(company)s, w.types, w.projects, w.categories, w.partners) a
),
-- as of every vendor invoice: a line takes what its project and its vendor give, where both say something the project
-- wins; what is owed takes what the vendor gives
combined as materialized (
    select c.project_id, c.owner_id, c.combination
    from (
        select array_agg(x.project_id) as projects, array_agg(x.vendor_id) as owners, array_agg(false) as owner_wins
        from (
            select p.project_id, p.vendor_id from place p
            union
            select '00000000-0000-0000-0000-000000000000', p.vendor_id from place p
        ) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.projects, w.owners, w.owner_wins) c
),
posted as materialized (
    select distinct p.vendor_invoice_id, a.account, c.combination
    from place p
    join account a
        on a.partner_company = p.lending_company
        and (
            a.posting_type = 'vendor'
            or a.posting_type = 'intercompany_cost' and a.project_id = p.project_id and a.category_id = p.category_id
        )
    join combined c
        on c.owner_id = p.vendor_id
        and c.project_id = case a.posting_type
            when 'vendor' then '00000000-0000-0000-0000-000000000000'
            else p.project_id
        end
    where a.account is not null
),
faulty as materialized (
    select distinct on (p.vendor_invoice_id) p.vendor_invoice_id, f.account, f.demand, f.dimension
    from (select array_agg(p.account) as accounts, array_agg(p.combination) as combinations from posted p) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
    join posted p on p.account = f.account and p.combination = f.combination
    order by p.vendor_invoice_id, f.account, f.dimension
),
lacking as materialized (
    select
        p.vendor_invoice_id,
        min(x.number) filter (where x.situation = 'closed') as closed_project,
        min(x.stage) filter (where x.situation = 'closed') as closed_stage,
        min(x.number) filter (where a.account is null) as without_account,
        min(g.code) filter (where a.account is null) as of_category
    from place p
    join finance_project x on x.id = p.project_id
    left join finance_category g on g.id = p.category_id
    left join account a
        on a.posting_type = 'intercompany_cost' and a.project_id = p.project_id and a.category_id = p.category_id
        and a.partner_company = p.lending_company
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
        %(company)s, 'accounts_payable', array(select distinct t.invoice_date from taken t), false
    ) d
    cross join company c
)
select
    t.*,
    w.account as vendor_account,
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
            'posting_type', case when w.account is null then 'vendor' else 'intercompany cost' end,
            'project', coalesce(b.without_account, 'any'), 'category', coalesce(b.of_category, 'any'))
        when 'DOC-111' then jsonb_build_object('account', f.account, 'demand', f.demand, 'dimension', f.dimension)
    end || jsonb_build_object('company', c.code, 'document', t.number) as details,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from taken t
cross join company c
join dated d on d.wanted_date = t.invoice_date
join lacking b on b.vendor_invoice_id = t.vendor_invoice_id
join account w on w.posting_type = 'vendor' and w.partner_company = t.lending_company
left join faulty f on f.vendor_invoice_id = t.vendor_invoice_id
cross join lateral (
    select case
        when not c.has_numbers then 'DOC-106'
        when b.closed_project is not null then 'INT-701'
        when not d.is_open then 'DOC-103'
        when d.reporting_rate is null then 'DOC-102'
        when w.account is null or b.without_account is not null then 'DOC-101'
        when f.account is not null then 'DOC-111'
    end as code
) v
order by t.invoice_id
