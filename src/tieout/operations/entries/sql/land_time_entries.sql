-- question:   Where do time entries land before they are entered?
-- grain:      one row per entry of one transaction, by its number; references are resolved to keys, custom holds the
--             firm's own fields by name
-- parameters: none
-- index:      its primary key, to find an earlier row of the same landing
create temporary table if not exists landed_time_entry (
    row_number integer primary key,
    external_id text not null,
    company_code text not null,
    resource_id uuid not null,
    project_id uuid not null,
    role_id uuid not null,
    task_id uuid,
    entry_date date not null,
    minutes integer not null,
    description text not null,
    custom jsonb not null
) on commit delete rows
