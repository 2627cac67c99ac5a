// The counsellor's browser as her telephone. It registers with the telephone company, picks up the one call that
// follows her own accept, and mutes. Presence means registered: only then can she say that she is here, and when
// it is lost for long she is away. A call is ended with the console's own End, never here.

import { announce, ring } from "./alerts.js";
import { listenToMicrophone, mayUseMicrophone } from "./microphone.js";

const LOOK_MS = 1000;
const AWAY_AFTER_MS = 10_000;
// The telephone company's program sometimes waits for ever after a break in the network: then begin anew.
const TRY_AGAIN_MS = 15_000;
const TOKEN_WITHIN_MS = 8000;
const OPTIONS = {
  allowIncomingWhileBusy: false,
  closeProtection: true, // the browser asks before a page is closed in which a child is on the line
  codecPreferences: ["opus", "pcmu"],
  tokenRefreshMs: 60_000,
};
const STATES = { registered: "ready", registering: "registering" };

// Nothing where she has chosen her telephone.
export function startSoftphone(stage, refresh) {
  const panel = document.getElementById("softphone");
  return panel && new Softphone(panel, stage, refresh);
}

class Softphone {
  constructor(panel, stage, refresh) {
    [this.panel, this.stage, this.refresh] = [panel, stage, refresh];
    [this.device, this.call, this.opening, this.lostAt] = [null, null, false, null];
    // A page that is loaded while she is being connected was loaded after her accept.
    this.accepted = stage.dataset.mode === "connecting";
    this.words = document.getElementById("softphone-state");
    this.mute = document.getElementById("softphone-mute");
    this.answer = document.getElementById("softphone-answer");
    this.check = document.getElementById("microphone-check");
    this.mute.addEventListener("click", () => this.call?.mute(!this.call.isMuted()));
    this.answer.addEventListener("click", () => this.call?.accept());
    this.check.addEventListener("click", () => this.checkMicrophone());
    document.addEventListener("submit", (event) => (this.accepted ||= event.target.querySelector("#accept") !== null));
    this.open();
    setInterval(() => this.tick(), LOOK_MS);
  }

  get ready() {
    return this.panel.dataset.state === "ready";
  }

  // Called with each fresh drawing of the stage.
  look(stage) {
    this.stage = stage;
    this.accepted &&= ["offer", "connecting"].includes(stage.dataset.mode);
    const here = stage.querySelector('[name="activity"][value="available"]');
    if (!here) return;
    here.disabled = !this.ready;
    here.form.elements.softphone.value = this.ready ? "registered" : "";
  }

  async open() {
    if (this.opening) return;
    this.opening = true;
    try {
      await this.register();
    } catch {
      // No token for now: the words say so, and the next try is a tick's.
      this.say("lost");
    }
    this.triedAt = Date.now();
    this.opening = false;
  }

  async register() {
    if (!window.Twilio?.Device) return this.say("missing");
    this.say("asking");
    if (!(await mayUseMicrophone())) return this.say("refused");
    this.say("registering");
    const token = await this.fetchToken();
    const before = this.device;
    const device = (this.device = new window.Twilio.Device(token, OPTIONS));
    before?.destroy();
    this.listenTo(device);
    // It may never answer when the network is away, so nobody waits for it: its events tell how it stands.
    device.register().catch(() => this.fail(device));
  }

  listenTo(device) {
    for (const event of ["registering", "registered", "unregistered"]) device.on(event, () => this.follow(device));
    device.on("error", () => this.fail(device));
    device.on("incoming", (call) => this.take(call));
    device.on("tokenWillExpire", () => this.renewToken(device));
    // She is called by the console's own tone, and this browser picks up by itself.
    device.audio?.incoming(false);
  }

  follow(device) {
    if (device === this.device) this.say(STATES[device.state] ?? "lost");
  }

  // A fault of one call leaves the browser registered; any other means that it can not be rung, whatever comes next.
  fail(device) {
    if (device === this.device && device.state !== "registered") this.say("lost");
  }

  async renewToken(device) {
    try {
      device.updateToken(await this.fetchToken());
    } catch {
      // The old token still holds for a minute. When it ends, the browser is lost and begins anew.
    }
  }

  async fetchToken() {
    const signal = AbortSignal.timeout(TOKEN_WITHIN_MS);
    const answer = await fetch(this.panel.dataset.token, { headers: { "X-Console": "softphone" }, signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).token;
  }

  take(call) {
    this.call = call;
    for (const event of ["accept", "mute", "reconnecting", "reconnected", "cancel", "reject", "disconnect", "error"]) {
      call.on(event, () => this.show());
    }
    if (this.accepted) call.accept();
    this.show();
    if (!this.accepted) announce(this.words.dataset.ringing);
  }

  tick() {
    this.show();
    if (this.call?.status() === "pending") ring(false);
    if (this.ready || this.call) {
      this.lostAt = null;
      return;
    }
    this.lostAt ??= Date.now();
    if (this.stage.dataset.mode === "ready" && Date.now() - this.lostAt > AWAY_AFTER_MS) this.goAway();
    const again = ["lost", "registering"].includes(this.panel.dataset.state);
    if (again && Date.now() - this.triedAt > TRY_AGAIN_MS) this.open();
  }

  async goAway() {
    this.lostAt = Date.now();
    const token = document.querySelector('[name="csrf_token"]').value;
    const body = new URLSearchParams({ activity: "unavailable", because: "softphone_lost", csrf_token: token });
    try {
      await fetch(this.panel.dataset.activity, { method: "POST", body, redirect: "manual", headers: { "X-Console": "softphone" } });
    } catch {
      // The service is not reached either; it is tried again as long as she counts as here.
    }
    await this.refresh();
  }

  async checkMicrophone() {
    const bar = document.getElementById("microphone-bar");
    const said = document.getElementById("microphone-said");
    this.check.disabled = true;
    bar.hidden = false;
    said.textContent = said.dataset.listening;
    said.textContent = said.dataset[await listenToMicrophone(bar)];
    bar.hidden = true;
    this.check.disabled = false;
    if (this.panel.dataset.state === "refused") this.open();
  }

  say(state) {
    this.panel.dataset.state = state;
    this.show();
    this.look(this.stage);
  }

  show() {
    if (this.call?.status() === "closed") this.call = null;
    const status = this.call?.status() ?? null;
    const muted = this.call?.isMuted() ?? false;
    this.answer.hidden = status !== "pending" || this.accepted;
    this.mute.hidden = status === null || status === "pending";
    this.mute.setAttribute("aria-pressed", String(muted));
    this.check.hidden = status !== null;
    this.panel.dataset.call = status ?? "";
    const name = this.nameOf(status, muted);
    if (this.words.textContent !== this.words.dataset[name]) this.words.textContent = this.words.dataset[name];
  }

  nameOf(status, muted) {
    if (status === null) return this.panel.dataset.state;
    if (status === "pending") return "ringing";
    return status === "open" && muted ? "muted" : status;
  }
}
