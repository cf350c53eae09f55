// Every page: what script adds to forms, and live pages. Each part starts only where its hook is.
import { countdowns } from "./countdown.js";
import { live } from "./live.js";
import { secrets } from "./secret.js";
import { register } from "./register.js";
import { refresh } from "./refresh.js";
import { slips } from "./slips.js";
import { waiting } from "./waiting.js";

secrets(document);
register(document);
countdowns(document);
waiting(document);
slips();
live();
refresh();
