-- question:   Which actuals came from these sources, and how far has each come?
-- grain:      one row per actual, also when operations no longer knows it
-- parameters: sources
-- index:      fact_actual_source, fact_staged_source, fact_journal_line_source, and the primary keys
with known as (
    select actual_id, source_id from fact_actual where source_id = any(%(sources)s)
    union select actual_id, source_id from fact_staged where source_id = any(%(sources)s)
    union select actual_id, source_id from fact_journal_line where source_id = any(%(sources)s))
select k.source_id, k.actual_id, a.source_kind, a.skip_sync, a.created_at, a.amount, a.currency_code,
       coalesce(a.transaction_type, g.transaction_type, j.transaction_type) as transaction_type,
       coalesce(a.company_code, g.company_code, j.company_code) as company_code,
       g.arrived_at as staged_at, j.line_id, j.journal_number, j.line_number, j.voucher as journal_voucher,
       j.accounting_amount, p.voucher, p.accounting_date, p.posted_at,
       w.voucher as written_voucher, w.arrived_at as written_at, e.code as refused_code, e.refused_at
  from known k
  left join fact_actual a on a.actual_id = k.actual_id
  left join fact_staged g on g.actual_id = k.actual_id
  left join fact_journal_line j on j.actual_id = k.actual_id
  left join fact_posting p on p.line_id = j.line_id
  left join fact_write_back w on w.line_id = j.line_id
  left join lateral (select code, refused_at
                       from fact_line_error
                      where line_id = j.line_id
                      order by id desc
                      limit 1) e on p.line_id is null
 order by k.source_id, k.actual_id
