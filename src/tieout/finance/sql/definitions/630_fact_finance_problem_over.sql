-- Published fact (DESIGN D8): which problems of finance are over, because their record has gone through.
drop view if exists fact_finance_problem_over;
create view fact_finance_problem_over as
select xid, problem_id, resolved_at
  from problem_resolution;
