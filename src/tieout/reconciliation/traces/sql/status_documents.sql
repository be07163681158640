-- question:   How many document lines reached each hop on the way to operations, and how much money?
-- grain:      one row per company and kind; amounts in accounting currency
-- parameters: companies
-- index:      none: one pass
select s.company_code,
       s.kind,
       count(*) as posted_in_finance,
       sum(s.accounting_amount) as posted_in_finance_amount,
       count(d.line_id) as arrived_in_operations,
       sum(case when d.line_id is not null then s.accounting_amount else 0 end) as arrived_in_operations_amount,
       count(v.document_id) as approved,
       sum(case when v.document_id is not null then s.accounting_amount else 0 end) as approved_amount
  from fact_source_line s
  left join fact_document d on d.line_id = s.line_id
  left join fact_approval v on v.document_id = s.line_id
 where %(companies)s::text[] is null or s.company_code = any(%(companies)s::text[])
 group by s.company_code, s.kind
 order by s.company_code, s.kind
