// The counsellor's page: keeps the stage fresh, calls her when a child is offered, and loses nothing she types.

import { announce, markTitle, prepareSound, ring } from "./alerts.js";
import { setClocks, startClocks } from "./clocks.js";
import { clearComposer, listenToComposer, showNewest } from "./composer.js";
import { revealNumbers, saveRecordAsChosen, sendForms, showCategory } from "./forms.js";
import { listenToKeys } from "./keys.js";
import { LivePart } from "./live.js";
import { Notes } from "./notes.js";
import { startSoftphone } from "./softphone.js";

const RING_AGAIN_MS = 4000;

const page = document.getElementById("page");
const notes = new Notes();
const live = new LivePart(page, look);
const softphone = startSoftphone(page.firstElementChild, () => live.refresh());
const device = page.firstElementChild.dataset.device;
let about = "";
let attention = new Set();

function look(stage) {
  // Another device was chosen in another window: this page has not got the rights for it.
  if (stage.dataset.device !== device) return location.reload();
  setClocks(stage);
  softphone?.look(stage);
  notes.look();
  showNewest();
  showCategory();
  const now = `${stage.dataset.mode} ${stage.dataset.about ?? ""}`;
  if (now !== about) moved(stage);
  about = now;
  callAttention(stage);
}

// Something new is on the stage: say it, and put the hand where the next act is.
function moved(stage) {
  const offered = stage.dataset.alarm === "offer";
  markTitle(offered ? stage.dataset.say : "");
  if (stage.dataset.say) announce(stage.dataset.say);
  if (offered) {
    ring(true);
    document.getElementById("accept").focus();
  } else if (stage.dataset.mode === "talk") {
    (document.getElementById("body") ?? document.getElementById("notes"))?.focus();
  }
}

// Something about the child she is with needs her eyes at once, while she writes or reads elsewhere on the page.
function callAttention(stage) {
  const marked = new Set((stage.dataset.attention ?? "").split(" ").filter(Boolean));
  if ([...marked].some((one) => !attention.has(one))) {
    announce(stage.dataset.attentionSay);
    ring(false);
  }
  attention = marked;
}

setInterval(() => {
  if (page.firstElementChild.dataset.alarm === "offer") ring(true);
}, RING_AGAIN_MS);

sendForms({
  before: () => notes.save(),
  after: async (form, refused) => {
    // What was refused stays in the field, to be written otherwise.
    if (!refused) clearComposer(form);
    await live.refresh();
  },
});
saveRecordAsChosen();
revealNumbers();
listenToComposer();
listenToKeys();
prepareSound();
startClocks();
look(page.firstElementChild);
live.start();
