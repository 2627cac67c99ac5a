// The shift lead's page: keeps the board fresh and calls when a child in danger begins to wait.

import { announce, markTitle, prepareSound, ring } from "./alerts.js";
import { setClocks, startClocks } from "./clocks.js";
import { LivePart } from "./live.js";

const page = document.getElementById("page");
const live = new LivePart(page, look);
let known = null;

function look(board) {
  setClocks(board);
  const waiting = board.dataset.critical.split(" ").filter(Boolean);
  const fresh = waiting.filter((contact) => known && !known.has(contact));
  if (fresh.length) {
    announce(board.dataset.say);
    ring(true);
  }
  markTitle(waiting.length ? board.dataset.say : "");
  known = new Set(waiting);
}

prepareSound();
startClocks();
look(page.firstElementChild);
live.start();
