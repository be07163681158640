-- What statements about an entry on its way ask of it: where it stands, and what of it is reversed when its approval is
-- taken back (operations spec 2.1, E9, E10; 5.3).

-- Where an entry stands in the worklist, and the place of that row: by it the row is changed, because a join by key
-- could be planned the wrong way round when a batch is newer than the statistics (decision 0011). No row: approved.
-- offset 0 keeps this a look-up by key.
create or replace function operations_open_entry_of(of_entry uuid)
returns table (place tid, status text, submission_id uuid, lines_id uuid, submitted_by text)
language sql stable parallel safe as $$
    select waiting.ctid, waiting.status::text, waiting.submission_id, waiting.lines_id, waiting.submitted_by::text
    from operations_open_entry as waiting
    where waiting.entry_id = of_entry
    offset 0
$$;

-- Does a project name approvers, and this user is none of them (operations spec 7)? One that names nobody, and no
-- project, is open to every approver of the company.
create or replace function operations_others_approve(of_project uuid, of_user text)
returns boolean
language sql stable parallel safe as $$
    select coalesce(bool_and(named.user_name <> of_user), false)
    from operations_project_approver as named
    where named.project_id = of_project and named.active
$$;

-- The submission that the latest approval of an entry approved, and whose journal lines it took.
create or replace function operations_approved_submission(of_entry uuid)
returns table (submission_id uuid, lines_id uuid, submitted_by text, billable numeric, billing_type text)
language sql stable parallel safe as $$
    select submission.id, submission.lines_id, submission.submitted_by::text, approval.billable,
        approval.billing_type::text
    from operations_approval as approval
    inner join operations_entry_submission as submission on submission.id = approval.id
    where approval.document_id = of_entry
        and approval.document_kind in ('time_entry', 'expense_entry', 'material_usage')
    order by approval.id desc
    limit 1
$$;

-- The actuals of an entry that count: neither reversals nor reversed.
create or replace function operations_live_actuals(of_source uuid)
returns setof operations_actual
language sql stable parallel safe as $$
    select actual.*
    from operations_actual as actual
    where actual.source_id = of_source
        and actual.reverses_id is null
        and not exists (select from operations_actual as reversal where reversal.reverses_id = actual.id)
$$;

-- The reversal of an actual: all of it, its quantity and amounts negated; the price stays (operations spec appendix A).
create or replace function operations_reversal(original operations_actual, reversal_id uuid)
returns setof operations_actual
language sql stable as $$
    select changed.*
    from jsonb_populate_record(
        original,
        jsonb_build_object(
            'id', reversal_id,
            'reverses_id', original.id,
            'quantity', -original.quantity,
            'amount', -original.amount,
            'discount_amount', -original.discount_amount,
            'fee_amount', -original.fee_amount,
            'tax_amount', -original.tax_amount,
            'accounting_amount', -original.accounting_amount,
            'created_at', now(),
            'xid', pg_current_xact_id()
        )
    ) as changed
$$;

-- Which statuses a reversal gives to the original and to itself, by what happened (operations spec 2.0.2; appendix A).
-- What is not made again is canceled. Only sales have a billing status (operations spec 8: cost that got one was a
-- defect).
create or replace function operations_reversal_statuses(of_event text, of_type text)
returns table (is_reversal boolean, machine text, status text)
language sql immutable parallel safe as $$
    select said.is_reversal, said.machine, said.status
    from (
        values
        (false, 'adjustment', 'adjusted', '{}'::text[]),
        (true, 'adjustment', 'unadjustable', '{}'),
        (false, 'billing', 'canceled', '{approval_cancelled,recall_approved,contract_lost}'),
        (true, 'billing', 'canceled', '{approval_cancelled,recall_approved,contract_lost}')
    ) as said (is_reversal, machine, status, events)
    where said.machine = 'adjustment' or (of_event = any(said.events) and of_type = 'unbilled_sales')
$$;

-- Why the actuals of an entry cannot be reversed now; empty where nothing is in the way.
create or replace function operations_not_reversible(of_source uuid)
returns text
language sql stable parallel safe as $$
    select coalesce(
        (
            select min(
                case
                    when state.billing_status in ('customer_invoice_created', 'customer_invoice_posted') then 'APR-112'
                    when state.adjustment_status <> 'live' then 'APR-113'
                end
            )
            from operations_live_actuals(of_source) as actual
            inner join operations_actual_state as state on state.actual_id = actual.id
        ),
        ''
    )
$$;
