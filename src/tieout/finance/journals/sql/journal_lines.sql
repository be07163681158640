-- question:   What are the lines that stand in a journal, and where is each in its life? Posted when a voucher names it,
--             processing while a run has its journal in hand, in error when the last run refused it, else draft.
--             Shifted from: the accounting date that its actual came with, where posting moved it forward.
-- grain:      one row per line above line number `after`, at most rows_max
-- parameters: company, number, after, rows_max
-- index:      finance_integration_journal_number, finance_journal_line_key, finance_journal_move_place,
--             finance_voucher_document_id_key, finance_journal_line_error_of, finance_staged_actual_pkey
select
    l.id, l.line_number, l.actual_id, l.voucher, l.transaction_type, l.transaction_class, l.line_property,
    l.project_id, coalesce(p.number, '') as project_number, l.category_id, l.transaction_date, l.accounting_date,
    l.quantity, l.price, l.amount, l.discount_amount, l.fee_amount, l.currency_code, coalesce(y.digits, 2) as digits, l.exchange_rate, l.accounting_amount, l.source_kind, l.source_id,
    l.subcontract,
    s.status,
    v.accounting_date as posted_on,
    case when a.accounting_date <> coalesce(v.accounting_date, l.accounting_date) then a.accounting_date end
        as shifted_from,
    case when s.status = 'error' then e.code end as code,
    case when s.status = 'error' then e.details::text end as details
from finance_integration_journal j
join finance_standing_line l on l.journal_id = j.id
left join finance_project p on p.id = l.project_id
left join finance_currency y on y.code = l.currency_code
left join finance_staged_actual a on a.actual_id = l.actual_id
left join finance_voucher v on v.document_id = l.id
left join lateral (
    select x.id, x.code, x.details
    from finance_journal_line_error x
    where x.line_id = l.id
    order by x.id desc
    limit 1
) e on true
cross join lateral (
    select case
        when v.id is not null then 'posted'
        when j.status = 'processing' then 'processing'
        when j.status = 'error' and e.id is not null then 'error'
        else 'draft'
    end as status
) s
where j.company_code = %(company)s and j.number = %(number)s and l.line_number > %(after)s
order by l.line_number
limit %(rows_max)s
