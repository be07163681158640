-- question:   Which records of the batch did the other side refuse? They wait apart from what is owed. A record that
--             was stated again begins to be counted anew; one that was only tried again has one attempt more.
-- grain:      one row of outbox_parked per record
-- parameters: map, refused, again, attempts_max, first_pause, longest_pause
-- index:      outbox_parked_pkey
insert into outbox_parked as p (map, key, company_code, kind, next_try_at)
select
    %(map)s,
    r.key,
    r.company_code,
    r.kind,
    case r.tried_again
        when 'always' then clock_timestamp()
        when 'some_times' then clock_timestamp() + %(first_pause)s * interval '1 millisecond'
    end
from jsonb_to_recordset(%(refused)s::jsonb) as r (key uuid, company_code text, kind text, tried_again text)
on conflict (map, key) do update
set company_code = excluded.company_code,
    kind = excluded.kind,
    tried_at = clock_timestamp(),
    attempts = case when %(again)s then p.attempts + 1 else 1 end,
    next_try_at = case
        when p.kind <> excluded.kind or not %(again)s or p.kind <> 'raised' then excluded.next_try_at
        when p.attempts + 1 < %(attempts_max)s then clock_timestamp()
            + least(%(first_pause)s * power(2, p.attempts), %(longest_pause)s) * interval '1 millisecond'
    end
