-- question:   How many rows, keys and dates has the batch in hand? The planner must know.
-- grain:      none
-- parameters: none
-- index:      none
analyze import_batch (code, period_key, position, accounting_date)
