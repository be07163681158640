-- question:   May each document of the batch be posted, and if not, what is its first problem? In this order:
--             no number sequence (DOC-106), no integration account (DOC-107), project closed (INT-701), period
--             not open (DOC-103: documents are never shifted), no rate into the reporting currency (DOC-102),
--             distributions that are not their line (DOC-109), payment method not set up (DOC-108), no account to credit, or for recoverable tax (DOC-101), a stocked line
--             without a profile (DOC-110) or an account of its cost (DOC-101), an account that demands other dimensions
--             (DOC-111).
-- grain:      one row of document_verdict per document; code is null, and voucher_id is not, when
--             it is good; entries is the number of its lines that post one
-- parameters: company, module, sequence, debit_type
-- index:      finance_exchange_rate_key, finance_posting_profile_key, finance_project_group_member_key, finance_project_pkey
create temporary table document_verdict on commit drop as
with company as materialized (
    select
        c.*,
        a.debit_account,
        a.employee_account,
        a.vendor_account,
        a.tax_account,
        pg_get_serial_sequence('finance_voucher', 'id')::regclass as voucher_ids,
        exists (
            select from finance_number_sequence s where s.company_code = c.code and s.reference = %(sequence)s
        ) as has_numbers
    from finance_company c
    cross join (
        select
            max(x.account) filter (where x.posting_type = %(debit_type)s) as debit_account,
            max(x.account) filter (where x.posting_type = 'employee') as employee_account,
            max(x.account) filter (where x.posting_type = 'vendor') as vendor_account,
            max(x.account) filter (where x.posting_type = 'tax_receivable') as tax_account
        from finance_accounts(
            %(company)s, array[%(debit_type)s, 'employee', 'vendor', 'tax_receivable'],
            array[null, null, null, null]::uuid[], array[null, null, null, null]::uuid[]
        ) x
    ) a
    where c.code = %(company)s
),
dated as materialized (
    select
        d.wanted_date,
        d.accounting_date is not null as is_open,
        finance_rate(c.accounting_currency, c.reporting_currency, d.wanted_date) as reporting_rate
    from finance_accounting_dates(
        %(company)s, %(module)s, array(select distinct b.accounting_date from document_batch b), false
    ) d
    cross join company c
),
-- what an account demands is asked where the company demands anything, and of the accounts that are posted to
posted as materialized (
    select distinct b.document_id, e.account, e.combination
    from document_batch_line x
    join document_batch b on b.document_id = x.document_id
    join document_dimension d on d.project_id = x.project_id and d.owner_id = b.owner_id
    join document_dimension o
        on o.project_id = '00000000-0000-0000-0000-000000000000' and o.owner_id = b.owner_id
    cross join company c
    cross join lateral (
        values
        (case when x.line_no is not null then coalesce(x.debit_account, c.debit_account) end, d.combination),
        (
            coalesce(
                nullif(x.payee_account, ''), case x.payee when 'employee' then c.employee_account else c.vendor_account end
            ),
            o.combination
        ),
        (case when x.tax_amount <> 0 then c.tax_account end, o.combination)
    ) e (account, combination)
    where e.account is not null
        and exists (select from finance_account_dimension r where r.company_code = %(company)s)
),
faulty as materialized (
    select distinct on (p.document_id) p.document_id, f.account, f.demand, f.dimension
    from (select array_agg(p.account::text) as accounts, array_agg(p.combination) as combinations from posted p) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
    join posted p on p.account = f.account and p.combination = f.combination
    order by p.document_id, f.account, f.dimension
),
document as materialized (
    select
        b.document_id,
        b.queue_place,
        b.document_name,
        b.code_before,
        b.accounting_date,
        b.owner_id,
        l.lines,
        l.entries,
        l.accounting_amount,
        l.closed_project,
        l.closed_stage,
        l.unknown_method,
        l.pays,
        l.has_tax,
        w.line_number as uneven_line,
        w.line_amount,
        w.distributed,
        w.currency_code as line_currency
    from document_batch b
    join (
        select
            x.document_id,
            count(*) as lines,
            count(x.line_no) as entries,
            sum(x.accounting_amount) as accounting_amount,
            min(p.number) as closed_project,
            min(p.stage) as closed_stage,
            min(x.payment_method) filter (where x.payee is null) as unknown_method,
            -- who is credited by the posting profile, or by an account that is missing
            array_agg(distinct x.payee) filter (where x.payee_account is null or x.payee_account = '') as pays,
            bool_or(x.tax_amount <> 0) as has_tax
        from document_batch_line x
        left join finance_project p on p.id = x.project_id and p.situation = 'closed'
        group by x.document_id
    ) l on l.document_id = b.document_id
    left join (
        -- What is distributed over projects comes to the amount that was spent (vector TV-21), with those of its parts
        -- that do not say what that was.
        select distinct on (x.document_id)
            x.document_id,
            x.line_number,
            max(x.line_amount) as line_amount,
            sum(x.amount) as distributed,
            max(x.currency_code) as currency_code
        from document_batch_line x
        where (x.document_id, x.line_number) in (
            select y.document_id, y.line_number from document_batch_line y where y.line_amount is not null
        )
        group by x.document_id, x.line_number
        having sum(x.amount) <> max(x.line_amount) or min(x.line_amount) <> max(x.line_amount)
            or min(x.currency_code) <> max(x.currency_code)
        order by x.document_id, x.line_number
    ) w on w.document_id = b.document_id
),
uncosted as materialized (
    -- The first stocked line of a document whose cost cannot be posted.
    select distinct on (x.document_id)
        x.document_id, x.line_number, x.cost_code, x.debit_type, p.number as project, g.code as category
    from document_batch_line x
    left join finance_project p on p.id = x.project_id
    left join finance_category g on g.id = x.category_id
    where x.cost_code is not null
    order by x.document_id, x.line_number
)
select
    d.document_id,
    d.queue_place,
    d.document_name,
    d.code_before,
    d.accounting_date,
    d.owner_id,
    o.dimension_set_id as owner_set,
    t.reporting_rate * 0.01 as reporting_factor, -- rates are per 100 (finance spec 5, N10)
    d.lines,
    d.entries,
    d.accounting_amount,
    c.debit_account,
    c.employee_account,
    c.vendor_account,
    c.tax_account,
    v.code,
    case v.code
        when 'DOC-106' then jsonb_build_object('sequence', %(sequence)s)
        when 'DOC-107' then jsonb_build_object('account_kind', split_part(%(debit_type)s, '_', 1))
        when 'INT-701' then jsonb_build_object('stage', d.closed_stage, 'project', d.closed_project)
        when 'DOC-103' then jsonb_build_object('accounting_date', d.accounting_date)
        when 'DOC-102' then jsonb_build_object(
            'from_currency', c.accounting_currency, 'to_currency', c.reporting_currency, 'rate_date', d.accounting_date)
        when 'DOC-109' then jsonb_build_object(
            'line', d.uneven_line, 'line_amount', trim_scale(d.line_amount)::text,
            'distributed', trim_scale(d.distributed)::text, 'currency', d.line_currency)
        when 'DOC-108' then jsonb_build_object('payment_method', d.unknown_method)
        when 'DOC-110' then jsonb_build_object('project', u.project, 'line', u.line_number)
        when 'DOC-101' then jsonb_build_object(
            'posting_type', replace(coalesce(m.missing, u.debit_type), '_', ' '),
            'project', case when m.missing is null then u.project else 'any' end,
            'category', case when m.missing is null then u.category else 'any' end)
        when 'DOC-111' then jsonb_build_object(
            'account', f.account, 'demand', f.demand, 'dimension', f.dimension)
    end || jsonb_build_object('company', c.code, 'document', d.document_name) as details,
    case when v.code is null then nextval(c.voucher_ids) end as voucher_id
from document d
join dated t on t.wanted_date = d.accounting_date
join document_dimension o
    on o.project_id = '00000000-0000-0000-0000-000000000000' and o.owner_id = d.owner_id
left join faulty f on f.document_id = d.document_id
left join uncosted u on u.document_id = d.document_id
cross join company c
cross join lateral (
    select case
        when 'employee' = any(d.pays) and c.employee_account is null then 'employee'
        when 'vendor' = any(d.pays) and c.vendor_account is null then 'vendor'
        when 'cash' = any(d.pays) then 'cash'
        when 'card' = any(d.pays) then 'card'
        when d.has_tax and c.tax_account is null then 'tax_receivable'
    end as missing
) m
cross join lateral (
    select case
        when not c.has_numbers then 'DOC-106'
        when c.debit_account is null then 'DOC-107'
        when d.closed_project is not null then 'INT-701'
        when not t.is_open then 'DOC-103'
        when t.reporting_rate is null then 'DOC-102'
        when d.uneven_line is not null then 'DOC-109'
        when d.unknown_method is not null then 'DOC-108'
        when m.missing is not null then 'DOC-101'
        when u.cost_code is not null then u.cost_code
        when f.document_id is not null then 'DOC-111'
    end as code
) v
order by d.document_id
