-- question:   What do the grids show of these lines (finance spec 3.1)?
-- grain:      one row per source line; of several journal lines the last one made
-- parameters: lines
-- index:      fact_source_line_pkey, fact_journal_line_source, fact_posting_pkey, fact_document_retry_of,
--             fact_actual_retry_of
select s.line_id, s.day, s.kind, s.category_name, s.party_account, s.party_name, s.document_id, s.document_number,
       s.line_number, s.document_date, s.accounting_date, s.amount, s.currency_code, s.exchange_rate,
       s.accounting_amount, s.voucher, s.project_number, s.project_name,
       coalesce(j.journal_number, '') as journal_number, j.amount as journal_amount,
       coalesce(j.currency_code, '') as journal_currency, j.exchange_rate as journal_exchange_rate,
       coalesce(j.voucher, '') as journal_voucher, j.posted_at,
       greatest((select max(r.asked_at) from fact_document_retry r where r.line_id = s.line_id),
                (select max(r.asked_at) from fact_actual_retry r where r.line_id = s.line_id)) as last_retried_at
  from fact_source_line s
  left join lateral (select l.journal_number, l.amount, l.currency_code, l.exchange_rate, l.voucher, p.posted_at
                       from fact_journal_line l
                       left join fact_posting p on p.line_id = l.line_id
                      where l.source_id = s.line_id
                        and l.company_code = s.company_code
                        and l.transaction_type = s.cost_type
                      order by l.line_id desc
                      limit 1) j on true
 where s.line_id = any(%(lines)s)
