-- question:   May each line of the draft be posted, and as what? (finance_general_draft) Both its entries take the dimensions
--             of its project.
-- grain:      one row of general_verdict per line
-- parameters: company, journal_id
-- index:      finance_open_general_journal_line_key, finance_dimension_default_key
create temporary table general_verdict on commit drop as
with draft as materialized (
    select * from finance_general_draft(%(journal_id)s)
),
combined as materialized (
    select c.giver_id as project_id, c.combination
    from (
        select
            array_agg(x.project_id) as projects,
            array_agg('00000000-0000-0000-0000-000000000000'::uuid) as owners,
            array_agg(false) as owner_wins
        from (select distinct d.project_id from draft d where d.project_id is not null) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.projects, w.owners, w.owner_wins) c
),
numbered as materialized (
    select s.*
    from (select array_agg(distinct c.combination) as combinations from combined c) w
    cross join lateral finance_dimension_sets(w.combinations) s
)
select
    d.*,
    coalesce(n.dimension_set_id, 0) as dimension_set_id,
    case
        when d.code = '' then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass)
    end as voucher_id
from draft d
left join combined c on c.project_id = d.project_id
left join numbered n on n.combination = c.combination
order by d.line_number
