-- question:   What did this delivery batch bring, for each company?
-- grain:      one row per company in the batch
-- parameters: map, document_kind, batch_id
-- index:      operations_expense_batch, operations_vendorinvoiceline_batch
insert into operations_intake (batch_id, map, company_code, row_count, amount_total)
select batch_id, %(map)s, company_code, count(*), sum(accounting_amount)
from operations_finance_document_line
where document_kind = %(document_kind)s and batch_id = %(batch_id)s
group by batch_id, company_code
-- The same batch delivered again brings nothing new; if it did bring rows, they are still to be approved.
on conflict (batch_id, company_code) do update
    set row_count = excluded.row_count,
        amount_total = excluded.amount_total,
        processed_at = null
    where (operations_intake.row_count, operations_intake.amount_total)
        is distinct from (excluded.row_count, excluded.amount_total)
