-- A number of a sequence as it is printed: prefix, then at least `digits` digits. Inlined by the planner.
create or replace function finance_number(prefix text, digits integer, number bigint) returns text
language sql immutable parallel safe as $$
    select prefix || lpad(number::text, greatest(digits, length(number::text)), '0')
$$;
