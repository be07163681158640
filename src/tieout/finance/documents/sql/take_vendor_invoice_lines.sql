-- question:   Which lines have the documents of the batch, and which entry of its voucher is each? A statement of its own:
--             what was entered until the documents were locked is seen, and nothing is entered from then on.
-- grain:      one row of document_batch_line per document line; line_no is null where no entry is written, because
--             both its amounts are zero
-- parameters: none
-- index:      finance_vendor_invoice_line_key, finance_company_code_key
create temporary table document_batch_line on commit drop as
select
    b.document_id,
    case when l.has_entry then l.entries_so_far end as line_no,
    l.id as line_id,
    l.project_id,
    l.category_id,
    l.amount,
    l.currency_code,
    l.accounting_amount,
    l.tax_amount,
    case
        when l.tax_amount = 0 then 0
        else round(
            l.tax_amount * l.exchange_rate * 0.01, -- rates are per 100 (finance spec 5, N10)
            (
                select y.digits
                from finance_company c
                join finance_currency y on y.code = c.accounting_currency
                where c.code = l.company_code
            )
        )
    end as tax_accounting_amount,
    l.line_number,
    null::numeric as line_amount,
    'vendor' as payment_method,
    'vendor' as payee,
    '' as payee_account,
    l.stocked,
    -- of a stocked line, what it debits instead of the integration account (cost_stocked_lines)
    null::text as debit_type,
    null::text as debit_account,
    null::text as cost_code
from document_batch b
-- offset 0 keeps the planner from reading the whole table of lines once per batch
cross join lateral (
    select
        x.*,
        x.amount <> 0 or x.accounting_amount <> 0 as has_entry,
        count(*) filter (where x.amount <> 0 or x.accounting_amount <> 0)
            over (order by x.line_number rows unbounded preceding)::integer as entries_so_far
    from finance_vendor_invoice_line x
    where x.invoice_id = b.document_id
    offset 0
) l
