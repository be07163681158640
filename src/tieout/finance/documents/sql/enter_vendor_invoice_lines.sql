-- question:   Enter the landed vendor invoice lines: which are new, and what stands in the way of the others? Judged in
--             this order: a line that is there already (the same content, or LOAD-210 naming the first field that
--             differs), another header than the invoice has (LOAD-210), an invoice that is posted (LOAD-219), the
--             same line earlier in this landing (as if it were there already).
-- grain:      one row per landed line that was not entered, by its number
-- parameters: entered_by
-- index:      finance_vendor_invoice_key, finance_vendor_invoice_line_key, finance_posting_queue_pkey
with invoice as materialized (
    select
        f.*,
        h.id is null as is_new,
        coalesce(h.id, tieout_id()) as id,
        coalesce(h.invoice_date, f.first_invoice_date) as invoice_date,
        coalesce(h.accounting_date, f.first_accounting_date) as accounting_date,
        coalesce(h.currency_code, f.first_currency_code) as currency_code,
        coalesce(h.manual_verification, v.manual_verification) as manual_verification,
        coalesce(h.block_payment, v.block_payment) as block_payment
    from (
        -- The first line of an invoice says what its header is.
        select distinct on (n.document)
            n.document,
            n.company_code,
            n.vendor_id,
            n.invoice_number,
            n.row_number as first_row,
            n.invoice_date as first_invoice_date,
            n.accounting_date as first_accounting_date,
            n.currency_code as first_currency_code,
            n.manual_verification as asked_verification,
            n.block_payment as asked_block
        from landed_vendor_invoice_line n
        order by n.document, n.row_number
    ) f
    -- offset 0 keeps this a look-up by key: cost per line does not grow with the history
    left join lateral (
        select x.*
        from finance_vendor_invoice x
        where x.company_code = f.company_code and x.vendor_id = f.vendor_id and x.invoice_number = f.invoice_number
        offset 0
    ) h on true
    cross join lateral finance_verification(f.company_code, f.asked_verification, f.asked_block) v
    order by f.first_row
),

waiting as materialized (
    -- Posting takes a document with this lock, so no line is added while it does.
    select q.document_id
    from finance_posting_queue q
    where q.document_id = any(array(select i.id from invoice i where not i.is_new))
    for update
),

line as (
    -- Only what judging needs: the rest of a line stays where it landed.
    select
        n.row_number,
        n.document,
        n.line_number,
        i.id as invoice_id,
        i.invoice_date as header_invoice_date,
        i.accounting_date as header_accounting_date,
        i.currency_code as header_currency_code,
        i.manual_verification as header_verification,
        i.block_payment as header_block,
        i.is_new or i.id in (select w.document_id from waiting w) as is_open,
        h.is_same as has_header,
        s.line_number is not null as is_stored,
        coalesce(
            h.is_same
            and (
                s.project_id, s.category_id, s.description, s.quantity, s.unit, s.unit_price, s.amount, s.tax_amount,
                s.stocked
            ) = (
                n.project_id, n.category_id, n.description, n.quantity, n.unit, n.unit_price, n.amount, n.tax_amount,
                n.stocked
            )
            and s.subcontract_id is not distinct from n.subcontract_id,
            false
        ) as is_same
    from landed_vendor_invoice_line n
    join invoice i on i.document = n.document
    -- What a line leaves open is as the invoice has it.
    cross join lateral (
        select (
            n.invoice_date, n.accounting_date, n.currency_code,
            coalesce(n.manual_verification, i.manual_verification),
            i.manual_verification and coalesce(n.block_payment, i.block_payment)
        ) = (i.invoice_date, i.accounting_date, i.currency_code, i.manual_verification, i.block_payment) as is_same
    ) h
    left join lateral (
        select x.*
        from finance_vendor_invoice_line x
        where not i.is_new and x.invoice_id = i.id and x.line_number = n.line_number
        offset 0
    ) s on true
),

placed as materialized (
    -- Of lines that could be entered the first of its number is, the others are compared with it.
    select
        l.*,
        case
            when l.has_header and not l.is_stored then first_value(l.row_number) over (
                partition by l.document, l.line_number, l.has_header, l.is_stored order by l.row_number
            )
        end as first_row
    from line l
),

headers as (
    insert into finance_vendor_invoice (
        id, company_code, vendor_id, invoice_number, invoice_date, accounting_date, currency_code,
        manual_verification, block_payment, entered_by
    )
    select
        i.id, i.company_code, i.vendor_id, i.invoice_number, i.invoice_date, i.accounting_date, i.currency_code,
        i.manual_verification, i.block_payment, %(entered_by)s
    from invoice i
    where i.is_new
    order by i.first_row
),

queued as (
    insert into finance_posting_queue (document_id, document_kind, company_code, accounting_date, code)
    select i.id, 'vendor_invoice', i.company_code, i.accounting_date, ''
    from invoice i
    where i.is_new
    order by i.first_row
),

entered as (
    insert into finance_vendor_invoice_line (
        invoice_id, line_number, company_code, project_id, category_id, description, transaction_date, accounting_date,
        quantity, unit, stocked, subcontract_id, unit_price, amount, tax_amount, currency_code, exchange_rate,
        exchange_rate_date, accounting_amount
    )
    select
        l.invoice_id, n.line_number, n.company_code, n.project_id, n.category_id, n.description, n.invoice_date,
        n.accounting_date, n.quantity, n.unit, n.stocked, n.subcontract_id, n.unit_price, n.amount, n.tax_amount,
        n.currency_code, n.exchange_rate, n.accounting_date,
        -- rates are per 100 (finance spec 5, N10)
        round(n.amount * n.exchange_rate * 0.01, n.accounting_digits)
    from placed l
    join landed_vendor_invoice_line n on n.row_number = l.row_number
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
    join landed_vendor_invoice_line n on n.row_number = l.row_number
    left join lateral (
        select x.*
        from finance_vendor_invoice_line x
        where l.is_stored and not l.is_same and x.invoice_id = l.invoice_id and x.line_number = l.line_number
        offset 0
    ) s on true
    left join lateral (
        select x.*
        from landed_vendor_invoice_line x
        where l.first_row < l.row_number and x.row_number = l.first_row
        offset 0
    ) f on true
    left join lateral (
        select c.field, c.stored, c.value
        from (
            values
            (1, 'invoice_date', l.header_invoice_date::text, n.invoice_date::text),
            (2, 'accounting_date', l.header_accounting_date::text, n.accounting_date::text),
            (3, 'currency', l.header_currency_code, n.currency_code),
            (12, 'manual_verification', l.header_verification::text, n.manual_verification::text),
            (13, 'block_payment', l.header_block::text, (l.header_verification and n.block_payment)::text),
            (4, 'project', coalesce(f.project_id, s.project_id)::text, n.project_id::text),
            (5, 'category', coalesce(f.category_id, s.category_id)::text, n.category_id::text),
            (6, 'description', coalesce(f.description, s.description), n.description),
            (7, 'quantity', trim_scale(coalesce(f.quantity, s.quantity))::text, trim_scale(n.quantity)::text),
            (8, 'unit', coalesce(f.unit, s.unit), n.unit),
            (9, 'unit_price', trim_scale(coalesce(f.unit_price, s.unit_price))::text, trim_scale(n.unit_price)::text),
            (10, 'amount', trim_scale(coalesce(f.amount, s.amount))::text, trim_scale(n.amount)::text),
            (11, 'tax', trim_scale(coalesce(f.tax_amount, s.tax_amount))::text, trim_scale(n.tax_amount)::text),
            (14, 'stocked', coalesce(f.stocked, s.stocked)::text, n.stocked::text),
            (
                15, 'subcontract',
                case when l.is_stored or f.row_number is not null
                    then coalesce(coalesce(f.subcontract_id, s.subcontract_id)::text, 'none') end,
                coalesce(n.subcontract_id::text, 'none')
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
