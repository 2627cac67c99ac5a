// A telephone on a page: the chosen number's newest call, what can be done with it, what is heard on it.

import { ask, fill, nameOf, watch, words } from "./line_api.js";
import { bubblesOfCall, setUpReadingAloud, showBubbles } from "./bubbles.js";

const byId = (id) => document.getElementById(id);
const ENDED = ["completed", "busy", "failed", "no-answer", "canceled"];
const page = byId("phone-page");
const dials = page.dataset.dials === "true";
const readAloud = setUpReadingAloud(byId("read-aloud"));
const showMore = [];
let number = "";
let call = null;
let firstLook = true;

export function onLook(show) {
  showMore.push(show);
}

export function chosenNumber() {
  return number;
}

function remark(text) {
  byId("remark").textContent = text;
}

async function act(doing) {
  remark("");
  try {
    await doing();
    await look();
  } catch (error) {
    remark(error.message);
  }
}

function describe(standing) {
  if (!call) return words.idle;
  if (call.heard.some((one) => one.kind === "error")) return words.dead_line;
  if (!standing) return words.ended;
  if (call.status === "queued" || call.status === "ringing") return call.direction === "inbound" ? words.calling : words.ringing;
  if (call.on_hold) return words.on_hold;
  if (call.in_conference) return call.with.length ? fill(words.in_room, { who: call.with.map(nameOf).join(", ") }) : words.alone_in_room;
  return call.in_queue ? words.waiting : words.talking;
}

function show() {
  const standing = call !== null && !ENDED.includes(call.status);
  const rings = standing && call.direction !== "inbound" && call.status === "ringing";
  const talks = standing && call.status === "in-progress";
  byId("status").textContent = describe(standing);
  byId("dial").hidden = !dials || standing;
  byId("answer").hidden = byId("decline").hidden = !rings;
  byId("hang-up").hidden = !standing || rings;
  document.querySelector(".telephone").classList.toggle("rings", rings);
  document.querySelector(".telephone").classList.toggle("dead", call !== null && call.heard.some((one) => one.kind === "error"));
  for (const control of document.querySelectorAll("[data-key], #speak input, #speak button")) control.disabled = !talks;
  if (talks && call.listening?.keys && !byId("remark").textContent) remark(words.listening_keys);
  if (!call?.listening && byId("remark").textContent === words.listening_keys) remark("");
  const added = showBubbles(byId("heard"), byId("heard-empty"), call ? bubblesOfCall(call) : [], call ? call.sid : "");
  if (!firstLook && standing) readAloud(added);
  firstLook = false;
}

async function look() {
  if (!number) {
    call = null;
    show();
    return;
  }
  const phone = await ask("GET", `/sim/phones/${encodeURIComponent(number)}`);
  call = phone.calls.find((one) => !ENDED.includes(one.status)) || phone.calls[0] || null;
  show();
  for (const more of showMore) more(phone);
}

function choose(value, hint) {
  number = value;
  firstLook = true;
  remark("");
  if (byId("chosen-number")) byId("chosen-number").textContent = value;
  if (byId("hint")) {
    byId("hint").hidden = !hint;
    byId("hint-value").textContent = hint || "";
  }
  act(async () => {});
}

byId("number").addEventListener("change", () => {
  const option = byId("number").selectedOptions[0];
  byId("other-number").hidden = option.value !== "";
  if (option.value) choose(option.value, option.dataset.hint);
  else byId("typed-number").focus();
});
byId("other-number").addEventListener("submit", (event) => {
  event.preventDefault();
  choose(byId("typed-number").value, "");
});

byId("dial").addEventListener("click", () => act(async () => {
  await ask("POST", "/sim/calls", { from: number, to: page.dataset.helpline });
}));
for (const [id, path] of [["answer", "answer"], ["decline", "reject"], ["hang-up", "hangup"]]) {
  byId(id).addEventListener("click", () => act(() => ask("POST", `/sim/calls/${call.sid}/${path}`, {})));
}

async function press(key) {
  await act(async () => {
    const { taken } = await ask("POST", `/sim/calls/${call.sid}/keys`, { digits: key });
    if (!taken) remark(words.not_listening);
  });
}
for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => press(button.dataset.key));
document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (typing || modified || !/^[0-9*#]$/.test(event.key)) return;
  if (call?.status === "in-progress") press(event.key);
});

byId("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("spoken").value.trim();
  byId("spoken").value = "";
  const language = /\p{Script=Arabic}/u.test(text) ? "ar" : "en";
  if (text) act(() => ask("POST", `/sim/calls/${call.sid}/speak`, { text, language }));
});

const first = byId("number").selectedOptions[0];
if (first.value) choose(first.value, first.dataset.hint);
else byId("other-number").hidden = false;
watch(look);
