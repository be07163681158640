-- question:   What happened to these sources before they became actuals?
-- grain:      one row per source
-- parameters: sources
-- index:      fact_source_line_pkey, fact_document_pkey, fact_approval_document
select t.source_id, s.kind, s.company_code, s.document_id, s.document_number, s.line_number, s.amount,
       s.currency_code, s.accounting_amount, s.accounting_date, s.voucher, s.account, s.posted_at,
       d.arrived_at, v.document_kind, v.approved_by, v.approved_at, coalesce(r.reason, '') as reason
  from unnest(%(sources)s) as t (source_id)
  left join fact_source_line s on s.line_id = t.source_id
  left join fact_document d on d.line_id = t.source_id
  left join lateral (select a.document_kind, a.approved_by, a.approved_at
                       from fact_approval a
                      where a.document_id = t.source_id
                      order by a.approval_id desc
                      limit 1) v on true
  left join (select line_id, reason
               from reconciliation_line_state
              where line_id = any(%(sources)s)) r on r.line_id = t.source_id
 order by s.accounting_date, s.document_number, s.line_number, t.source_id
