-- Where the lines of integration journals stand: in the journal that each was made in, or where its last move put it.
-- A line that was deleted stands nowhere. One row per line, with the columns of a line; made_in is its first journal.
drop view if exists fact_journal_line;
drop view if exists finance_staged_row;
drop view if exists finance_posting_line;
drop view if exists finance_standing_line;
create view finance_standing_line as
select l.id, l.journal_id, l.line_number, l.journal_id as made_in, l.actual_id, l.company_code, l.voucher,
       l.transaction_type, l.transaction_class, l.line_property, l.may_accrue, l.project_id, l.contract_line_id,
       l.category_id, l.transaction_date, l.accounting_date, l.quantity, l.price, l.amount, l.currency_code,
       l.exchange_rate, l.accounting_amount, l.discount_amount, l.fee_amount, l.fee_accounting_amount, l.fee_category_id,
       l.source_kind, l.source_id, l.reverses_id, l.subcontract, l.xid
  from finance_integration_journal_line l
 where not exists (select from finance_journal_line_move m
                    where m.line_id = l.id and m.from_journal_id = l.journal_id)
union all
select l.id, a.to_journal_id, a.line_number, l.journal_id, l.actual_id, l.company_code, l.voucher,
       l.transaction_type, l.transaction_class, l.line_property, l.may_accrue, l.project_id, l.contract_line_id,
       l.category_id, l.transaction_date, l.accounting_date, l.quantity, l.price, l.amount, l.currency_code,
       l.exchange_rate, l.accounting_amount, l.discount_amount, l.fee_amount, l.fee_accounting_amount, l.fee_category_id,
       l.source_kind, l.source_id, l.reverses_id, l.subcontract, a.xid
  from finance_journal_line_move a
  join finance_integration_journal_line l on l.id = a.line_id
 where a.to_journal_id is not null
   and not exists (select from finance_journal_line_move m
                    where m.line_id = a.line_id and m.from_journal_id = a.to_journal_id);
