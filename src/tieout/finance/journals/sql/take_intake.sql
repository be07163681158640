-- question:   Which actuals of a delivery batch have no journal line yet? (One that was sent again may have.)
-- grain:      one row of import_row per actual
-- parameters: batch_id, company
-- index:      finance_staged_actual_batch, finance_integration_journal_line_actual_id_key
create temporary table import_row on commit drop as
select s.*
from finance_staged_actual s
where s.batch_id = %(batch_id)s
    and s.company_code = %(company)s
    -- limit 1 keeps this one probe per row; as an anti join it may read every line there is, once per batch
    and (select l.id from finance_integration_journal_line l where l.actual_id = s.actual_id limit 1) is null
