-- The lines of a draft of a general journal as they would be posted now: what each side's account is, what the cost is
-- in the accounting currency, and why a line is refused or what to look at (finance spec 2.14; general/rules.py
-- LINE_REFUSALS, LINE_WARNINGS; an empty code is a good line). The account of a project is that of its cost, by the
-- posting matrix: profit and loss or work in progress, as the profile says of the class of its category.
--
-- amount is the cost: the debit of a project, negative for a project credit; of a line without a project that of its
-- account side. The offset is the ledger account that was typed.
drop function if exists finance_general_draft(uuid) cascade;
create function finance_general_draft(of_journal uuid)
returns table (
    line_id uuid, line_number integer, company_code text, account_type text, offset_account_type text,
    project_id uuid, project_number text, project_name text, situation text, contract_line_id uuid,
    category_id uuid, category_code text, transaction_class text, accounting_date date, transaction_date date,
    quantity numeric, unit_cost numeric, sales_price numeric, debit numeric, credit numeric, amount numeric,
    currency_code text, digits integer, exchange_rate numeric, accounting_amount numeric, reporting_amount numeric,
    account text, account_posting_type text, offset_account text, offset_posting_type text, description text,
    entered_by text, code text, warning text, details jsonb
)
language sql stable as $$
    with line as materialized (
        select
            l.*,
            j.number as journal_number,
            j.company_code::text as company,
            c.accounting_currency,
            c.reporting_currency,
            p.number as project_number,
            p.name as project_name,
            p.company_code as project_company,
            p.stage,
            p.situation,
            g.code as category_code,
            g.transaction_class,
            coalesce(l.contract_line_id, p.contract_line_id) as taking_line_id,
            'project' in (l.account_type, l.offset_account_type) as is_project,
            case when l.account_type = 'project' or l.offset_account_type <> 'project' then 1 else -1 end
                * (l.debit - l.credit) as cost,
            y.digits
        from finance_general_journal j
        join finance_open_general_journal_line l on l.journal_id = j.id
        join finance_company c on c.code = j.company_code
        left join finance_currency y on y.code = l.currency_code
        left join finance_project p on p.id = l.project_id
        left join finance_category g on g.id = l.category_id
        where j.id = of_journal
    ),
    company as materialized (
        select l.company, l.accounting_currency, l.reporting_currency from line l limit 1
    ),
    -- each asked once for all lines that are alike
    dated as materialized (
        select d.wanted_date, d.accounting_date is not null as is_open
        from company c
        cross join lateral finance_accounting_dates(
            c.company, 'general_ledger', array(select distinct l.accounting_date from line l), false
        ) d
    ),
    rated as materialized (
        select
            x.currency_code,
            x.accounting_date,
            finance_rate(x.currency_code, c.accounting_currency, x.accounting_date) as rate,
            finance_rate(c.accounting_currency, c.reporting_currency, x.accounting_date) as reporting_rate,
            own.digits as accounting_digits,
            reporting.digits as reporting_digits
        from (select distinct l.currency_code, l.accounting_date from line l) x
        cross join company c
        left join finance_currency own on own.code = c.accounting_currency
        left join finance_currency reporting on reporting.code = c.reporting_currency
    ),
    treated as materialized (
        select t.*
        from company c
        cross join lateral (
            select
                array_agg('cost'::text) as types,
                array_agg(x.transaction_class) as classes,
                array_agg(x.project_id) as projects,
                array_agg(x.contract_line_id) as contract_lines,
                array_agg(false) as accruals
            from (
                select distinct
                    l.transaction_class::text as transaction_class,
                    l.project_id,
                    coalesce(l.taking_line_id, '00000000-0000-0000-0000-000000000000') as contract_line_id
                from line l
                where l.project_id is not null and l.transaction_class is not null
            ) x
        ) w
        cross join lateral finance_treatments(
            c.company, w.types, w.classes, w.projects, w.contract_lines, w.accruals
        ) t
    ),
    debited as materialized (
        select l.*, t.code as profile_code, r.debit as posting_type
        from line l
        left join treated t
            on t.project_id = l.project_id and t.transaction_class = l.transaction_class
            and t.contract_line_id = coalesce(l.taking_line_id, '00000000-0000-0000-0000-000000000000')
        left join finance_posting_rule r
            on r.transaction_type = 'cost' and r.transaction_class = l.transaction_class
            and r.source_kind = 'general_journal_line' and r.treatment = t.treatment
    ),
    costed as materialized (
        select a.*
        from company c
        cross join lateral (
            select
                array_agg(x.posting_type) as posting_types,
                array_agg(x.project_id) as projects,
                array_agg(x.category_id) as categories
            from (
                select distinct d.posting_type::text as posting_type, d.project_id, d.category_id
                from debited d
                where d.posting_type is not null and d.category_id is not null
            ) x
        ) w
        cross join lateral finance_accounts(c.company, w.posting_types, w.projects, w.categories) a
    ),
    -- both entries of a line take the dimensions of its project, and are judged by the accounts that they go to
    combined as materialized (
        select c.giver_id as project_id, c.combination
        from company o
        cross join lateral (
            select
                array_agg(x.project_id) as projects,
                array_agg('00000000-0000-0000-0000-000000000000'::uuid) as owners,
                array_agg(false) as owner_wins
            from (select distinct l.project_id from line l where l.project_id is not null) x
        ) w
        cross join lateral finance_combinations(o.company, w.projects, w.owners, w.owner_wins) c
    ),
    sided as materialized (
        select d.id, e.place, e.account, coalesce(c.combination, '{}') as combination
        from debited d
        left join costed a
            on a.posting_type = d.posting_type and a.project_id = d.project_id and a.category_id = d.category_id
        left join combined c on c.project_id = d.project_id
        cross join lateral (
            values
            (1, case d.account_type when 'project' then a.account else d.account end),
            (2, case d.offset_account_type when 'project' then a.account else d.offset_account end)
        ) e (place, account)
    ),
    faulty as materialized (
        select distinct on (s.id) s.id, f.account, f.demand, f.dimension
        from company o
        cross join lateral (
            select array_agg(x.account::text) as accounts, array_agg(x.combination) as combinations
            from (select distinct s.account, s.combination from sided s where s.account <> '') x
        ) w
        cross join lateral finance_dimension_faults(o.company, w.accounts, w.combinations) f
        join sided s on s.account = f.account and s.combination = f.combination
        order by s.id, s.place
    ),
    judged as materialized (
        select
            d.*,
            demanded.account as demanding_account,
            demanded.demand,
            demanded.dimension,
            m.rate,
            m.accounting_digits,
            round(d.cost * m.rate / 100, m.accounting_digits) as accounting_amount,
            m.reporting_rate,
            m.reporting_digits,
            a.account as cost_account,
            taking.billing_method,
            taking_contract.company_code as contract_company,
            coalesce(fault.code, '') as code,
            case
                when not d.is_project then ''
                when d.taking_line_id is null then 'GJ-406'
                when taking.billing_method = 'time_and_materials' and d.sales_price is null then 'GJ-407'
                when taking.billing_method <> 'time_and_materials' and d.sales_price <> 0 then 'GJ-408'
                else ''
            end as warning
        from debited d
        left join rated m on m.currency_code = d.currency_code and m.accounting_date = d.accounting_date
        left join dated o on o.wanted_date = d.accounting_date
        left join costed a
            on a.posting_type = d.posting_type and a.project_id = d.project_id and a.category_id = d.category_id
        left join faulty demanded on demanded.id = d.id
        left join finance_contract_line taking on taking.id = d.taking_line_id
        left join finance_contract taking_contract on taking_contract.id = taking.contract_id
        left join finance_project own on own.id = d.project_id
        left join finance_contract_line of_project on of_project.id = own.contract_line_id
        cross join lateral (
            select case
                when (d.account_type = 'project' and d.offset_account_type = 'project')
                    or d.is_project <> (d.project_id is not null)
                    or (d.account_type = 'ledger') <> (d.account <> '')
                    or (d.offset_account_type = 'ledger') <> (d.offset_account <> '') then 'GJ-412'
                when (d.debit <> 0) = (d.credit <> 0) then 'GJ-413'
                when d.project_company <> d.company then 'GJ-415'
                when d.stage = 'closed' or d.situation = 'closed' then 'INT-701'
                when d.is_project and coalesce(d.transaction_class, '') not in ('time', 'expense', 'material') then 'GJ-414'
                when taking_contract.company_code <> d.company
                    or (d.contract_line_id is not null and taking.contract_id is distinct from of_project.contract_id)
                    then 'GJ-416'
                when not coalesce(o.is_open, false) then 'GJ-417'
                when m.rate is null or m.reporting_rate is null then 'GJ-418'
                when d.unit_cost is not null and round(d.quantity * d.unit_cost, d.digits) <> d.cost then 'GJ-420'
                when d.is_project and d.quantity = 0 then 'GJ-420'
                when d.profile_code is not null then 'GJ-422'
                when d.is_project and a.account is null then 'GJ-419'
                when demanded.id is not null then 'GJ-423'
            end as code
        ) fault
    )
    select
        j.id,
        j.line_number,
        j.company,
        j.account_type::text,
        j.offset_account_type::text,
        j.project_id,
        j.project_number::text,
        j.project_name::text,
        j.situation::text,
        j.taking_line_id,
        j.category_id,
        j.category_code::text,
        case when j.is_project then j.transaction_class else '' end::text,
        j.accounting_date,
        j.transaction_date,
        j.quantity,
        case when j.is_project then coalesce(j.unit_cost, round(j.cost / nullif(j.quantity, 0), 16)) end,
        j.sales_price,
        j.debit,
        j.credit,
        j.cost,
        j.currency_code::text,
        j.digits::integer,
        j.rate,
        j.accounting_amount,
        round(j.accounting_amount * j.reporting_rate / 100, j.reporting_digits),
        case j.account_type when 'project' then j.cost_account else j.account end::text,
        case j.account_type when 'project' then j.posting_type else 'journal_offset' end::text,
        case j.offset_account_type when 'project' then j.cost_account else j.offset_account end::text,
        case j.offset_account_type when 'project' then j.posting_type else 'journal_offset' end::text,
        j.description::text,
        j.entered_by::text,
        j.code,
        j.warning,
        jsonb_build_object(
            'journal', j.journal_number,
            'line', j.line_number,
            'company', j.company,
            'project', coalesce(j.project_number, 'none'),
            'project_company', j.project_company,
            'stage', j.stage,
            'category', coalesce(j.category_code, 'none'),
            'accounting_date', j.accounting_date,
            'from_currency', case when j.rate is null then j.currency_code else j.accounting_currency end,
            'to_currency', case when j.rate is null then j.accounting_currency else j.reporting_currency end,
            'debit', trim_scale(j.debit)::text,
            'credit', trim_scale(j.credit)::text,
            'amount', trim_scale(j.cost)::text,
            'currency', j.currency_code,
            'quantity', trim_scale(j.quantity)::text,
            'unit_cost', coalesce(trim_scale(j.unit_cost)::text, 'none'),
            'posting_type', replace(j.posting_type, '_', ' '),
            'billing_method', replace(j.billing_method, '_', ' '),
            'account', j.demanding_account,
            'demand', j.demand,
            'dimension', j.dimension
        )
    from judged j
$$;
