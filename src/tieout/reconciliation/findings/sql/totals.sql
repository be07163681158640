-- question:   How many source lines, and how much money, stand in each state for each reason?
-- grain:      one row per kind, state, reason, and whether the cost that came back differs
-- parameters: company, first_day, last_day
-- index:      none: one pass over the lines of the window gives the figures of all views
select kind,
       state,
       reason,
       case when state = 'reconciled' and credited_amount <> accounting_amount then 1 else 0 end as differs,
       count(*) as line_count,
       sum(accounting_amount) as accounting_amount,
       sum(credited_amount) as credited_amount
  from reconciliation_line_state
 where company_code = %(company)s
   and day between %(first_day)s and %(last_day)s
 group by kind, state, reason,
          case when state = 'reconciled' and credited_amount <> accounting_amount then 1 else 0 end
