-- Published fact (DESIGN D8): every ledger entry on an integration account, whoever made it (finance spec 3.2, G).
-- An account is one that a document posted to as such, or that the parameters name now: entries made by hand count,
-- and a former integration account keeps its documents' entries. When the parameters change, the collector reads
-- the view anew (collectors/facts.csv).
drop view if exists fact_ledger_entry;
create view fact_ledger_entry as
select v.xid,
       l.voucher_id,
       l.line_no,
       l.company_code,
       l.account,
       v.number as voucher,
       v.document_kind,
       v.document_id,
       l.source_line_id,
       l.accounting_date,
       l.accounting_date - date '1970-01-01' as day,
       l.dimension_set_id,
       l.accounting_amount
  from finance_voucher v
  join finance_voucher_line l on l.voucher_id = v.id
  left join finance_integration_parameters i on i.company_code = l.company_code
 where l.posting_type in ('procurement_integration', 'expense_integration')
    or l.account in (i.procurement_integration_account, i.expense_integration_account);
