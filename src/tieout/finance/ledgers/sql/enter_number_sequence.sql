-- question:   Enter these records (number_sequence): which are new, which change, which are there already?
--             The next number is never lowered: a number is given out once.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_number_sequence_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, reference text, prefix text, digits int, next_number bigint
    )
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
    on conflict (company_code, reference) do update set
        prefix = excluded.prefix,
        digits = excluded.digits,
        next_number = greatest(t.next_number, excluded.next_number)
    where (t.prefix, t.digits) is distinct from (excluded.prefix, excluded.digits) or t.next_number < excluded.next_number
    returning company_code, reference, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.reference = n.reference
