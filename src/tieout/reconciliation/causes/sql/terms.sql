-- question:   Of which causes does the balance of an integration account consist at the end of a day (finance spec 3.9, 4)?
-- grain:      one row per cause; what contributes nothing is left out. oldest: of its lines, since when the first waits
-- parameters: company, account, as_of_day
-- index:      none: one pass over the lines and entries of the company
-- A line's contribution is its cost if dated by then, less its credits dated by then; it has exactly one cause.
with credited as (
    select source_line_id,
           sum(case when day <= %(as_of_day)s then -accounting_amount else 0 end) as by_then,
           sum(case when day > %(as_of_day)s then 1 else 0 end) as later
      from fact_ledger_entry
     where company_code = %(company)s
       and account = %(account)s
       and document_kind = 'integration_journal_line'
       and source_line_id is not null
     group by source_line_id),
contributing as (
    select case when s.day > %(as_of_day)s then 'RC-18'
                when s.state = 'reconciled' and c.later > 0 then 'RC-18'
                else s.cause end as cause,
           case when s.day <= %(as_of_day)s then s.accounting_amount else 0 end
               - coalesce(c.by_then, 0) as contribution,
           s.waiting_since
      from reconciliation_line_cause s
      left join credited c on c.source_line_id = s.line_id
     where s.company_code = %(company)s
       and s.account = %(account)s
    union all
    select 'RC-20b', e.accounting_amount, null
      from fact_ledger_entry e
     where e.company_code = %(company)s
       and e.account = %(account)s
       and e.document_kind = 'integration_journal_line'
       and e.day <= %(as_of_day)s
       and not exists (select 1
                         from fact_source_line s
                        where s.line_id = e.source_line_id
                          and s.company_code = e.company_code
                          and s.account = e.account
                          and s.needs_journal)
    union all
    select 'RC-20', e.accounting_amount, null
      from fact_ledger_entry e
     where e.company_code = %(company)s
       and e.account = %(account)s
       and e.document_kind not in ('vendor_invoice', 'expense_report', 'integration_journal_line')
       and e.day <= %(as_of_day)s)
select cause, count(*) as line_count, sum(contribution) as contribution, min(waiting_since) as oldest
  from contributing
 where contribution <> 0
 group by cause
