-- question:   What waits on its way to actuals in this company: how much, where, and why?
-- grain:      one row per hop, kind of record and code; hops where nothing waits are left out
-- parameters: company
-- index:      operations_intake_open, operations_approval_retry_pkey, operations_open_entry_of
select
    status as hop, operations_entry_kind(transaction_class) as kind, '' as code, count(*) as count, sum(minutes) as minutes,
    null::numeric as amount
from operations_open_entry
where company_code = %(company)s
group by status, transaction_class
union all
select
    'arrived', case map when 'msdyn_expenses' then 'expense' else 'vendor_invoice_line' end, '',
    sum(row_count)::bigint, null, sum(amount_total)
from operations_intake
where company_code = %(company)s and processed_at is null
group by map
union all
select 'refused', retry.document_kind, retry.code, count(*), null, sum(line.accounting_amount)
from operations_approval_retry as retry
inner join operations_finance_document_line as line
    on line.id = retry.document_id and line.document_kind = retry.document_kind
where retry.company_code = %(company)s
group by retry.document_kind, retry.code
order by hop, kind, code
