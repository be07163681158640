-- question:   Which headers of vendor invoices are not in operations though a line of them is, and nobody owes them? Of a
--             stocked line it does not matter where it is: no view has it, so that nothing asks again when it has arrived.
--             Those that operations refused are among them: who presses Sync has them tried again.
-- grain:      one row per vendor invoice, in the order of their keys
-- parameters: company, after, row_limit
-- index:      none: one pass over the lines of the company
select distinct s.document_id as key
  from fact_source_line s
  left join fact_document d on d.line_id = s.line_id
 where s.company_code = %(company)s
   and s.kind = 'vendor_invoice_line'
   and (d.line_id is not null or not s.needs_journal)
   and s.document_id > %(after)s
   and not exists (select 1 from fact_invoice_header h where h.document_id = s.document_id)
   and not exists (select 1 from fact_finance_owed w where w.key = s.document_id and w.map = 'msdyn_projectvendorinvoices')
   and not exists (select 1 from fact_finance_map m where m.map = 'msdyn_projectvendorinvoices' and m.backlog)
 order by s.document_id
 limit %(row_limit)s
