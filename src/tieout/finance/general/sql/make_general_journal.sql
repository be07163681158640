-- question:   Make a draft under this number; without one, under the next of the company's number sequence.
-- grain:      one row per journal that is made; none where the number is taken, or the sequence is missing
-- parameters: company, number, sequence, description, made_by
-- index:      finance_general_journal_number, finance_number_sequence_key
with next as (
    select finance_number(n.prefix, n.digits, n.first_number) as number
    from finance_take_numbers(%(company)s, %(sequence)s, case when %(number)s = '' then 1 else 0 end) n
),
made as (
    insert into finance_general_journal (company_code, number, made_by)
    select %(company)s, w.number, %(made_by)s
    from (
        select %(number)s as number where %(number)s <> ''
        union all
        select n.number from next n
    ) w
    on conflict (company_code, number) do nothing
    returning id, number
)
insert into finance_open_general_journal (journal_id, company_code, description)
select m.id, %(company)s, %(description)s
from made m
returning journal_id, (select m.number from made m) as number
