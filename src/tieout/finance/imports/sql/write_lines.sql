-- question:   Which lines do the journals get? Each good row goes where it was allotted, with a voucher number of its
--             own, and an accounting date by finance spec 2.4. Where no period is open the date stays as it came:
--             posting refuses it, or finds the period open by then. So does that of a beginning balance, which enters
--             no ledger.
-- grain:      one row of finance_integration_journal_line per good row; reports their number
-- parameters: company, kind, journals, period_keys, first_lines, positions_from, positions_to, first_numbers, prefix, digits
-- index:      none: temporary tables of one batch
with place as materialized (
    select
        a.period_key,
        n.position,
        a.journal_id,
        a.first_line + n.position - a.position_from as line_number,
        a.first_number + n.position - a.position_from as number
    from unnest(
        %(journals)s::bigint[], %(period_keys)s::date[], %(first_lines)s::int[],
        %(positions_from)s::int[], %(positions_to)s::int[], %(first_numbers)s::bigint[]
    ) as a (journal_id, period_key, first_line, position_from, position_to, first_number)
    cross join lateral generate_series(a.position_from, a.position_to) as n (position)
),
dated as materialized (
    select d.wanted_date, coalesce(d.accounting_date, d.wanted_date) as proposed_date
    from finance_integration_parameters i
    cross join finance_accounting_dates(
        i.company_code, 'project', array(select distinct b.accounting_date from import_batch b), i.auto_open_period
    ) d
    where i.company_code = %(company)s
)
insert into finance_integration_journal_line (
    journal_id, line_number, actual_id, made, company_code, voucher, transaction_type, transaction_class, line_property,
    may_accrue, project_id, contract_line_id, category_id, transaction_date, accounting_date, quantity, price, amount, currency_code,
    exchange_rate, accounting_amount, discount_amount, fee_amount, fee_accounting_amount, fee_category_id, source_kind,
    source_id, reverses_id, subcontract
)
select
    p.journal_id,
    p.line_number,
    b.actual_id,
    b.made,
    %(company)s,
    finance_number(%(prefix)s, %(digits)s, p.number),
    b.transaction_type,
    b.transaction_class,
    b.line_property,
    b.may_accrue,
    b.project_id,
    b.contract_line_id,
    b.category_id,
    b.transaction_date,
    case when %(kind)s = 'beginning_balance' then b.accounting_date else d.proposed_date end,
    b.quantity,
    b.price,
    b.amount,
    b.currency_code,
    b.exchange_rate,
    b.accounting_amount,
    b.discount_amount,
    b.fee_amount,
    b.fee_accounting_amount,
    b.fee_category_id,
    b.source_kind,
    b.source_id,
    b.reverses_id,
    b.subcontract
from import_batch b
join place p on p.period_key = b.period_key and p.position = b.position
left join dated d on d.wanted_date = b.accounting_date
where b.code is null
