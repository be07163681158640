-- question:   Which loaded rows are not, or no longer, in the decision table? They go.
-- grain:      one row per row of the table that differs
-- parameters: units, event, contract, actual, billing, quantity, currency
-- index:      none; the table has 86 rows
with wanted as (
    select *
    from unnest(
        %(units)s::text[], %(event)s::text[], %(contract)s::text[], %(actual)s::text[],
        %(billing)s::text[], %(quantity)s::text[], %(currency)s::text[]
    ) as row (units, event, contract, actual, billing, quantity, currency)
)
delete from operations_decision as loaded
where not exists (
    select
    from wanted
    where (wanted.units, wanted.event, wanted.contract, wanted.actual, wanted.billing, wanted.quantity, wanted.currency)
        = (loaded.units, loaded.event, loaded.contract, loaded.actual, loaded.billing, loaded.quantity, loaded.currency)
)
