-- question:   Which dimensions do the entries of the batch take? A line those of its project and of the vendor or resource, where
--             both say something the project wins; what pays the document those of the vendor or resource (finance
--             spec 2.10).
-- grain:      one row of document_dimension per pair of project and vendor or resource; the nil project: what pays
-- parameters: company
-- index:      finance_dimension_default_key, finance_dimension_set_combination_key
create temporary table document_dimension on commit drop as
with combined as materialized (
    select c.*
    from (
        select
            array_agg(x.project_id) as projects, array_agg(x.owner_id) as owners, array_agg(false) as owner_wins
        from (
            select l.project_id, b.owner_id
            from document_batch_line l
            join document_batch b on b.document_id = l.document_id
            union
            select '00000000-0000-0000-0000-000000000000', b.owner_id
            from document_batch b
        ) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.projects, w.owners, w.owner_wins) c
)
select c.giver_id as project_id, c.owner_id, c.combination, s.dimension_set_id
from combined c
join (
    select n.*
    from (select array_agg(distinct x.combination) as combinations from combined x) w
    cross join lateral finance_dimension_sets(w.combinations) n
) s on s.combination = c.combination
