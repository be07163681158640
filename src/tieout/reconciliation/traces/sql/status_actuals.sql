-- question:   How many actuals that finance is to get reached each hop, and how much money?
-- grain:      one row per company, source kind and transaction type; amounts in accounting currency, null where an
--             actual has none before finance gives it one
-- parameters: companies
-- index:      none: one pass
select a.company_code,
       a.source_kind,
       a.transaction_type,
       count(*) as actual,
       sum(s.accounting_amount) as actual_amount,
       count(g.actual_id) as staged,
       sum(case when g.actual_id is not null then s.accounting_amount end) as staged_amount,
       count(j.line_id) as journal_line,
       sum(j.accounting_amount) as journal_line_amount,
       count(p.line_id) as posted,
       sum(case when p.line_id is not null then j.accounting_amount end) as posted_amount,
       count(w.line_id) as written_back,
       sum(case when w.line_id is not null then j.accounting_amount end) as written_back_amount
  from fact_actual a
  left join fact_source_line s on s.line_id = a.source_id and s.cost_type = a.transaction_type
  left join fact_staged g on g.actual_id = a.actual_id
  left join fact_journal_line j on j.actual_id = a.actual_id
  left join fact_posting p on p.line_id = j.line_id
  left join fact_write_back w on w.line_id = p.line_id
 where not a.skip_sync
   and (%(companies)s::text[] is null or a.company_code = any(%(companies)s::text[]))
 group by a.company_code, a.source_kind, a.transaction_type
 order by a.company_code, a.source_kind, a.transaction_type
