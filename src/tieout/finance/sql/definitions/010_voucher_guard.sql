-- Double entry is kept by the database (DESIGN D6). Vouchers are inserted whole, by one statement; after it,
-- each voucher of the statement must have lines 1 to line_count and be zero in both currencies. With the key
-- (voucher, line number) nothing can then be added to a voucher later. The trigger reads the inserted rows
-- only and joins no table, so that its cost is that of one aggregate.
create or replace function finance_refuse_unbalanced_voucher() returns trigger
language plpgsql as $guard$
declare
    faulty record;
begin
    select
        l.voucher_id,
        count(*) as lines,
        max(l.line_count) as line_count,
        sum(l.accounting_amount) as accounting_difference,
        sum(l.reporting_amount) as reporting_difference
    into faulty
    from inserted_line l
    group by l.voucher_id
    having count(*) <> max(l.line_count)
        or min(l.line_count) <> max(l.line_count)
        or min(l.line_no) <> 1
        or max(l.line_no) <> max(l.line_count)
        or sum(l.accounting_amount) <> 0
        or sum(l.reporting_amount) <> 0
    order by l.voucher_id
    limit 1;
    if found then
        raise exception 'voucher % refused: % of % lines, accounting difference %, reporting difference %',
            faulty.voucher_id, faulty.lines, faulty.line_count,
            faulty.accounting_difference, faulty.reporting_difference
            using errcode = 'check_violation', constraint = 'finance_voucher_balanced',
            table = 'finance_voucher_line';
    end if;
    return null;
end
$guard$;

drop trigger if exists finance_voucher_balanced on finance_voucher_line;
create trigger finance_voucher_balanced after insert on finance_voucher_line
referencing new table as inserted_line
for each statement execute function finance_refuse_unbalanced_voucher();
