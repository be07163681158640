-- question:   What does operations get of a posted line of a general journal? Only lines with a project travel.
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_general_journal_line_pkey
select
    l.id,
    l.journal_id,
    l.line_number,
    l.company_code,
    l.transaction_class,
    l.project_id,
    l.contract_line_id,
    l.task_id,
    l.category_id,
    l.role_id,
    l.resource_id,
    l.transaction_date,
    l.accounting_date,
    l.quantity,
    l.unit_cost,
    l.sales_price,
    l.amount,
    l.currency_code,
    l.exchange_rate,
    l.accounting_amount,
    l.description,
    l.voucher,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_general_journal_line l on l.id = t.key
where l.id between %(key_from)s::uuid and %(key_to)s::uuid
    and l.project_id is not null
