-- What the contract lines say now of work that is recorded already (operations spec 2.1, E22, E23): the answer of
-- operations_billing, in the words of the cost actual that approval would make of it (submit_entries.sql). No row where
-- the project is closed: what it has stays as it is.
create or replace function operations_answer(
    of_project uuid, of_task uuid, of_class text, of_role uuid, of_category uuid
)
returns table (contract_line_id uuid, billing_type text)
language sql stable parallel safe as $$
    select
        found.contract_line_id,
        case
            when exists (
                select from operations_decision as decision
                where decision.event = 'approved'
                    and decision.contract = found.situation
                    and decision.actual = 'unbilled_sales'
            ) then found.billing_type
            else 'not_available'
        end
    from operations_billing(of_project, of_task, of_class, of_role, of_category) as found
    where found.situation <> 'closed'
$$;

-- The work of entries that a project has in its books: one row per live cost actual.
create or replace function operations_recorded_work(of_project uuid)
returns table (
    entry_id uuid, task_id uuid, transaction_class text, role_id uuid, category_id uuid, contract_line_id uuid,
    billing_type text
)
language sql stable parallel safe as $$
    select
        actual.source_id, actual.task_id, actual.transaction_class::text, actual.role_id, actual.category_id,
        actual.contract_line_id, actual.billing_type::text
    from operations_actual as actual
    where actual.project_id = of_project
        and actual.transaction_type = 'cost'
        and actual.source_kind in ('time_entry', 'expense_entry', 'material_usage')
        and actual.reverses_id is null
        and not exists (select from operations_actual as reversal where reversal.reverses_id = actual.id)
$$;

-- What a contract has sold of a project and no confirmed invoice has taken: its live unbilled sales, of entries,
-- documents and journals (operations spec 2.1, E24).
create or replace function operations_unbilled_sales(of_project uuid, of_contract uuid)
returns table (id uuid, source_id uuid)
language sql stable parallel safe as $$
    select actual.id, actual.source_id
    from operations_actual as actual
    where actual.project_id = of_project
        and actual.contract_id = of_contract
        and actual.transaction_type = 'unbilled_sales'
        and actual.reverses_id is null
        and not exists (select from operations_actual as reversal where reversal.reverses_id = actual.id)
$$;
