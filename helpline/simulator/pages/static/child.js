// A child's phone: the telephone of phone_page.js, and text messages beside it, by SMS or WhatsApp.

import { ask, words } from "./line_api.js";
import { showBubbles } from "./bubbles.js";
import { chosenNumber, onLook } from "./phone_page.js";

const byId = (id) => document.getElementById(id);

function statusOf(text) {
  const parts = [words[`status_${text.status}`] ?? text.status];
  if (text.error_code) parts.push(`\u2066${text.error_code}\u2069`);
  if (text.whatsapp) parts.push("WhatsApp");
  return parts.join(" · ");
}

onLook((phone) => {
  const bubbles = phone.messages.map((text) => ({
    at: text.at, text: [text.body, ...text.media.map(() => `[${words.picture}]`)].filter(Boolean).join(" "),
    kind: text.direction === "inbound" ? "own" : "voice", status: statusOf(text),
  }));
  showBubbles(byId("texts"), byId("texts-empty"), bubbles, phone.number);
  byId("text-fault").value = String(phone.text_fault);
});

// Somebody else may hold the phone when it rings, or nobody: answer it and press 2, or let it decide by itself.
onLook((phone) => { byId("behaviour").value = phone.behaviour; });
byId("behaviour").addEventListener("change", () => ask(
  "PUT", `/sim/phones/${encodeURIComponent(chosenNumber())}`, { behaviour: byId("behaviour").value, after_s: 1 },
));

byId("text").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = byId("written").value.trim();
  const media = byId("with-picture").checked ? ["image/jpeg"] : [];
  if (!(body || media.length) || !chosenNumber()) return;
  byId("written").value = "";
  byId("with-picture").checked = false;
  await ask("POST", "/sim/messages", {
    from: chosenNumber(), to: byId("phone-page").dataset.helpline, body, media, whatsapp: byId("by-whatsapp").checked,
  });
});

byId("text-fault").addEventListener("change", (event) =>
  ask("PUT", `/sim/phones/${encodeURIComponent(chosenNumber())}/text-fault`, { code: Number(event.target.value) }));
