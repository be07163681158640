-- question:   Enter the landed expense lines: which are new, and what stands in the way of the others? Judged in this
--             order: a line that is there already (the same content, or LOAD-210 naming the first field that differs),
--             another resource than the report has (LOAD-210), a report that is posted (LOAD-219), the same line
--             earlier in this landing (as if it were there already). A new report is dated as its latest line here;
--             all its lines have its accounting date, so that it posts into one period.
-- grain:      one row per landed line that was not entered, by its number
-- parameters: entered_by
-- index:      finance_expense_report_key, finance_expense_line_key, finance_posting_queue_pkey
with report as materialized (
    select
        f.document,
        f.company_code,
        f.report_number,
        f.first_row,
        h.id is null as is_new,
        coalesce(h.id, tieout_id()) as id,
        coalesce(h.resource_code, f.first_resource_code) as resource_code,
        coalesce(h.accounting_date, f.last_date) as accounting_date
    from (
        select
            n.document,
            n.company_code,
            n.report_number,
            min(n.row_number) as first_row,
            (array_agg(n.resource_code order by n.row_number))[1] as first_resource_code,
            max(n.transaction_date) as last_date
        from landed_expense_line n
        group by n.document, n.company_code, n.report_number
    ) f
    -- offset 0 keeps this a look-up by key: cost per line does not grow with the history
    left join lateral (
        select x.*
        from finance_expense_report x
        where x.company_code = f.company_code and x.report_number = f.report_number
        offset 0
    ) h on true
    order by f.first_row
),

waiting as materialized (
    -- Posting takes a document with this lock, so no line is added while it does.
    select q.document_id
    from finance_posting_queue q
    where q.document_id = any(array(select r.id from report r where not r.is_new))
    for update
),

line as (
    -- Only what judging needs: the rest of a line stays where it landed.
    select
        n.row_number,
        n.document,
        n.line_number,
        n.distribution,
        r.id as report_id,
        r.resource_code as header_resource_code,
        r.accounting_date as header_accounting_date,
        r.is_new or r.id in (select w.document_id from waiting w) as is_open,
        n.resource_code = r.resource_code as has_header,
        s.line_number is not null as is_stored,
        coalesce(
            n.resource_code = r.resource_code
            and (
                s.category_id, s.project_id, s.transaction_date, s.amount, s.tax_amount, s.currency_code,
                s.description, s.payment_method, coalesce(s.line_amount, s.amount)
            ) = (
                n.category_id, n.project_id, n.transaction_date, n.amount, n.tax_amount, n.currency_code,
                n.description, n.payment_method, coalesce(n.line_amount, n.amount)
            ),
            false
        ) as is_same
    from landed_expense_line n
    join report r on r.document = n.document
    left join lateral (
        select x.*
        from finance_expense_line x
        where not r.is_new and x.report_id = r.id and x.line_number = n.line_number
            and x.distribution = n.distribution
        offset 0
    ) s on true
),

placed as materialized (
    -- Of lines that could be entered the first of its number is, the others are compared with it.
    select
        l.*,
        case
            when l.has_header and not l.is_stored then first_value(l.row_number) over (
                partition by l.document, l.line_number, l.distribution, l.has_header, l.is_stored order by l.row_number
            )
        end as first_row
    from line l
),

headers as (
    insert into finance_expense_report (id, company_code, report_number, resource_code, accounting_date, entered_by)
    select r.id, r.company_code, r.report_number, r.resource_code, r.accounting_date, %(entered_by)s
    from report r
    where r.is_new
    order by r.first_row
),

queued as (
    insert into finance_posting_queue (document_id, document_kind, company_code, accounting_date, code)
    select r.id, 'expense_report', r.company_code, r.accounting_date, ''
    from report r
    where r.is_new
    order by r.first_row
),

entered as (
    insert into finance_expense_line (
        report_id, line_number, company_code, project_id, category_id, description, transaction_date, accounting_date,
        quantity, unit_price, amount, tax_amount, currency_code, exchange_rate, exchange_rate_date, accounting_amount,
        payment_method, distribution, line_amount
    )
    select
        l.report_id, n.line_number, n.company_code, n.project_id, n.category_id, n.description, n.transaction_date,
        l.header_accounting_date, 1, n.amount, n.amount, n.tax_amount, n.currency_code, n.exchange_rate, n.transaction_date,
        -- rates are per 100 (finance spec 5, N10)
        round(n.amount * n.exchange_rate * 0.01, n.accounting_digits), n.payment_method,
        n.distribution, n.line_amount
    from placed l
    join landed_expense_line n on n.row_number = l.row_number
    where l.first_row = l.row_number and l.is_open
    order by l.row_number
),

compared as (
    select
        l.row_number,
        l.first_row is not null and not l.is_open as is_late,
        case when l.first_row is null or l.is_open then d.field end as field,
        d.stored,
        d.value
    from placed l
    join landed_expense_line n on n.row_number = l.row_number
    left join lateral (
        select x.*
        from finance_expense_line x
        where l.is_stored and not l.is_same and x.report_id = l.report_id and x.line_number = l.line_number
            and x.distribution = l.distribution
        offset 0
    ) s on true
    left join lateral (
        select x.*
        from landed_expense_line x
        where l.first_row < l.row_number and x.row_number = l.first_row
        offset 0
    ) f on true
    left join lateral (
        select c.field, c.stored, c.value
        from (
            values
            (1, 'resource', l.header_resource_code::text, n.resource_code::text),
            (2, 'category', coalesce(f.category_id, s.category_id)::text, n.category_id::text),
            (3, 'project', coalesce(f.project_id, s.project_id)::text, n.project_id::text),
            (4, 'transaction_date', coalesce(f.transaction_date, s.transaction_date)::text, n.transaction_date::text),
            (5, 'amount', trim_scale(coalesce(f.amount, s.amount))::text, trim_scale(n.amount)::text),
            (6, 'tax', trim_scale(coalesce(f.tax_amount, s.tax_amount))::text, trim_scale(n.tax_amount)::text),
            (7, 'currency', coalesce(f.currency_code, s.currency_code), n.currency_code),
            (8, 'description', coalesce(f.description, s.description), n.description),
            (9, 'payment_method', coalesce(f.payment_method, s.payment_method), n.payment_method),
            (
                10, 'line_amount', trim_scale(coalesce(f.line_amount, s.line_amount, f.amount, s.amount))::text,
                trim_scale(coalesce(n.line_amount, n.amount))::text
            )
        ) c (rank, field, stored, value)
        -- of a line that is not there only the header can differ
        where not l.is_same and c.stored <> c.value
        order by c.rank
        limit 1
    ) d on true
    where l.first_row is distinct from l.row_number or not l.is_open
)

select
    c.row_number as "row",
    case
        when c.field is not null then 'LOAD-210'
        when c.is_late then 'LOAD-219'
        else 'already there'
    end as outcome,
    c.field,
    case c.field
        when 'project' then (select p.number from finance_project p where p.id = c.stored::uuid)
        when 'category' then (select g.code from finance_category g where g.id = c.stored::uuid)
        else c.stored
    end as stored,
    case c.field
        when 'project' then (select p.number from finance_project p where p.id = c.value::uuid)
        when 'category' then (select g.code from finance_category g where g.id = c.value::uuid)
        else c.value
    end as value
from compared c
