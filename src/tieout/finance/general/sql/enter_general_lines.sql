-- question:   Enter the landed lines into their drafts: which are new, and why were the others not entered? A journal
--             that is no draft takes none (GJ-411). A line with the number of another has to have its content (LOAD-210
--             names the first field that differs); with `replaces` it takes its place instead. A line that came before
--             in this landing counts as being there.
-- grain:      one row per landed line that was not entered, by its place
-- parameters: entered_by, replaces
-- index:      finance_general_journal_number, finance_open_general_journal_pkey, finance_open_general_journal_line_key
with landed as materialized (
    select
        n.*,
        j.id as journal_id,
        o.journal_id is not null as is_open,
        coalesce(x.outcome, 'unknown') as journal_state,
        first_value(n.row_number) over (
            partition by n.company_code, n.journal, n.line_number order by n.row_number
        ) as first_row
    from landed_general_line n
    left join finance_general_journal j on j.company_code = n.company_code and j.number = n.journal
    left join finance_open_general_journal o on o.journal_id = j.id
    left join finance_general_journal_outcome x on x.journal_id = j.id
),
compared as materialized (
    select n.row_number, to_jsonb(n) as said, coalesce(to_jsonb(s), to_jsonb(e)) as was
    from landed n
    -- offset 0 keeps this a look-up by key, however many lines the drafts have
    left join lateral (
        select x.*
        from finance_open_general_journal_line x
        where x.journal_id = n.journal_id and x.line_number = n.line_number
        offset 0
    ) s on true
    left join lateral (
        select x.*
        from landed_general_line x
        where n.first_row < n.row_number and x.row_number = n.first_row
        offset 0
    ) e on true
    where n.is_open
),
entered as (
    insert into finance_open_general_journal_line (
        journal_id, line_number, account_type, offset_account_type, account, offset_account, debit, credit,
        currency_code, accounting_date, transaction_date, project_id, contract_line_id, task_id, category_id, role_id,
        resource_id, task_number, resource_code, quantity, unit_cost, sales_price, description, entered_by
    )
    select
        n.journal_id, n.line_number, n.account_type, n.offset_account_type, n.account, n.offset_account, n.debit,
        n.credit, n.currency_code, n.accounting_date, n.transaction_date, n.project_id, n.contract_line_id, n.task_id,
        n.category_id, n.role_id, n.resource_id,
        coalesce(n.task_number, ''), coalesce(n.resource_code, ''), n.quantity, n.unit_cost, n.sales_price, n.description, %(entered_by)s
    from landed n
    where n.is_open and n.first_row = n.row_number
    order by n.row_number
    on conflict (journal_id, line_number) do update set
        account_type = excluded.account_type, offset_account_type = excluded.offset_account_type,
        account = excluded.account, offset_account = excluded.offset_account, debit = excluded.debit,
        credit = excluded.credit, currency_code = excluded.currency_code,
        accounting_date = excluded.accounting_date, transaction_date = excluded.transaction_date,
        project_id = excluded.project_id, contract_line_id = excluded.contract_line_id, task_id = excluded.task_id,
        category_id = excluded.category_id, role_id = excluded.role_id, resource_id = excluded.resource_id,
        task_number = excluded.task_number, resource_code = excluded.resource_code,
        quantity = excluded.quantity, unit_cost = excluded.unit_cost, sales_price = excluded.sales_price,
        description = excluded.description, entered_by = excluded.entered_by, entered_at = now()
    where %(replaces)s
),
different as (
    select c.row_number, d.field, d.stored, d.value
    from compared c
    left join lateral (
        select one.field, one.stored, one.value
        from (
            select
                f.rank,
                f.name as field,
                coalesce(c.was ->> f.kept, '') as stored,
                coalesce(c.said ->> f.kept, '') as value
            from (
                values
                (1, 'account_type', 'account_type'), (2, 'offset_account_type', 'offset_account_type'),
                (3, 'project', 'project_id'), (4, 'account', 'account'), (5, 'offset_account', 'offset_account'),
                (6, 'debit', 'debit'), (7, 'credit', 'credit'), (8, 'currency', 'currency_code'),
                (9, 'accounting_date', 'accounting_date'), (10, 'transaction_date', 'transaction_date'),
                (11, 'category', 'category_id'), (12, 'quantity', 'quantity'), (13, 'unit_cost', 'unit_cost'),
                (14, 'sales_price', 'sales_price'), (15, 'contract_line', 'contract_line_id'), (16, 'task', 'task_id'),
                (17, 'role', 'role_id'), (18, 'resource', 'resource_id'), (19, 'description', 'description')
            ) f (rank, name, kept)
        ) one
        where case
            when one.field in ('debit', 'credit', 'quantity', 'unit_cost', 'sales_price')
                and '' not in (one.stored, one.value)
                then one.stored::numeric <> one.value::numeric
            else one.stored <> one.value
        end
        order by one.rank
        limit 1
    ) d on true
    where c.was is not null
)
select
    n.row_number as "row",
    'GJ-411' as outcome,
    'journal' as field,
    n.journal_state as stored,
    n.journal as value
from landed n
where not n.is_open
union all
select
    d.row_number,
    case when d.field is null then 'already there' else 'LOAD-210' end,
    d.field,
    case d.field
        when 'project' then (select p.number from finance_project p where p.id = nullif(d.stored, '')::uuid)
        when 'category' then (select g.code from finance_category g where g.id = nullif(d.stored, '')::uuid)
        else d.stored
    end,
    case d.field
        when 'project' then (select p.number from finance_project p where p.id = nullif(d.value, '')::uuid)
        when 'category' then (select g.code from finance_category g where g.id = nullif(d.value, '')::uuid)
        else d.value
    end
from different d
where d.field is null or not %(replaces)s
