// What the line did, newest first, and the faults it shall have.

import { ask, element, watch, words } from "./line_api.js";

const SHOWN = 150;
const byId = (id) => document.getElementById(id);
const time = (at) => new Date(at).toTimeString().slice(0, 8);

function record(at, status, text, details) {
  const item = element("li");
  const more = element("details");
  const summary = element("summary");
  const fine = status && status < 400;
  summary.append(element("bdi", "small", time(at)), element("span", fine ? "ok" : "bad", String(status ?? "—")), element("code", "", text));
  more.append(summary, element("pre", "", details));
  item.append(more);
  item.dataset.key = at + text;
  return item;
}

// Only new records are added, so an opened one stays open and the reader's place is kept.
function showRecords(id, records, make) {
  const list = byId(id);
  const known = new Set([...list.children].map((item) => item.dataset.key));
  for (const one of records.slice(-SHOWN).map(make)) if (!known.has(one.dataset.key)) list.prepend(one);
  while (list.children.length > SHOWN) list.lastElementChild.remove();
  if (!records.length) list.replaceChildren();
  byId(`${id}-empty`).hidden = records.length > 0;
}

function webhook(one) {
  const path = new URL(one.url).pathname;
  const event = one.event || one.params.CallStatus || one.params.SmsStatus || "";
  const details = [`${one.method} ${one.url}`, JSON.stringify(one.params, null, 1), one.body || one.error || "", `${one.ms} ms, ${one.attempts} ×`];
  return record(one.at, one.status, `${path} ${event}`, details.join("\n\n"));
}

function restCall(one) {
  return record(one.at, one.status, `${one.method} ${one.path.replace(/^.*?Accounts\/AC\w+/, "")}`, JSON.stringify(one.form, null, 1));
}

let faults = { callbacks: [], rest: [] };

function showFaults() {
  const lines = [
    ...faults.callbacks.map((one) => `${words[`kind_${one.kind || "any"}`]}: ${words[`fault_${one.fault}`]} (${one.next ?? "∞"})`),
    ...faults.rest.map((one) => `${words.fault_rest}: \u2066${one.path}\u2069 ${one.drop_reply ? words.drop_reply : one.status} (${one.next ?? "∞"})`),
  ];
  byId("faults").replaceChildren(...lines.map((text) => element("li", "", text)));
  byId("no-faults").hidden = lines.length > 0;
}

async function look() {
  const [webhooks, rest, dead, inForce] = await Promise.all(
    ["webhooks", "rest", "dead-lines", "faults"].map((path) => ask("GET", `/sim/${path}`)),
  );
  showRecords("webhooks", webhooks, webhook);
  showRecords("rest", rest, restCall);
  byId("dead-none").hidden = dead.length > 0;
  byId("dead-some").hidden = dead.length === 0;
  byId("dead-lines").replaceChildren(...dead.map((one) => element("li", "", `${time(one.at)} · ${one.from_number} → ${one.to_number} · ${one.code} · ${one.why}`)));
  faults = inForce;
  showFaults();
}

async function replaceFaults(callbacks, rest) {
  faults = await ask("PUT", "/sim/faults", { callbacks, rest });
  showFaults();
}

byId("callback-fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new FormData(event.target);
  const kind = given.get("kind");
  const fault = { fault: given.get("fault"), kind: kind === "any" ? null : kind, next: Number(given.get("next")) };
  replaceFaults([...faults.callbacks, fault], faults.rest);
});
byId("rest-fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new FormData(event.target);
  const fault = { path: given.get("path"), status: Number(given.get("status")), next: Number(given.get("next")), drop_reply: given.has("drop_reply") };
  replaceFaults(faults.callbacks, [...faults.rest, fault]);
});
byId("clear-faults").addEventListener("click", () => replaceFaults([], []));
byId("reset").addEventListener("click", async () => {
  if (confirm(words.reset_confirm)) await ask("POST", "/sim/reset", {});
});

watch(look);
