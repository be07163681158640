-- question:   Which costs of a project ever were in work in progress, by transaction date? (Whether they still are is
--             judged.)
-- grain:      one row of cost_line per journal line above `after`, at most lines_max, in the order of their keys
-- parameters: company, project, date_from, date_to, after, lines_max
-- index:      finance_project_number, finance_voucher_line_wip, finance_voucher_pkey,
--             finance_integration_journal_line_pkey, finance_voucher_document_id_key
create temporary table cost_line on commit drop as
select
    row_number() over (order by l.id) as place,
    v.number,
    v.id as voucher_id,
    l.id as line_id
from (
    select distinct w.document_id
    from finance_project p
    join finance_voucher_line e
        on e.project_id = p.id and e.posting_type in ('wip_cost_value', 'wip_cost_value_item')
    join finance_voucher w on w.id = e.voucher_id and w.document_kind = 'integration_journal_line'
    where p.number = %(project)s and e.company_code = %(company)s and w.document_id > %(after)s
) x
join finance_integration_journal_line l
    on l.id = x.document_id and l.transaction_date between %(date_from)s and %(date_to)s
join finance_voucher v on v.document_id = l.id
order by l.id
limit %(lines_max)s
