-- question:   Give a draft another description.
-- grain:      one row per draft; reports their number
-- parameters: journal_id, description
-- index:      operations_open_journal_pkey
update operations_open_journal set description = %(description)s where journal_id = %(journal_id)s::uuid
