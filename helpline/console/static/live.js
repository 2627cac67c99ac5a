// Keeps a part of the page fresh: a stream brings it drawn anew, or says that it changed and has to be fetched.
// Without a stream it is fetched every three seconds. How fresh it is stands in words in the bar.

import { morph } from "./morph.js";

const POLL_MS = 3000;
const SAFETY_MS = 15000;
const TRY_STREAM_AGAIN_MS = 10000;
const FETCH_WITHIN_MS = 5000;
const SAID_FOR_MS = 8000;

let saidUntil = 0;

// What an act has led to is told once, by whichever drawing comes next, and must stay long enough to be read.
function showSaid(said) {
  const place = document.getElementById("said");
  if (said?.childElementCount) {
    place.replaceChildren(...said.children);
    saidUntil = Date.now() + SAID_FOR_MS;
  } else if (place && Date.now() > saidUntil) place.replaceChildren();
}

export class LivePart {
  constructor(page, onFresh) {
    this.page = page;
    this.onFresh = onFresh;
    this.badge = document.getElementById("live");
    this.streaming = false;
    this.fetching = null;
    this.again = false;
    this.over = false;
  }

  start() {
    this.openStream();
    this.tick();
    addEventListener("online", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  openStream() {
    if (this.over) return;
    const stream = new EventSource(this.page.dataset.stream);
    stream.addEventListener("changed", () => {
      this.streaming = true;
      this.refresh();
    });
    stream.addEventListener("drawn", (event) => {
      this.streaming = true;
      this.put(JSON.parse(event.data));
      this.say("live");
    });
    stream.onerror = () => {
      this.streaming = false;
      // A stream that ended of itself comes back of itself; one that was refused has to be asked for again.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => this.openStream(), TRY_STREAM_AGAIN_MS);
      this.refresh();
    };
  }

  tick() {
    const pause = this.streaming ? SAFETY_MS : POLL_MS;
    setTimeout(async () => {
      await this.refresh();
      this.tick();
    }, pause);
  }

  // One fetch at a time; whoever asks meanwhile gets one more after it.
  refresh() {
    if (this.over) return Promise.resolve();
    if (this.fetching) {
      this.again = true;
      return this.fetching;
    }
    this.fetching = this.fetchOnce().finally(() => {
      this.fetching = null;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    });
    return this.fetching;
  }

  async fetchOnce() {
    try {
      const answer = await fetch(this.page.dataset.fragment, {
        headers: { "X-Console": "fragment" },
        signal: AbortSignal.timeout(FETCH_WITHIN_MS),
      });
      if (answer.status === 401 || answer.status === 403) return this.signedOut();
      if (!answer.ok) throw new Error(String(answer.status));
      this.put(await answer.text());
      this.say(this.streaming ? "live" : "polling");
    } catch {
      // Whatever it was, the page is no longer fresh, and says so; the next tick tries again.
      this.say("offline");
    }
  }

  put(html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    showSaid(template.content.getElementById("said"));
    morph(this.page.firstElementChild, template.content.firstElementChild);
    this.onFresh(this.page.firstElementChild);
  }

  signedOut() {
    this.over = true;
    this.say("signed-out");
  }

  say(state) {
    this.badge.hidden = false;
    this.badge.dataset.state = state;
    const words = { live: "live", polling: "polling", offline: "offline", "signed-out": "signedOut" };
    const text = this.badge.dataset[words[state]];
    if (this.badge.textContent !== text) this.badge.textContent = text;
  }
}
