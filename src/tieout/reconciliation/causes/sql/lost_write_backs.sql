-- question:   Which postings of a company, of any source, does operations not know of, and nobody owes them?
--             Those that operations refused are among them: who presses Sync has them tried again.
-- grain:      one row per posted journal line, in the order of their keys
-- parameters: company, after, row_limit
-- index:      fact_posting_pkey, fact_write_back_pkey
select p.line_id as key
  from fact_posting p
 where p.company_code = %(company)s
   and p.line_id > %(after)s
   and not exists (select 1 from fact_write_back b where b.line_id = p.line_id)
   and not exists (select 1 from fact_finance_owed w where w.key = p.line_id and w.map = 'msdyn_actuals_posting')
   and not exists (select 1 from fact_finance_map m where m.map = 'msdyn_actuals_posting' and m.backlog)
 order by p.line_id
 limit %(row_limit)s
