"""Why a record is where it is: the taxonomy of causes, and the one that each line has (finance spec 4)."""
