-- Hands out a block of numbers of a company's sequence: how the first is printed, and which it is. No row for a block of
-- nothing, or where the company has no such sequence. The sequence stays locked until the transaction ends, so that a
-- number that was not used is not lost.
create or replace function finance_take_numbers(company text, sequence text, size bigint)
returns table (prefix text, digits integer, first_number bigint)
language sql volatile as $$
    update finance_number_sequence s
    set next_number = s.next_number + size
    where s.company_code = company and s.reference = sequence and size > 0
    returning s.prefix::text, s.digits, s.next_number - size
$$;
