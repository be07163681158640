-- question:   Enter these records (integration_parameters): which are new, which change, which are there already?
--             The cut-off of beginning balances stays once a journal of the company is posted (finance spec 1.12).
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_integration_parameters_pkey, finance_integration_journal_number
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, expense_integration_account text, procurement_integration_account text,
        period_unit text, line_limit int, auto_open_period int, transfer_error_lines int,
        beginning_balances_until date, general_journal_line_limit int, manual_verification int, block_payment int,
        product_receipt_to_ledger int,
        default_item_category text, default_time_category text, default_expense_category text,
        default_fee_category text, worker_dimensions int, billing_tax_group_from text,
        milestone_item_tax_group text, workspace_enabled int, prevalidation int, prevalidation_minutes int
    )
),
refused as materialized (
    select n."row", t.beginning_balances_until as stored, n.beginning_balances_until as value
    from n
    join finance_integration_parameters t on t.company_code = n.company
    where t.beginning_balances_until is distinct from n.beginning_balances_until
        and exists (
            select
            from finance_integration_journal j
            where j.company_code = n.company and j.status = 'posted'
        )
),
written as (
    insert into finance_integration_parameters as t (company_code, expense_integration_account, procurement_integration_account, period_unit, line_limit, auto_open_period, transfer_error_lines, beginning_balances_until, general_journal_line_limit, manual_verification, block_payment, product_receipt_to_ledger, default_item_category, default_time_category, default_expense_category, default_fee_category, worker_dimensions, billing_tax_group_from, milestone_item_tax_group, workspace_enabled, prevalidation, prevalidation_minutes)
    select
        n.company,
        n.expense_integration_account,
        n.procurement_integration_account,
        n.period_unit,
        n.line_limit,
        n.auto_open_period = 1,
        n.transfer_error_lines = 1,
        n.beginning_balances_until,
        n.general_journal_line_limit,
        n.manual_verification = 1,
        n.block_payment = 1,
        n.product_receipt_to_ledger = 1,
        coalesce(n.default_item_category, ''),
        coalesce(n.default_time_category, ''),
        coalesce(n.default_expense_category, ''),
        coalesce(n.default_fee_category, ''),
        n.worker_dimensions = 1,
        n.billing_tax_group_from,
        coalesce(n.milestone_item_tax_group, ''),
        n.workspace_enabled = 1,
        n.prevalidation = 1,
        n.prevalidation_minutes
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (company_code) do update set
        expense_integration_account = excluded.expense_integration_account,
        procurement_integration_account = excluded.procurement_integration_account,
        period_unit = excluded.period_unit,
        line_limit = excluded.line_limit,
        auto_open_period = excluded.auto_open_period,
        transfer_error_lines = excluded.transfer_error_lines,
        beginning_balances_until = excluded.beginning_balances_until,
        general_journal_line_limit = excluded.general_journal_line_limit,
        manual_verification = excluded.manual_verification,
        block_payment = excluded.block_payment,
        product_receipt_to_ledger = excluded.product_receipt_to_ledger,
        default_item_category = excluded.default_item_category,
        default_time_category = excluded.default_time_category,
        default_expense_category = excluded.default_expense_category,
        default_fee_category = excluded.default_fee_category,
        worker_dimensions = excluded.worker_dimensions,
        billing_tax_group_from = excluded.billing_tax_group_from,
        milestone_item_tax_group = excluded.milestone_item_tax_group,
        workspace_enabled = excluded.workspace_enabled,
        prevalidation = excluded.prevalidation,
        prevalidation_minutes = excluded.prevalidation_minutes
    where (t.expense_integration_account, t.procurement_integration_account, t.period_unit, t.line_limit, t.auto_open_period, t.transfer_error_lines, t.beginning_balances_until, t.general_journal_line_limit, t.manual_verification, t.block_payment, t.product_receipt_to_ledger, t.default_item_category, t.default_time_category, t.default_expense_category, t.default_fee_category, t.worker_dimensions, t.billing_tax_group_from, t.milestone_item_tax_group, t.workspace_enabled, t.prevalidation, t.prevalidation_minutes) is distinct from (excluded.expense_integration_account, excluded.procurement_integration_account, excluded.period_unit, excluded.line_limit, excluded.auto_open_period, excluded.transfer_error_lines, excluded.beginning_balances_until, excluded.general_journal_line_limit, excluded.manual_verification, excluded.block_payment, excluded.product_receipt_to_ledger, excluded.default_item_category, excluded.default_time_category, excluded.default_expense_category, excluded.default_fee_category, excluded.worker_dimensions, excluded.billing_tax_group_from, excluded.milestone_item_tax_group, excluded.workspace_enabled, excluded.prevalidation, excluded.prevalidation_minutes)
    returning company_code, xmax = 0 as is_new
)
select
    n."row",
    case
        when r."row" is not null then 'LOAD-210'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    case when r."row" is not null then 'beginning_balances_until' end as field,
    case when r."row" is not null then coalesce(r.stored::text, 'blank') end as stored,
    case when r."row" is not null then coalesce(r.value::text, 'blank') end as value
from n
left join refused r on r."row" = n."row"
left join written w on w.company_code = n.company
