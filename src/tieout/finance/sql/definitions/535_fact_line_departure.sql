-- Published fact (DESIGN D8): the lines that left a journal, for that of what was refused, or deleted.
drop view if exists fact_line_departure;
create view fact_line_departure as
select xid, id, line_id, to_journal_id is null as is_deleted, moved_by, moved_at
  from finance_journal_line_move;
