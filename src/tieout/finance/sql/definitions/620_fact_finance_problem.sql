-- Published fact (DESIGN D8): what records met in finance, one row per problem of its log.
drop view if exists fact_finance_problem;
create view fact_finance_problem as
select xid, id as problem_id, process, code, record_id, logged_at
  from problem_log;
