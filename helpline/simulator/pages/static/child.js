// A child's phone: the telephone of phone_page.js, and text messages beside it.

import { ask, words } from "./line_api.js";
import { showBubbles } from "./bubbles.js";
import { chosenNumber, onLook } from "./phone_page.js";

const byId = (id) => document.getElementById(id);

onLook((phone) => {
  const bubbles = phone.messages.map((text) => ({
    at: text.at, text: text.body, kind: text.direction === "inbound" ? "own" : "voice",
    status: words[`status_${text.status}`],
  }));
  showBubbles(byId("texts"), byId("texts-empty"), bubbles, phone.number);
});

byId("text").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = byId("written").value.trim();
  if (!body || !chosenNumber()) return;
  byId("written").value = "";
  await ask("POST", "/sim/messages", {
    from: chosenNumber(), to: byId("phone-page").dataset.helpline, body,
  });
});
