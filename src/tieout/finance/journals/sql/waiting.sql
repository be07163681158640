-- question:   Which journals of a company are not posted, with how many lines, and how much cost waits there? Sales
--             lines are counted; their money is not cost and would be added to what it was sold for.
-- grain:      one row per status that is not posted
-- parameters: company
-- index:      finance_journal_unposted, finance_journal_line_key, finance_journal_move_key,
--             finance_voucher_document_id_key
select
    j.status,
    count(*) as journals,
    coalesce(sum(l.lines), 0)::bigint as lines,
    coalesce(sum(l.accounting_amount), 0) as accounting_amount
from finance_integration_journal j
cross join lateral (
    select
        count(*) as lines,
        sum(x.accounting_amount) filter (
            where x.transaction_type in ('cost', 'resourcing_unit_cost')) as accounting_amount
    from finance_standing_line x
    where x.journal_id = j.id and not exists (select from finance_voucher v where v.document_id = x.id)
) l
where j.company_code = %(company)s and j.status in ('draft', 'processing', 'error')
group by j.status
order by j.status
