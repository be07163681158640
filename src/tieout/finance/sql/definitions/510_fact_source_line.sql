-- Published fact (DESIGN D8): the posted project lines of vendor invoices and expense reports (finance spec 3.2, SRC).
-- Driven by the voucher: lines are entered earlier, but only their voucher posts them, so its transaction is the
-- one that a collector must see. Dates are the voucher's, as in the ledger. Names of masters are as they read when
-- the line is collected; a master that has not arrived yet never hides a line.
-- Needs a journal: every line that has a project and whose cost did not post with its document, as that of a stocked
-- line did (finance spec 3.2, a; its cases b and d are not entered as such lines).
drop view if exists fact_source_line;
create view fact_source_line as
select v.xid,
       l.id as line_id,
       'vendor_invoice_line'::varchar(30) as kind,
       l.company_code,
       d.id as document_id,
       d.invoice_number::varchar(60) as document_number,
       l.line_number,
       coalesce(p.account_number, '')::varchar(60) as party_account,
       coalesce(p.name, '')::varchar(200) as party_name,
       coalesce(c.name, '')::varchar(200) as category_name,
       l.project_id,
       coalesce(j.number, '')::varchar(120) as project_number,
       coalesce(j.name, '')::varchar(200) as project_name,
       d.invoice_date as document_date,
       v.accounting_date,
       v.accounting_date - date '1970-01-01' as day,
       l.amount,
       l.tax_amount,
       l.currency_code,
       l.exchange_rate,
       l.accounting_amount,
       v.number::varchar(40) as voucher,
       coalesce(e.account, i.procurement_integration_account, '')::varchar(20) as account,
       (l.project_id is not null and not l.stocked) as needs_journal,
       (case when coalesce(j.company_code, l.company_code) = l.company_code
             then 'cost' else 'resourcing_unit_cost' end)::varchar(30) as cost_type,
       v.posted_at
  from finance_voucher v
  join finance_vendor_invoice d on d.id = v.document_id
  join finance_vendor_invoice_line l on l.invoice_id = d.id
  left join finance_voucher_line e
    on e.voucher_id = v.id and e.source_line_id = l.id
        and (l.stocked or e.posting_type = 'procurement_integration')
  left join finance_integration_parameters i on i.company_code = l.company_code
  left join finance_vendor p on p.id = d.vendor_id
  left join finance_category c on c.id = l.category_id
  left join finance_project j on j.id = l.project_id
 where v.document_kind = 'vendor_invoice'
union all
select v.xid,
       l.id,
       'expense'::varchar(30),
       l.company_code,
       d.id,
       d.report_number::varchar(60),
       l.line_number,
       d.resource_code::varchar(60),
       ''::varchar(200),
       coalesce(c.name, '')::varchar(200),
       l.project_id,
       coalesce(j.number, '')::varchar(120),
       coalesce(j.name, '')::varchar(200),
       l.transaction_date,
       v.accounting_date,
       v.accounting_date - date '1970-01-01',
       l.amount,
       l.tax_amount,
       l.currency_code,
       l.exchange_rate,
       l.accounting_amount,
       v.number::varchar(40),
       coalesce(e.account, i.expense_integration_account, '')::varchar(20),
       (l.project_id is not null),
       (case when coalesce(j.company_code, l.company_code) = l.company_code
             then 'cost' else 'resourcing_unit_cost' end)::varchar(30),
       v.posted_at
  from finance_voucher v
  join finance_expense_report d on d.id = v.document_id
  join finance_expense_line l on l.report_id = d.id
  left join finance_voucher_line e
    on e.voucher_id = v.id and e.source_line_id = l.id and e.posting_type = 'expense_integration'
  left join finance_integration_parameters i on i.company_code = l.company_code
  left join finance_category c on c.id = l.category_id
  left join finance_project j on j.id = l.project_id
 where v.document_kind = 'expense_report';
