-- question:   Which lines of the draft had been refused before, and are posted now?
-- grain:      one row per such line
-- parameters: none
-- index:      problem_log_record
select distinct v.line_id
from general_verdict v
join problem_log p on p.record_id = v.line_id
