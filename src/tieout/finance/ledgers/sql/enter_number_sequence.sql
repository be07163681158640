-- question:   Enter these records (number_sequence): which are new, which change, which are there already?
--             The next number is never lowered: a number is given out once. Vouchers of a company have one series of
--             numbers: no two of their sequences may give out the same, as those do whose prefixes are alike, or one of
--             which is the other and digits (LOAD-327).
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_number_sequence_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, reference text, prefix text, digits int, next_number bigint
    )
),
-- the sequences of vouchers as they would be
whole as materialized (
    select n.company, n.reference, coalesce(n.prefix, '') as prefix
    from n
    where n.reference like '%%voucher'
    union all
    select t.company_code, t.reference, t.prefix
    from finance_number_sequence t
    where t.reference like '%%voucher'
        and t.company_code in (select n.company from n)
        and (t.company_code, t.reference) not in (select n.company, n.reference from n)
),
refused as materialized (
    select n."row", min(w.reference) as stored
    from n
    join whole w on w.company = n.company and w.reference <> n.reference
    where n.reference like '%%voucher'
        and (
            coalesce(n.prefix, '') ^@ w.prefix and substr(coalesce(n.prefix, ''), length(w.prefix) + 1) ~ '^[0-9]*$'
            or w.prefix ^@ coalesce(n.prefix, '') and substr(w.prefix, length(coalesce(n.prefix, '')) + 1) ~ '^[0-9]*$'
        )
    group by n."row"
),
written as (
    insert into finance_number_sequence as t (company_code, reference, prefix, digits, next_number)
    select
        n.company,
        n.reference,
        coalesce(n.prefix, ''),
        n.digits,
        n.next_number
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (company_code, reference) do update set
        prefix = excluded.prefix,
        digits = excluded.digits,
        next_number = greatest(t.next_number, excluded.next_number)
    where (t.prefix, t.digits) is distinct from (excluded.prefix, excluded.digits) or t.next_number < excluded.next_number
    returning company_code, reference, xmax = 0 as is_new
)
select
    n."row",
    case
        when r."row" is not null then 'LOAD-327'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    case when r."row" is not null then 'prefix' end as field,
    r.stored,
    case when r."row" is not null then coalesce(n.prefix, '') end as value
from n
left join refused r on r."row" = n."row"
left join written w on w.company_code = n.company and w.reference = n.reference
