-- question:   Which rows of the posting matrix are not in the file any more?
-- grain:      one row of finance_posting_rule deleted per such row; reports their number
-- parameters: matrix
-- index:      finance_posting_rule_key
delete from finance_posting_rule r
where not exists (
    select
    from jsonb_to_recordset(%(matrix)s::jsonb) as m (
        transaction_type text, transaction_class text, source_kind text, treatment text
    )
    where m.transaction_type = r.transaction_type
        and m.transaction_class = r.transaction_class
        and m.source_kind = r.source_kind
        and m.treatment = r.treatment
)
