-- question:   Which of these staged actuals does the company not have here as they are staged: missing, or other in class, type,
--             amount, discount, fee, currency, quantity, project or date?
-- grain:      one row per actual that is missing or differs, in the order of their keys; differing is empty if missing
-- parameters: company, staged
-- index:      operations_actual_pkey, once per actual asked for
select
    n.actual_id,
    array_remove(array[
        case when a.transaction_class <> n.transaction_class then 'class' end,
        case when a.transaction_type <> n.transaction_type then 'type' end,
        case when a.amount <> n.amount then 'amount' end,
        case when a.discount_amount <> n.discount_amount then 'discount' end,
        case when a.fee_amount <> n.fee_amount then 'fee' end,
        case when a.currency_code <> n.currency_code then 'currency' end,
        case when a.quantity <> n.quantity then 'quantity' end,
        case when a.project_id <> n.project_id then 'project' end,
        case when a.transaction_date <> n.transaction_date then 'date' end
    ], null) as differing
from jsonb_to_recordset(%(staged)s::jsonb) as n (
    actual_id uuid, transaction_class text, transaction_type text, amount numeric, discount_amount numeric,
    fee_amount numeric, currency_code text,
    quantity numeric, project_id uuid, transaction_date date
)
-- offset 0 keeps the planner from reading all actuals
left join lateral (
    select * from operations_actual x where x.id = n.actual_id and x.company_code = %(company)s offset 0
) a on true
where a.id is null
    or (
        a.transaction_class, a.transaction_type, a.amount, a.discount_amount, a.fee_amount, a.currency_code, a.quantity,
        a.project_id, a.transaction_date
    ) <> (
        n.transaction_class, n.transaction_type, n.amount, n.discount_amount, n.fee_amount, n.currency_code, n.quantity,
        n.project_id, n.transaction_date
    )
order by n.actual_id
