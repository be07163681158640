-- question:   Which server is this, and how does the database write characters?
-- grain:      one row
-- parameters: none
-- index:      none: the catalog
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::integer as version_number,
    current_setting('server_encoding') as encoding
