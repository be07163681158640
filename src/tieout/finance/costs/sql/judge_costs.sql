-- question:   May each chosen cost be moved to `treatment`, and if not, why? In this order: it is not the voucher of a
--             posted cost (PST-211), it is reversed or a reversal (PST-212), it stands there already or never enters the
--             ledger (PST-213), the project is closed (INT-701), the work is of a fixed price, an investment or presales
--             (PST-214), profit and loss is kept because its sale is accrued or invoiced (PST-215), no account (DOC-101),
--             an account that demands other dimensions (PST-218).
--             Where a cost stands is what its voucher and those of its transfers come to. One that stands nowhere,
--             because its profile said no ledger, is posted now as posting would (posting_verdict).
-- grain:      one row of cost_verdict per chosen cost; code is null when it is good, and voucher_id is not
-- parameters: company, treatment
-- index:      finance_integration_journal_line_pkey, finance_journal_line_reverses, finance_cost_transfer_line,
--             finance_voucher_document_id_key, finance_voucherline_pkey, finance_voucher_line_accrued,
--             finance_staging_retry_pkey, finance_staged_actual_pkey, finance_posting_profile_key,
--             finance_project_group_member_key, finance_general_journal_line_pkey, finance_vendor_invoice_line_pkey
create temporary table cost_verdict on commit drop as
with line as materialized (
    select
        c.place,
        c.number,
        c.voucher_id,
        l.id,
        l.transaction_type,
        l.transaction_class,
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
        coalesce(l.contract_line_id, '00000000-0000-0000-0000-000000000000') as contract_line_id,
        l.source_id,
        l.reverses_id is not null
            or exists (select from finance_standing_line x where x.reverses_id = l.actual_id) as is_reversed,
        case
            when %(treatment)s = 'profit_and_loss' then 'cost'
            when l.transaction_class = 'material' then 'wip_cost_value_item'
            else 'wip_cost_value'
        end as posting_type,
        (select count(*) from finance_cost_transfer t where t.line_id = l.id) + 1 as transfer_place
    from cost_line c
    left join finance_posted_cost l on l.id = c.line_id
),
standing as materialized (
    select
        m.id,
        e.account,
        e.posting_type,
        e.currency_code,
        e.dimension_set_id,
        sum(e.amount) as amount,
        sum(e.accounting_amount) as accounting_amount,
        sum(e.reporting_amount) as reporting_amount
    from (
        select l.id, l.source_id, l.voucher_id as made_by from line l
        union all
        select l.id, l.source_id, v.id
        from line l
        join finance_cost_transfer t on t.line_id = l.id
        join finance_voucher v on v.document_id = t.id
    ) m
    join finance_voucher_line e
        on e.voucher_id = m.made_by and e.source_line_id = m.source_id
        and e.posting_type in ('cost', 'wip_cost_value', 'wip_cost_value_item')
    group by m.id, e.account, e.posting_type, e.currency_code, e.dimension_set_id
    having sum(e.amount) <> 0 or sum(e.accounting_amount) <> 0 or sum(e.reporting_amount) <> 0
),
method as materialized (
    select f.project_id, f.contract_line_id, f.billing_method, f.time_costs
    from (select array_agg(l.project_id) as projects, array_agg(l.contract_line_id) as contract_lines from line l) w
    cross join lateral finance_profiles(%(company)s, w.projects, w.contract_lines) f
),
account as materialized (
    select a.*
    from (
        select
            array_agg(x.posting_type) as posting_types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories
        from (select distinct l.posting_type, l.project_id, l.category_id from line l) x
    ) w
    cross join lateral finance_accounts(%(company)s, w.posting_types, w.projects, w.categories) a
),
-- a cost keeps its dimensions where it goes, and that account may demand others
faulty as materialized (
    select f.*
    from (
        select array_agg(x.account) as accounts, array_agg(x.combination) as combinations
        from (
            select distinct a.account, coalesce(d.combination, '{}'::jsonb) as combination
            from standing s
            join line l on l.id = s.id
            join account a
                on a.posting_type = l.posting_type and a.project_id = l.project_id and a.category_id = l.category_id
            left join finance_dimension_set d on d.id = s.dimension_set_id
            where a.account is not null
        ) x
    ) w
    cross join lateral finance_dimension_faults(%(company)s, w.accounts, w.combinations) f
),
-- the sales of the same documents that stand in accrued revenue, or wait for their invoice
sold as materialized (
    select e.source_line_id as source_id
    from finance_voucher_line e
    where %(treatment)s = 'balance'
        and e.posting_type = 'wip_sales_value'
        and e.source_line_id in (select l.source_id from line l)
        and e.company_code = %(company)s
    group by e.source_line_id
    having sum(e.accounting_amount) <> 0
    union
    select s.source_id
    from finance_staging_retry t
    join finance_staged_actual s on s.actual_id = t.actual_id
    where %(treatment)s = 'balance'
        and t.company_code = %(company)s
        and t.code = 'IMP-110'
        and s.source_id in (select l.source_id from line l)
    group by s.source_id
    having sum(s.amount) <> 0
)
select
    l.place,
    l.number,
    l.id as line_id,
    l.transfer_place,
    l.project_id,
    l.source_id,
    coalesce(s.account, u.credit_account) as from_account,
    coalesce(s.posting_type, u.credit) as from_posting_type,
    case when s.account is null then u.debit_account else a.account end as to_account,
    case when s.account is null then u.debit else l.posting_type end as to_posting_type,
    coalesce(s.currency_code, u.currency_code) as currency_code,
    coalesce(s.amount, u.amount) as amount,
    coalesce(s.accounting_amount, u.accounting_amount) as accounting_amount,
    coalesce(s.reporting_amount, round(u.accounting_amount * u.reporting_rate / 100, y.digits)) as reporting_amount,
    coalesce(s.dimension_set_id, u.credit_set, 0) as from_dimension_set_id,
    coalesce(s.dimension_set_id, u.debit_set, 0) as to_dimension_set_id,
    v.code,
    jsonb_build_object(
        'voucher', l.number,
        'company', %(company)s::text,
        'treatment', replace(%(treatment)s, '_', ' '),
        'stored', case
            when s.posting_type is null and e.never then 'no ledger, for good'
            when s.posting_type = 'cost' then 'profit and loss'
            else 'balance'
        end,
        'project', p.number,
        'stage', p.stage,
        'billing_method', replace(m.billing_method, '_', ' '),
        'posting_type', replace(l.posting_type, '_', ' '),
        'account', f.account,
        'demand', f.demand,
        'dimension', f.dimension,
        'category', coalesce((select g.code from finance_category g where g.id = l.category_id), 'none')
    ) || coalesce(u.details, '{}'::jsonb) as details,
    case when v.code is null then tieout_id() end as transfer_id,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from line l
left join standing s on s.id = l.id
left join finance_project p on p.id = l.project_id
left join method m on m.project_id = l.project_id and m.contract_line_id = l.contract_line_id
left join account a
    on a.posting_type = l.posting_type and a.project_id = l.project_id and a.category_id = l.category_id
left join finance_dimension_set d on d.id = s.dimension_set_id
left join faulty f on f.account = a.account and f.combination = coalesce(d.combination, '{}'::jsonb)
left join posting_verdict u on u.id = l.id
cross join (
    select y.digits
    from finance_company c
    join finance_currency y on y.code = c.reporting_currency
    where c.code = %(company)s
) y
cross join lateral (
    -- a beginning balance, a cost of nothing, subcontracted work whose receipts are posted, or as the profile says
    select (u.code is null and not coalesce(u.has_entries, false))
        or l.transaction_class = 'time' and m.time_costs = 'never_ledger' as never
) e
cross join lateral (
    select case
        when l.id is null or l.transaction_type <> 'cost' then 'PST-211'
        when l.is_reversed then 'PST-212'
        when s.posting_type is null and e.never then 'PST-213'
        when (s.posting_type = 'cost') = (%(treatment)s = 'profit_and_loss') then 'PST-213'
        when p.situation = 'closed' then 'INT-701'
        when coalesce(m.billing_method, '') not in ('time_and_materials', 'internal') then 'PST-214'
        when exists (select from sold x where x.source_id = l.source_id) then 'PST-215'
        when s.posting_type is null then u.details ->> 'reason_code'
        when a.account is null then 'DOC-101'
        when f.account is not null then 'PST-218'
    end as code
) v
order by l.place
