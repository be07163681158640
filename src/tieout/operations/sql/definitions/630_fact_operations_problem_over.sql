-- Published fact (DESIGN D8): which problems of operations are over, because their record has gone through.
drop view if exists fact_operations_problem_over;
create view fact_operations_problem_over as
select xid, problem_id, resolved_at
  from problem_resolution;
