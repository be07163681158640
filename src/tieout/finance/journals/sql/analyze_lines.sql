-- question:   How many lines, dates and accounts has the slice in hand? The planner must know.
-- grain:      none
-- parameters: none
-- index:      none
analyze posting_line (accounting_date, project_id, category_id, debit, credit, has_entries)
