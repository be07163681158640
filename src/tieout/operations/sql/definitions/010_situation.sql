-- The column of the decision table for a project (operations spec 2.0.5): a sold project is billed as its
-- contract line says; 'closed' is no column, such a project takes no transactions.
create or replace function operations_situation(stage text, billing_method text) returns text
language sql immutable parallel safe as $$
    select case stage when 'sold' then billing_method else stage end
$$;
