-- Published fact (DESIGN D8): the integration journal lines that a voucher has posted.
drop view if exists fact_posting;
create view fact_posting as
select xid,
       document_id as line_id,
       company_code,
       number as voucher,
       accounting_date,
       accounting_date - date '1970-01-01' as day,
       posted_at
  from finance_voucher
 where document_kind = 'integration_journal_line';
