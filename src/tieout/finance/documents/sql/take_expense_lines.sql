-- question:   Which lines have the documents of the batch, and which entry of its voucher is each? A statement of its own:
--             what was entered until the documents were locked is seen, and nothing is entered from then on.
-- grain:      one row of document_batch_line per document line; line_no is null where no entry is written, because
--             both its amounts are zero. payee is who is credited, null for a payment method that is not set up; a blank
--             payee_account is that of the posting profile
-- parameters: none
-- index:      finance_expense_line_key, finance_payment_method_key, finance_company_code_key
create temporary table document_batch_line on commit drop as
select
    b.document_id,
    case when l.has_entry then l.entries_so_far end as line_no,
    l.id as line_id,
    l.project_id,
    l.category_id,
    l.amount,
    l.currency_code,
    l.accounting_amount,
    l.tax_amount,
    case
        when l.tax_amount = 0 then 0
        else round(
            l.tax_amount * l.exchange_rate * 0.01, -- rates are per 100 (finance spec 5, N10)
            (
                select y.digits
                from finance_company c
                join finance_currency y on y.code = c.accounting_currency
                where c.code = l.company_code
            )
        )
    end as tax_accounting_amount,
    l.line_number,
    l.line_amount,
    l.payment_method,
    coalesce(m.credits, case l.payment_method when 'employee' then 'employee' end) as payee,
    m.account as payee_account,
    false as stocked,
    null::text as debit_type,
    null::text as debit_account,
    null::text as cost_code
from document_batch b
-- offset 0 keeps the planner from reading the whole table of lines once per batch
cross join lateral (
    select
        x.*,
        x.amount <> 0 or x.accounting_amount <> 0 as has_entry,
        count(*) filter (where x.amount <> 0 or x.accounting_amount <> 0)
            over (order by x.line_number, x.distribution rows unbounded preceding)::integer as entries_so_far
    from finance_expense_line x
    where x.report_id = b.document_id
    offset 0
) l
left join finance_payment_method m on m.company_code = l.company_code and m.code = l.payment_method
