-- question:   Which stocked lines of vendor invoices are not in operations, and nobody owes them? Their cost never stood
--             on an integration account, so that they need no journal and no view has them (finance spec 3.2, a); what
--             is sold of them would never be invoiced. Those that operations refused are among them: Sync has them tried again.
-- grain:      one row per line, in the order of their keys
-- parameters: company, after, row_limit
-- index:      none: one pass over the lines of the company
select s.line_id as key
  from fact_source_line s
 where s.company_code = %(company)s
   and s.kind = 'vendor_invoice_line'
   and not s.needs_journal
   and s.line_id > %(after)s
   and not exists (select 1 from fact_document d where d.line_id = s.line_id)
   and not exists (select 1
                     from fact_finance_owed w
                    where w.key = s.line_id
                      and w.map = 'msdyn_projectvendorinvoicelines')
   and not exists (select 1 from fact_finance_map m where m.map = 'msdyn_projectvendorinvoicelines' and m.backlog)
 order by s.line_id
 limit %(row_limit)s
