-- question:   Which records (entity integration_parameters) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_integration_parameters_pkey
select
    t.company_code as company,
    t.expense_integration_account,
    t.procurement_integration_account,
    t.period_unit,
    t.line_limit,
    t.auto_open_period,
    t.transfer_error_lines,
    t.beginning_balances_until,
    t.general_journal_line_limit,
    t.manual_verification,
    t.block_payment,
    t.product_receipt_to_ledger,
    nullif(t.default_item_category, '') as default_item_category,
    nullif(t.default_time_category, '') as default_time_category,
    nullif(t.default_expense_category, '') as default_expense_category,
    nullif(t.default_fee_category, '') as default_fee_category,
    t.worker_dimensions,
    t.billing_tax_group_from,
    t.milestone_item_tax_group,
    t.workspace_enabled,
    t.prevalidation,
    t.prevalidation_minutes
from finance_integration_parameters t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(after)s::jsonb is null or t.company_code > %(after)s::jsonb ->> 'company')
order by t.company_code
limit %(row_limit)s
