"""A bridge without readers, to be killed: it punches, says each number, and sends."""

import sys
import threading
from pathlib import Path

from bridge.client import Client
from bridge.clock import Clock
from bridge.readers.base import Presented
from bridge.recording import Recorder, Sounds
from bridge.sending import Sender
from bridge.settings import ReaderSettings, Settings
from bridge.spool import Spool

[server, token_file, path, first] = sys.argv[1:]
reader = ReaderSettings("door", "id12", "nowhere")
spool = Spool(Path(path), Clock())
recorder = Recorder(spool, Sounds())
client = Client(Settings(server, Path(token_file), [reader]))
sender = Sender(spool, client, news=recorder.news, sounds=Sounds())

if int(first):
    threading.Thread(target=sender.run, args=[threading.Event()], daemon=True).start()
    for number in range(int(first), int(first) + 100_000):
        assert recorder(Presented("door", "card", str(number)))
        print(number, flush=True)  # noqa: T201
while spool.waiting:
    sender.step()
