-- The dimension values of postings of a company (finance spec 2.10), for a set of (giver, owner), each pair once: what
-- both give, and where both say something, what the owner says if it wins, else the giver. The giver is a project or a
-- customer, the owner a vendor or a resource; either may be nobody: the nil key.
create or replace function finance_combinations(company text, givers uuid[], owners uuid[], owner_wins boolean[])
returns table (giver_id uuid, owner_id uuid, is_owner_first boolean, combination jsonb)
language sql stable parallel safe as $$
    select
        w.giver_id,
        w.owner_id,
        w.is_owner_first,
        case when w.is_owner_first then g.given || o.given else o.given || g.given end
    from (
        select distinct k.giver_id, k.owner_id, k.is_owner_first
        from unnest(givers, owners, owner_wins) as k (giver_id, owner_id, is_owner_first)
    ) w
    cross join lateral (
        select coalesce(jsonb_object_agg(d.dimension, d.value), '{}') as given
        from finance_dimension_default d
        where d.company_code = company and d.owner_id = w.giver_id
    ) g
    cross join lateral (
        select coalesce(jsonb_object_agg(d.dimension, d.value), '{}') as given
        from finance_dimension_default d
        where d.company_code = company and d.owner_id = w.owner_id
    ) o
$$;

-- The number of each combination, 0 of an empty one; a new one is kept. In one order, so that two postings at once wait
-- for each other and never in a circle.
create or replace function finance_dimension_sets(combinations jsonb[])
returns table (combination jsonb, dimension_set_id integer)
language plpgsql volatile as $sets$
#variable_conflict use_column
begin
    insert into finance_dimension_set (combination)
    select distinct c.combination
    from unnest(combinations) as c (combination)
    where c.combination <> '{}' and not exists (select from finance_dimension_set s where s.combination = c.combination)
    order by c.combination
    on conflict do nothing;
    return query
    select c.combination, coalesce(s.id, 0)
    from (select distinct x.combination from unnest(combinations) as x (combination)) c
    left join finance_dimension_set s on s.combination = c.combination;
end
$sets$;

-- What is wrong with posting to accounts with combinations of dimension values, by the account structure of the
-- company: the first dimension that an account requires and that is not there, or that it forbids and that is. No row
-- for what may be posted. Of the rules for an account and dimension the most specific counts: that which begins last,
-- of two the one that ends first.
create or replace function finance_dimension_faults(company text, accounts text[], combinations jsonb[])
returns table (account text, combination jsonb, dimension text, demand text)
language sql stable parallel safe as $$
    select distinct on (w.account, w.combination) w.account, w.combination, r.dimension, r.demand
    from (
        select k.account, array_agg(distinct k.combination) as combinations
        from unnest(accounts, combinations) as k (account, combination)
        group by k.account
    ) a
    cross join lateral (
        select distinct on (x.dimension) x.dimension, x.demand
        from finance_account_dimension x
        where x.company_code = company
            and (
                x.account = a.account
                or x.last_account <> ''
                and a.account >= x.account collate "C" and a.account <= x.last_account collate "C"
            )
        order by x.dimension, x.account collate "C" desc, x.last_account collate "C"
    ) r
    cross join lateral unnest(a.combinations) as c (combination)
    cross join lateral (select a.account, c.combination) w
    where r.demand <> 'optional' and (r.demand = 'required') <> (w.combination ? r.dimension)
    order by w.account, w.combination, r.dimension
$$;
