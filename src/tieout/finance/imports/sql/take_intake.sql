-- question:   Which actuals of a delivery batch have no journal line yet? (One that was sent again may have.) Those dated up
--             to the cut-off of beginning balances are left to them, but those of documents that were born in finance:
--             their cost stands on an integration account, which a beginning balance would never clear.
-- grain:      one row of import_row per actual; made says which line of its actual it will be
-- parameters: batch_id, company, beginning_balances_until
-- index:      finance_staged_actual_batch, finance_journal_line_made, finance_journal_move_key
create temporary table import_row on commit drop as
select s.*, (l.lines + 1)::smallint as made
from finance_staged_actual s
cross join lateral (
    -- an aggregate keeps this one probe per row; as an anti join it may read every line there is, once per batch
    select
        count(*) as lines,
        count(*) filter (
            where exists (select from finance_journal_line_move m where m.line_id = x.id and m.to_journal_id is null)
        ) as deleted
    from finance_integration_journal_line x
    where x.actual_id = s.actual_id
) l
where s.batch_id = %(batch_id)s
    and s.company_code = %(company)s
    and l.lines = l.deleted
    and not coalesce(
        s.transaction_date <= %(beginning_balances_until)s
            and not finance_is_born_here(s.source_kind),
        false
    )
