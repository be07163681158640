-- question:   May each line of the slice be posted, on which date and to which accounts, and if not, what is its first
--             problem? The accounting date is decided again (finance spec 2.4): none open (PST-201), none open from
--             there on (PST-202). Then, each inside a PST-203 that says which: project gone from here, so that nobody knows
--             its profile (DW-205), project closed (INT-701), no journal
--             line by the posting matrix (IMP-108), a project of a company that this kind of line may not name
--             (IMP-109), a company to which this one does not lend (IMP-103), no profile of a sold project (IMP-107),
--             no integration account (DOC-107), no account in the posting profile
--             (DOC-101), an account that requires a dimension which the line has not, or forbids one that it has
--             (PST-218), no rate into the reporting currency (DOC-102).
--             The fee of a sale is posted as one of class fee is, to the accounts of its own category, beside the sale.
--             A line without a pair in the matrix, of nothing, or of a beginning balance needs no account: it gets a
--             voucher without entries. Its dimensions are judged on the accounts that it posts to, and on no others.
--             Cost is in the reporting currency at the rate of its posting date, a sale at that of its transaction date;
--             what clears a document at the rate with which, and on the account on which, that was posted.
--             A reversal needs nothing but its original, whose counter-entry it posts (judge_reversals.sql); a closed
--             project takes that of what is posted.
-- grain:      one row of posting_verdict per line, in the order of journals; code is null when it is good
-- parameters: company
-- index:      finance_integration_journal_line_pkey, finance_posting_profile_key, finance_project_group_member_key,
--             finance_exchange_rate_key, finance_project_pkey, finance_category_pkey, finance_dimension_default_key,
--             finance_lending_relationship_key,
--             finance_dimension_set_combination_key, finance_account_dimension_key
create temporary table posting_verdict on commit drop as
with company as materialized (
    select
        c.code,
        c.accounting_currency,
        c.reporting_currency,
        i.auto_open_period,
        pg_get_serial_sequence('finance_voucher', 'id')::regclass as voucher_ids
    from finance_company c
    join finance_integration_parameters i on i.company_code = c.code
    where c.code = %(company)s
),
dated as materialized (
    select
        d.wanted_date,
        d.accounting_date as posting_date
    from company c
    cross join finance_accounting_dates(
        c.code, 'project', array(select distinct l.accounting_date from posting_line l), c.auto_open_period
    ) d
),
rated as materialized (
    select x.rate_date, finance_rate(c.accounting_currency, c.reporting_currency, x.rate_date) as reporting_rate
    from company c
    cross join (
        select d.posting_date as rate_date from dated d
        union
        select l.transaction_date from posting_line l where l.transaction_type like '%%sales'
    ) x
),
kind as materialized (
    select distinct
        l.transaction_type,
        l.transaction_class,
        l.source_kind,
        l.project_id,
        l.category_id,
        l.contract_line_id,
        l.may_accrue,
        l.treatment,
        l.document_set,
        l.document_account,
        l.resource_id,
        l.fee_amount <> 0 as has_fee,
        l.fee_category_id
    from posting_line l
),
treated as materialized (
    select t.*
    from (
        select
            array_agg(k.transaction_type) as transaction_types,
            array_agg(k.transaction_class) as transaction_classes,
            array_agg(k.project_id) as projects,
            array_agg(k.contract_line_id) as contract_lines,
            array_agg(k.may_accrue) as accruals
        from (
            select k.transaction_type, k.transaction_class, k.project_id, k.contract_line_id, k.may_accrue
            from kind k
            union
            select k.transaction_type, 'fee', k.project_id, k.contract_line_id, k.may_accrue
            from kind k
            where k.has_fee
        ) k
    ) w
    cross join lateral finance_treatments(
        %(company)s, w.transaction_types, w.transaction_classes, w.projects, w.contract_lines, w.accruals
    ) t
),
-- Who gives the dimensions: a project; to a lender's line the borrower as its customer (finance spec 2.10).
lent as materialized (
    select p.id as project_id, r.customer_id
    from (select distinct k.project_id from kind k) k
    join finance_project p on p.id = k.project_id
    join finance_lending_relationship r on r.company_code = %(company)s and r.borrowing_company = p.company_code
    where r.customer_id is not null
),
ruled as materialized (
    select
        k.*,
        r.debit,
        r.credit,
        coalesce(b.debit, '') as fee_debit,
        coalesce(b.credit, '') as fee_credit,
        r.project_company,
        coalesce(case r.project_company when 'other' then n.customer_id end, k.project_id) as giver_id,
        t.code as treatment_code
    from kind k
    left join lent n on n.project_id = k.project_id
    left join treated t
        on t.project_id = k.project_id and t.contract_line_id = k.contract_line_id and t.may_accrue = k.may_accrue
        and t.transaction_type = k.transaction_type and t.transaction_class = k.transaction_class
    left join finance_posting_rule r
        on r.transaction_type = k.transaction_type
        and r.transaction_class = k.transaction_class
        and r.source_kind = k.source_kind
        and r.treatment = coalesce(nullif(k.treatment, ''), t.treatment)
        and r.goes_to = 'integration_journal'
    left join treated s
        on k.has_fee and s.project_id = k.project_id and s.contract_line_id = k.contract_line_id
        and s.may_accrue = k.may_accrue and s.transaction_type = k.transaction_type and s.transaction_class = 'fee'
    left join finance_posting_rule b
        on b.transaction_type = k.transaction_type
        and b.transaction_class = 'fee'
        and b.source_kind = 'journal_line'
        and b.treatment = s.treatment
        and b.goes_to = 'integration_journal'
),
account as materialized (
    select a.*
    from (
        select
            array_agg(x.posting_type) as posting_types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories
        from (
            select distinct t.posting_type, k.project_id, t.category_id
            from ruled k
            cross join lateral (
                values
                (k.debit, k.category_id), (k.credit, k.category_id),
                (k.fee_debit, k.fee_category_id), (k.fee_credit, k.fee_category_id)
            ) t (posting_type, category_id)
            where t.posting_type <> ''
        ) x
    ) w
    cross join lateral finance_accounts(%(company)s, w.posting_types, w.projects, w.categories) a
),
-- What a document was posted with, else what giver and resource give: where both say something the giver wins, but on
-- the payroll allocation of time (finance spec 2.10).
combined as materialized (
    select c.*
    from (
        select
            array_agg(x.giver_id) as givers,
            array_agg(x.resource_id) as resources,
            array_agg(x.is_resource_first) as resource_wins
        from (
            select distinct k.giver_id, k.resource_id, w.is_resource_first
            from ruled k
            cross join (values (false), (true)) w (is_resource_first)
            where not w.is_resource_first or k.resource_id <> '00000000-0000-0000-0000-000000000000'
        ) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.givers, w.resources, w.resource_wins) c
),
numbered as materialized (
    select c.*, n.dimension_set_id
    from combined c
    join (
        select s.*
        from (select array_agg(distinct x.combination) as combinations from combined x) w
        cross join lateral finance_dimension_sets(w.combinations) s
    ) n on n.combination = c.combination
),
sided as materialized (
    select
        k.*,
        -- what a document cost is cleared where it was posted, whatever the integration account is now
        case when k.debit like '%%_integration' and k.document_account <> '' then k.document_account else a.account end
            as debit_account,
        case when k.credit like '%%_integration' and k.document_account <> '' then k.document_account else b.account end
            as credit_account,
        y.account as fee_debit_account,
        z.account as fee_credit_account,
        case when o.keeps_debit then o.combination else d.combination end as debit_combination,
        case when o.keeps_debit then k.document_set else d.dimension_set_id end as debit_set,
        case when o.keeps_credit then o.combination else e.combination end as credit_combination,
        case when o.keeps_credit then k.document_set else e.dimension_set_id end as credit_set
    from ruled k
    left join account a
        on a.posting_type = k.debit and a.project_id = k.project_id and a.category_id = k.category_id
    left join account b
        on b.posting_type = k.credit and b.project_id = k.project_id and b.category_id = k.category_id
    left join account y
        on y.posting_type = k.fee_debit and y.project_id = k.project_id and y.category_id = k.fee_category_id
    left join account z
        on z.posting_type = k.fee_credit and z.project_id = k.project_id and z.category_id = k.fee_category_id
    left join numbered d
        on d.giver_id = k.giver_id and d.owner_id = k.resource_id and not d.is_owner_first
    left join numbered e
        on e.giver_id = k.giver_id and e.owner_id = k.resource_id
        and e.is_owner_first = (
            k.credit = 'payroll_allocation' and k.resource_id <> '00000000-0000-0000-0000-000000000000'
        )
    -- What a document cost keeps its dimensions; in a lender's books that is the account which it is cleared from.
    cross join lateral (
        select
            w.is_document and (k.project_company = 'own' or k.debit like '%%_integration') as keeps_debit,
            w.is_document and (k.project_company = 'own' or k.credit like '%%_integration') as keeps_credit,
            coalesce((select s.combination from finance_dimension_set s where s.id = k.document_set), '{}') as combination
        from (select k.source_kind in ('vendor_invoice_line', 'stocked_invoice_line', 'expense') as is_document) w
    ) o
),
faulty as materialized (
    select f.account, f.combination, f.demand, f.dimension
    from (
        select array_agg(x.account) as accounts, array_agg(x.combination) as combinations
        from (
            select distinct t.account, t.combination
            from sided k
            cross join lateral (
                values
                (k.debit_account, k.debit_combination), (k.credit_account, k.credit_combination),
                (k.fee_debit_account, k.debit_combination), (k.fee_credit_account, k.credit_combination)
            ) t (account, combination)
            where t.account is not null
        ) x
    ) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
),
resolved as materialized (
    select
        k.*,
        p.id is null as is_gone,
        p.situation = 'closed' as is_closed,
        (p.company_code = %(company)s) <> (k.project_company = 'own') as is_of_another,
        coalesce(f.account, g.account, y.account, z.account) as fault_account,
        coalesce(f.demand, g.demand, y.demand, z.demand) as fault_demand,
        coalesce(f.dimension, g.dimension, y.dimension, z.dimension) as fault_dimension
    from sided k
    left join finance_project p on p.id = k.project_id
    left join faulty f on f.account = k.debit_account and f.combination = k.debit_combination
    left join faulty g on g.account = k.credit_account and g.combination = k.credit_combination
    left join faulty y on y.account = k.fee_debit_account and y.combination = k.debit_combination
    left join faulty z on z.account = k.fee_credit_account and z.combination = k.credit_combination
)
select
    l.id,
    l.journal_id,
    l.line_number,
    l.voucher,
    case when l.is_beginning then l.accounting_date else d.posting_date end as posting_date,
    coalesce(l.document_rate, t.reporting_rate) as reporting_rate,
    -- a sale in the reporting currency is worth there what it is
    l.transaction_type like '%%sales' and l.currency_code = c.reporting_currency as is_reported_as_sold,
    -- no project transaction in the lender's books (finance spec 2.5.1)
    case when k.project_company = 'own' then l.project_id end as project_id,
    l.amount,
    l.currency_code,
    l.accounting_amount,
    l.fee_amount,
    l.fee_accounting_amount,
    l.source_id,
    l.is_reversal,
    l.original_id,
    l.original_voucher_id,
    l.original_voucher,
    e.has_entries or e.has_fee_entries as has_entries,
    e.has_entries as has_own_entries,
    e.has_fee_entries,
    k.fee_debit,
    k.fee_credit,
    k.fee_debit_account,
    k.fee_credit_account,
    k.debit,
    k.credit,
    k.debit_account,
    k.credit_account,
    k.debit_set,
    k.credit_set,
    v.code,
    case
        when v.code = 'PST-203' then jsonb_build_object(
            'journal', (select j.number from finance_integration_journal j where j.id = l.journal_id),
            'line_id', l.id, 'voucher', l.voucher, 'company', c.code, 'reason_code', v.reason,
            'reason', case v.reason
                when 'DW-205' then 'DW-205, its project is not in finance'
                when 'INT-701' then (
                    select format('INT-701, project %%s is %%s', p.number, p.stage)
                    from finance_project p
                    where p.id = l.project_id
                )
                when 'IMP-108' then format(
                    'IMP-108, no journal line for %%s of class %%s from %%s in the posting matrix',
                    replace(l.transaction_type, '_', ' '), l.transaction_class, replace(l.source_kind, '_', ' '))
                when 'IMP-109' then (
                    select format(
                        'IMP-109, %%s of company %%s for project %%s of company %%s',
                        replace(l.transaction_type, '_', ' '), c.code, p.number, p.company_code)
                    from finance_project p
                    where p.id = l.project_id
                )
                when 'IMP-103' then (
                    select format('IMP-103, company %%s does not lend to company %%s', c.code, p.company_code)
                    from finance_project p
                    where p.id = l.project_id
                )
                when 'IMP-107' then (
                    select format('IMP-107, no project cost and revenue profile applies to project %%s', p.number)
                    from finance_project p
                    where p.id = l.project_id
                )
                when 'DOC-107' then format('DOC-107, no %%s account', replace(v.posting_type, '_', ' '))
                when 'DOC-101' then format(
                    'DOC-101, no %%s account for project %%s and category %%s',
                    replace(v.posting_type, '_', ' '),
                    (select p.number from finance_project p where p.id = l.project_id),
                    coalesce((select g.code from finance_category g where g.id = v.category_id), 'none'))
                when 'PST-218' then format(
                    'PST-218, dimension %%s is %%s on account %%s', k.fault_dimension, k.fault_demand, k.fault_account)
                when 'DOC-102' then format(
                    'DOC-102, no exchange rate from %%s to %%s on %%s',
                    c.accounting_currency, c.reporting_currency, t.rate_date)
            end)
            -- the fields of the reason, whose own words are shown beneath
            || (
                select jsonb_strip_nulls(jsonb_build_object(
                    'record', a.actual_id, 'map', 'msdyn_actuals', 'field', 'project', 'value', l.project_id,
                    'actual_id', a.actual_id, 'document', l.voucher, 'project', p.number, 'stage', p.stage,
                    'project_company', p.company_code, 'lending_company', c.code, 'borrowing_company', p.company_code,
                    'transaction_type', replace(l.transaction_type, '_', ' '), 'transaction_class', l.transaction_class,
                    'source_kind', replace(l.source_kind, '_', ' '),
                    'posting_type', replace(v.posting_type, '_', ' '),
                    'account_kind', replace(replace(v.posting_type, '_integration', ''), '_', ' '),
                    'category', coalesce(g.code, 'none'), 'from_currency', c.accounting_currency,
                    'to_currency', c.reporting_currency, 'rate_date', t.rate_date,
                    'account', k.fault_account, 'demand', k.fault_demand, 'dimension', k.fault_dimension))
                from finance_integration_journal_line a
                left join finance_project p on p.id = l.project_id
                left join finance_category g on g.id = v.category_id
                where a.id = l.id
            )
        when v.code is not null then jsonb_build_object(
            'journal', (select j.number from finance_integration_journal j where j.id = l.journal_id),
            'line_id', l.id, 'voucher', l.voucher, 'company', c.code, 'accounting_date', l.accounting_date)
    end as details,
    case when v.code is null then nextval(c.voucher_ids) end as voucher_id
from posting_line l
-- each line has its date and its kind; left joins keep the planner from believing that almost none has
left join dated d on d.wanted_date = l.accounting_date
left join rated t
    on t.rate_date = case when l.transaction_type like '%%sales' then l.transaction_date else d.posting_date end
left join resolved k
    on k.project_id = l.project_id and k.category_id = l.category_id
    and k.contract_line_id = l.contract_line_id and k.may_accrue = l.may_accrue
    and k.transaction_type = l.transaction_type and k.transaction_class = l.transaction_class
    and k.source_kind = l.source_kind and k.treatment = l.treatment
    and k.document_set = l.document_set and k.document_account = l.document_account
    and k.resource_id = l.resource_id
    and k.has_fee = (l.fee_amount <> 0) and k.fee_category_id = l.fee_category_id
cross join company c
cross join lateral (
    select
        not l.is_beginning and coalesce(k.debit, '') <> ''
            and (l.amount <> l.fee_amount or l.accounting_amount <> l.fee_accounting_amount) as has_entries,
        not l.is_beginning and coalesce(k.fee_debit, '') <> '' and l.fee_amount <> 0 as has_fee_entries
) e
cross join lateral (
    select
        case
            when l.is_beginning then null
            when k.is_gone and l.original_voucher_id is null then 'DW-205'
            when k.is_closed and l.original_voucher_id is null then 'INT-701'
            when k.debit is null then 'IMP-108'
            when k.is_of_another then 'IMP-109'
            when l.is_reversal then null
            when k.treatment_code is not null then k.treatment_code
            when not e.has_entries and not e.has_fee_entries then null
            when x.posting_type is not null then
                case when x.posting_type like '%%_integration' then 'DOC-107' else 'DOC-101' end
            when k.fault_account is not null then 'PST-218'
            when t.reporting_rate is null and l.document_rate is null then 'DOC-102'
        end as reason,
        x.posting_type,
        x.category_id
    from (
        select
            case
                when e.has_entries and k.debit_account is null then k.debit
                when e.has_entries and k.credit_account is null then k.credit
                when e.has_fee_entries and k.fee_debit_account is null then k.fee_debit
                when e.has_fee_entries and k.fee_credit_account is null then k.fee_credit
            end as posting_type,
            case
                when e.has_entries and (k.debit_account is null or k.credit_account is null) then l.category_id
                else l.fee_category_id
            end as category_id
    ) x
) r
cross join lateral (
    select
        case
            when l.is_beginning then null
            when d.posting_date is null and not c.auto_open_period then 'PST-201'
            when d.posting_date is null then 'PST-202'
            when r.reason is not null then 'PST-203'
        end as code,
        r.reason,
        r.posting_type,
        r.category_id
) v
order by l.journal_id, l.line_number
