"""What the stages stand on: three databases, named SQL, binary COPY between them, batches and locks.

Nothing here knows a business word. A stage that needs the database asks for it by alias
(:mod:`tieout.database.aliases`), runs statements that live in ``.sql`` files
(:mod:`tieout.database.sql`) and streams rows from one database into another without decoding them
(:mod:`tieout.database.transfer`).
"""
