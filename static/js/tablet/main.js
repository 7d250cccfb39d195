// What a tablet does besides showing pages: it hears scans, sends them, and says what came of it.
import "./camera.js";
import "./connection.js";
import "./forms.js";
import "./keypad.js";
import "./live.js";
import "./printing.js";
import "./shell.js";
import "./tester.js";
import "./tray.js";
import { resume } from "./outbox.js";
import { ready } from "./sounds.js";
import { listen } from "./wedge.js";

ready();
listen();
resume();
