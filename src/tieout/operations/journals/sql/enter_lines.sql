-- question:   Enter the landed lines into their drafts: which are new, and why were the others not entered? A journal that
--             is no draft of an entry journal takes none (JRN-101). One with the number of another has to have its
--             content (LOAD-210 names the first field that differs); with `replaces` it takes its place instead. A line
--             that came before in this landing counts as being there.
-- grain:      one row per landed line that was not entered, by its place
-- parameters: entered_by, replaces
-- index:      operations_journal_number, operations_open_journal_pkey, operations_open_journal_line_key
with landed as materialized (
    select
        line.*, journal.id as journal_id, open.journal_id as open_id,
        case
            when open.journal_id is null then coalesce(outcome.outcome, 'unknown')
            else replace(journal.journal_type, '_', ' ')
        end as journal_state,
        open.journal_type = 'entry' as is_open,
        first_value(line.row_number) over (
            partition by line.company_code, line.journal, line.line_number order by line.row_number
        ) as first_row
    from landed_journal_line as line
    left join operations_journal as journal
        on journal.company_code = line.company_code and journal.number = line.journal
    left join operations_open_journal as open on open.journal_id = journal.id
    left join operations_journal_outcome as outcome on outcome.journal_id = journal.id
),

compared as materialized (
    select landed.row_number, stored.id as stored_id, to_jsonb(landed) as said, coalesce(to_jsonb(stored), to_jsonb(earlier)) as was
    from landed
    -- offset 0 keeps this a look-up by key, however many lines the drafts have
    left join lateral (
        select * from operations_open_journal_line as one
        where one.journal_id = landed.journal_id and one.line_number = landed.line_number
        offset 0
    ) as stored on true
    left join lateral (
        select * from landed_journal_line as one
        where landed.first_row < landed.row_number and one.row_number = landed.first_row
        offset 0
    ) as earlier on true
    where landed.is_open
),

entered as (
    insert into operations_open_journal_line as line (
        journal_id, line_number, transaction_type, transaction_class, billing_type, amount_method, quantity, unit,
        typed_price, tax_amount, currency_code, transaction_date, accounting_date, project_id, task_id, role_id,
        category_id, product_id, product_name, resource_id, contract_line_id, customer_id, description,
        external_description, custom, price, price_currency, price_reason, entered_by
    )
    select
        journal_id, line_number, transaction_type, transaction_class, billing_type, amount_method, quantity, unit,
        typed_price, tax_amount, currency_code, transaction_date, accounting_date, project_id, task_id, role_id,
        category_id, product_id, product_name, resource_id, contract_line_id, customer_id, description,
        external_description, custom, typed_price, '', case when typed_price is null then '' else 'typed_price' end,
        %(entered_by)s
    from landed
    where is_open and first_row = row_number
    order by row_number
    on conflict (journal_id, line_number) do update set
        transaction_type = excluded.transaction_type, transaction_class = excluded.transaction_class,
        billing_type = excluded.billing_type, amount_method = excluded.amount_method, quantity = excluded.quantity,
        unit = excluded.unit, typed_price = excluded.typed_price, tax_amount = excluded.tax_amount,
        currency_code = excluded.currency_code, transaction_date = excluded.transaction_date,
        accounting_date = excluded.accounting_date, project_id = excluded.project_id, task_id = excluded.task_id,
        role_id = excluded.role_id, category_id = excluded.category_id, product_id = excluded.product_id,
        product_name = excluded.product_name, resource_id = excluded.resource_id,
        contract_line_id = excluded.contract_line_id, customer_id = excluded.customer_id,
        description = excluded.description, external_description = excluded.external_description,
        custom = excluded.custom, price = excluded.price, price_currency = excluded.price_currency,
        price_reason = excluded.price_reason, price_trace_id = null, entered_by = excluded.entered_by,
        entered_at = now()
    where %(replaces)s
),

different as (
    select compared.row_number, found.field, found.stored, found.value
    from compared
    left join lateral (
        select one.field, one.stored, one.value
        from (
            select
                field.rank, field.name as field, coalesce(compared.was ->> field.kept, '') as stored,
                coalesce(compared.said ->> field.kept, '') as value
            from (
                values
                (1, 'project', 'project_id'), (2, 'transaction_type', 'transaction_type'),
                (3, 'transaction_class', 'transaction_class'), (4, 'date', 'transaction_date'),
                (5, 'quantity', 'quantity'), (6, 'price', 'typed_price'), (7, 'tax', 'tax_amount'),
                (8, 'currency', 'currency_code'), (9, 'amount_method', 'amount_method'),
                (10, 'billing_type', 'billing_type'), (11, 'unit', 'unit'), (12, 'task', 'task_id'),
                (13, 'role', 'role_id'), (14, 'category', 'category_id'), (15, 'product', 'product_id'),
                (16, 'product_name', 'product_name'), (17, 'resource', 'resource_id'),
                (18, 'contract_line', 'contract_line_id'), (19, 'customer', 'customer_id'),
                (20, 'accounting_date', 'accounting_date'), (21, 'description', 'description'),
                (22, 'external_description', 'external_description'), (23, 'dimensions', 'custom')
            ) as field (rank, name, kept)
        ) as one
        where case
            when one.field in ('quantity', 'price', 'tax') and '' not in (one.stored, one.value)
                then one.stored::numeric <> one.value::numeric
            else one.stored <> one.value
        end
        order by one.rank
        limit 1
    ) as found on true
    where compared.was is not null
)

select
    row_number as "row", 'JRN-101' as outcome, 'journal' as field, journal_state as stored, journal as value
from landed
where not coalesce(is_open, false)
union all
select
    row_number, case when field is null then 'already there' else 'LOAD-210' end, field,
    operations_said(field, stored), operations_said(field, value)
from different
where field is null or not %(replaces)s
