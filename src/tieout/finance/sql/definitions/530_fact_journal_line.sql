-- Published fact (DESIGN D8): the lines of integration journals, where they stand (finance spec 3.2, L). A line that
-- moved comes again, with the transaction that moved it; fact_line_departure takes back where it stood before.
-- Driven by the line: its journal exists before it or is made with it, and a journal's number never changes. made_at is when
-- the journal was made that import put it in, wherever it stands now.
drop view if exists fact_journal_line;
create view fact_journal_line as
select l.xid,
       l.id as line_id,
       l.actual_id,
       l.source_id,
       l.company_code,
       coalesce(j.number, '')::varchar(40) as journal_number,
       l.line_number,
       l.voucher,
       l.transaction_type,
       l.amount,
       l.currency_code,
       l.exchange_rate,
       l.accounting_amount,
       m.created_at as made_at
  from finance_standing_line l
  left join finance_integration_journal j on j.id = l.journal_id
  left join finance_integration_journal m on m.id = l.made_in;
