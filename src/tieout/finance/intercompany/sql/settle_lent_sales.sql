-- question:   Which lines of the lender's worklist come to nothing? One that takes back a sale that no invoice has, and that
--             sale: neither is invoiced (decision 0021).
-- grain:      one row of finance_lent_queue deleted per such line; reports their number
-- parameters: company
-- index:      finance_lent_queue_of, finance_integration_journal_line_pkey, finance_journal_line_made,
--             finance_intercompany_line_billed
with taken_back as materialized (
    select q.line_id, o.id as original_id
    from finance_lent_queue q
    join finance_integration_journal_line l on l.id = q.line_id
    left join finance_integration_journal_line o on o.actual_id = l.reverses_id
    where q.company_code = %(company)s
        and q.is_credit
        and not exists (
            select
            from finance_integration_journal_line s
            join finance_intercompany_invoice_line b on b.journal_line_id = s.id
            where s.actual_id = l.reverses_id
        )
)
delete from finance_lent_queue q
where q.line_id in (select t.line_id from taken_back t union select t.original_id from taken_back t)
