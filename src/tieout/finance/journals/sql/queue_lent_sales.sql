-- question:   Which sales of lent work, and which takings back of such, wait for an intercompany invoice now? Not those of a
--             beginning balance: they were invoiced before the cut-off (decision 0020).
-- grain:      one row of finance_lent_queue per good line; reports their number
-- parameters: company
-- index:      finance_project_pkey; the rest are temporary tables of one slice
insert into finance_lent_queue (
    line_id, company_code, borrowing_company, currency_code, is_credit, project_id, transaction_date
)
select l.id, %(company)s, p.company_code, l.currency_code, l.is_reversal, l.project_id, l.transaction_date
from posting_line l
join posting_verdict v on v.id = l.id and v.code is null
join finance_project p on p.id = l.project_id
where l.transaction_type = 'interorganizational_sales' and not l.is_beginning
