-- question:   What are the lines of a journal, and where does each stand? Posted when a voucher names it, in error when
--             the last run refused it, else draft.
-- grain:      one row per line above line number `after`, at most rows_max
-- parameters: company, number, after, rows_max
-- index:      finance_integration_journal_number, finance_journal_line_key, finance_voucher_document_id_key,
--             finance_journal_line_error_of
select
    l.id, l.line_number, l.actual_id, l.voucher, l.transaction_type, l.transaction_class, l.line_property,
    l.project_id, l.category_id, l.transaction_date, l.accounting_date, l.quantity, l.price, l.amount,
    l.currency_code, l.exchange_rate, l.accounting_amount, l.source_kind, l.source_id,
    case when v.id is not null then 'posted' when j.status = 'error' and e.id is not null then 'error' else 'draft' end
        as status,
    v.accounting_date as posted_on,
    case when v.id is null and j.status = 'error' then e.code else null end as code,
    case when v.id is null and j.status = 'error' then e.details::text else null end as details
from finance_integration_journal j
join finance_integration_journal_line l on l.journal_id = j.id
left join finance_voucher v on v.document_id = l.id
left join lateral (
    select x.id, x.code, x.details
    from finance_journal_line_error x
    where x.line_id = l.id
    order by x.id desc
    limit 1
) e on true
where j.company_code = %(company)s and j.number = %(number)s and l.line_number > %(after)s
order by l.line_number
limit %(rows_max)s
