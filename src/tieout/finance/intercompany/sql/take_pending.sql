-- question:   Which pending vendor invoices of a borrower are posted now, and can they be? Judged in this order: no number
--             sequence (DOC-106), a closed project (INT-701), the period not open (DOC-103: documents are never shifted),
--             no rate into the reporting currency (DOC-102), no account (DOC-101). Numbers: only these; null: all.
-- grain:      one row of pending per invoice above `after`, as many as have lines_max lines, or one; voucher_id is not
--             null when it is good
-- parameters: company, after, numbers, sequence, lines_max
-- index:      finance_intercompany_queue_of, finance_intercompany_vendor_invoice_pkey,
--             finance_intercompany_vendor_line_key, finance_project_pkey, finance_posting_profile_key
create temporary table pending on commit drop as
with waiting as materialized (
    select
        q.invoice_id,
        q.code as code_before,
        i.id as vendor_invoice_id,
        i.number,
        i.invoice_date,
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
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id
    from taken t
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = t.vendor_invoice_id
    group by 1, 2, 3
),
account as materialized (
    select a.*
    from (
        select array_agg('intercompany_cost'::text) as types, array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories
        from (select distinct p.project_id, p.category_id from place p) x
    ) w
    cross join lateral finance_accounts(%(company)s, w.types, w.projects, w.categories) a
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
    left join account a on a.project_id = p.project_id and a.category_id = p.category_id
    group by p.vendor_invoice_id
),
company as materialized (
    select
        c.*,
        y.digits,
        (
            select a.account
            from finance_accounts(c.code, array['vendor'], array[null]::uuid[], array[null]::uuid[]) a
        ) as vendor_account,
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
    c.vendor_account,
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
            'posting_type', case when c.vendor_account is null then 'vendor' else 'intercompany cost' end,
            'project', coalesce(b.without_account, 'any'), 'category', coalesce(b.of_category, 'any'))
    end || jsonb_build_object('company', c.code, 'document', t.number) as details,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from taken t
cross join company c
join dated d on d.wanted_date = t.invoice_date
join lacking b on b.vendor_invoice_id = t.vendor_invoice_id
cross join lateral (
    select case
        when not c.has_numbers then 'DOC-106'
        when b.closed_project is not null then 'INT-701'
        when not d.is_open then 'DOC-103'
        when d.reporting_rate is null then 'DOC-102'
        when c.vendor_account is null or b.without_account is not null then 'DOC-101'
    end as code
) v
order by t.invoice_id
