-- question:   How many source lines, and how much cost, stand because of what?
-- grain:      one row per kind, state, primary cause and whether the cost that came back differs; lines without one are left out
-- parameters: company, first_day, last_day
-- index:      none: one pass over the lines of the window
select c.kind,
       c.state,
       c.cause,
       case when c.state = 'reconciled' and c.credited_amount <> c.accounting_amount then 1 else 0 end as differs,
       count(*) as line_count,
       sum(c.accounting_amount) as accounting_amount,
       min(c.waiting_since) as oldest
  from reconciliation_line_cause c
 where c.company_code = %(company)s
   and c.day between %(first_day)s and %(last_day)s
   and c.cause <> ''
 group by c.kind, c.state, c.cause,
          case when c.state = 'reconciled' and c.credited_amount <> c.accounting_amount then 1 else 0 end
