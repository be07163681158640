-- Published fact (DESIGN D8): what posting runs refused, one row per refusal of a line.
drop view if exists fact_line_error;
create view fact_line_error as
select xid, id, line_id, code, refused_at
  from finance_journal_line_error;
