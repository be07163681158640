-- question:   How many lines, dates and kinds of lines has the slice in hand? The planner must know.
-- grain:      none
-- parameters: none
-- index:      none
analyze posting_line (accounting_date, project_id, category_id, transaction_type, source_kind, treatment, original_id)
