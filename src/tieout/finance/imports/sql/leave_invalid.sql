-- question:   Which actuals of a prevalidated delivery batch are not imported with it? Those that wait by themselves: they were
--             found invalid, whatever was found of them since.
-- grain:      one row of import_row deleted per actual; reports their number
-- parameters: none
-- index:      finance_staging_retry_pkey; the range of keys keeps the planner from reading the whole worklist
delete from import_row r
using finance_staging_retry t
where t.actual_id = r.actual_id
    and t.actual_id >= (select min(f.actual_id::text)::uuid from import_row f)
    and t.actual_id <= (select max(f.actual_id::text)::uuid from import_row f)
