"""Takes mail by SMTP and puts it into the mailbox that is called like its recipient: bridge.py FOLDER OWNER PORT."""

import mailbox
import shutil
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller


class Bridge:
    """An SMTP server's handler."""

    async def handle_DATA(self, server, session, envelope):
        """Keep one message."""
        for recipient in envelope.rcpt_tos:
            box = Path(sys.argv[1]) / Path(recipient.lower()).name
            mailbox.Maildir(box, create=True).add(envelope.content)
            for path in (box, *box.rglob("*")):
                shutil.chown(path, sys.argv[2])
        return "250 OK"


Controller(Bridge(), hostname="127.0.0.1", port=int(sys.argv[3]), data_size_limit=20_000_000).start()
threading.Event().wait()
