-- question:   What does finance get of an actual? Rows marked skip sync never travel (finance spec 2.1).
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_actual_pkey, operations_subcontract_pkey
select
    a.id as actual_id,
    a.transaction_type,
    a.transaction_class,
    a.billing_type,
    a.quantity,
    a.price,
    a.amount,
    a.discount_amount,
    a.fee_amount,
    a.tax_amount,
    a.currency_code,
    a.exchange_rate,
    a.exchange_rate_date,
    a.accounting_amount,
    a.transaction_date,
    a.accounting_date,
    a.company_code,
    a.project_id,
    a.contract_line_id,
    a.category_id,
    a.role_id,
    a.resource_id,
    a.source_kind,
    a.source_id,
    a.reverses_id,
    a.description,
    coalesce(s.number, '')::varchar(60) as subcontract,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_actual a on a.id = t.key
left join operations_subcontract s on s.id = a.subcontract_id
where a.id between %(key_from)s::uuid and %(key_to)s::uuid
    and not a.skip_sync
