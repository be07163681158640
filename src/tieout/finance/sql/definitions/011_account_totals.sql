-- What each statement posted to each account on each date with each set of dimension values is kept beside its lines (finance_account_total), so that a
-- trial balance adds thousands of rows and not millions, and the entries of an account are found by their vouchers
-- without an index on every ledger entry. Like the guard of vouchers it reads the inserted rows only.
create or replace function finance_keep_account_totals() returns trigger
language plpgsql as $totals$
begin
    insert into finance_account_total (
        company_code, account, accounting_date, dimension_set_id, entries, debit, credit, reporting_amount,
        first_voucher_id, last_voucher_id
    )
    select
        l.company_code, l.account, l.accounting_date, l.dimension_set_id, count(*),
        coalesce(sum(l.accounting_amount) filter (where l.accounting_amount > 0), 0),
        coalesce(-sum(l.accounting_amount) filter (where l.accounting_amount < 0), 0),
        sum(l.reporting_amount), min(l.voucher_id), max(l.voucher_id)
    from inserted_line l
    group by l.company_code, l.account, l.accounting_date, l.dimension_set_id;
    return null;
end
$totals$;

drop trigger if exists finance_account_totals on finance_voucher_line;
create trigger finance_account_totals after insert on finance_voucher_line
referencing new table as inserted_line
for each statement execute function finance_keep_account_totals();
