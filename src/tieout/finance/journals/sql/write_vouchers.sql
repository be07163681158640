-- question:   What are the vouchers of the good lines? Each has the number that its line carries since import.
-- grain:      one row of finance_voucher per good line; reports their number
-- parameters: company, posted_by
-- index:      none: a temporary table of one slice; its rows lie in the order of their vouchers
insert into finance_voucher (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select v.voucher_id, %(company)s, v.voucher, v.posting_date, 'integration_journal_line', v.id, %(posted_by)s
from posting_verdict v
where v.code is null
