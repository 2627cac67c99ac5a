// Saves the notes by themselves: at most three seconds after the last word, when leaving the field, and when the
// page goes away. What is not saved yet lives in this page only, never in the browser's storage.

const SAVE_AFTER_MS = 1500;
const SAVE_AT_LEAST_EVERY_MS = 3000;
const TRY_AGAIN_MS = 2000;

export class Notes {
  constructor() {
    this.field = null;
    this.saving = null;
    this.timer = 0;
    this.dirtySince = 0;
    addEventListener("pagehide", () => this.saveOnTheWayOut());
  }

  // After each drawing of the stage: take up the field, or what others have added to the notes.
  look() {
    const field = document.getElementById("notes");
    if (!field || !field.isConnected) {
      this.field = null;
      return;
    }
    if (field !== this.field || field.form.action !== this.action) this.takeUp(field);
    else this.takeIn(field.defaultValue, document.getElementById("notes-seen").value);
  }

  takeUp(field) {
    this.field = field;
    this.action = field.form.action;
    this.base = field.defaultValue;
    this.seen = document.getElementById("notes-seen").value;
    field.addEventListener("input", () => this.changed());
    field.addEventListener("blur", () => this.save());
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  takeIn(notes, seen) {
    if (this.saving || seen === this.seen || notes === this.base) return;
    if (this.field.value === this.base) this.field.value = notes;
    else this.field.value = join(this.base, this.field.value, notes);
    [this.base, this.seen] = [notes, seen];
  }

  changed() {
    if (this.field.value === this.base) return;
    this.dirtySince ||= Date.now();
    this.say("unsaved");
    clearTimeout(this.timer);
    const longest = Math.max(this.dirtySince + SAVE_AT_LEAST_EVERY_MS - Date.now(), 0);
    this.timer = setTimeout(() => this.save(), Math.min(SAVE_AFTER_MS, longest));
  }

  // Resolves when everything typed until now is saved, or could not be.
  async save() {
    clearTimeout(this.timer);
    if (this.saving) await this.saving;
    if (!this.field || this.field.value === this.base) return;
    this.saving = this.send(this.field.value).finally(() => {
      this.saving = null;
    });
    await this.saving;
    if (this.field && this.field.value !== this.base) this.changed();
  }

  async send(notes) {
    this.dirtySince = 0;
    try {
      const answer = await fetch(this.action, { method: "POST", headers: { Accept: "application/json", "X-Console": "notes" }, body: this.form(notes) });
      if (answer.status === 409) return this.joinWith(await answer.json());
      if (!answer.ok) throw new Error(String(answer.status));
      const { seen, saved_at: savedAt } = await answer.json();
      [this.base, this.seen] = [notes, seen];
      this.say("saved", savedAt);
    } catch {
      // Said in words beside the notes, and tried again until it works.
      this.say("failed");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), TRY_AGAIN_MS);
    }
  }

  // Someone else has added to the notes. Both are kept, and saved together.
  joinWith({ notes, seen }) {
    this.field.value = join(this.base, this.field.value, notes);
    [this.base, this.seen] = [notes, seen];
    this.say("joined");
  }

  form(notes) {
    const token = this.field.form.elements.csrf_token.value;
    return new URLSearchParams({ csrf_token: token, seen: this.seen, notes });
  }

  saveOnTheWayOut() {
    if (this.field && this.field.value !== this.base) {
      fetch(this.action, { method: "POST", headers: { Accept: "application/json", "X-Console": "notes" }, body: this.form(this.field.value), keepalive: true });
    }
  }

  say(state, detail = "") {
    const place = document.getElementById("notes-state");
    if (place) place.textContent = `${place.dataset[state]} ${detail}`.trim();
  }
}

// What was typed since `base`, together with what the server has since `base`.
function join(base, typed, theirs) {
  if (typed.startsWith(base)) return theirs + typed.slice(base.length);
  if (theirs.startsWith(base)) return typed + theirs.slice(base.length);
  return `${theirs}\n\n--\n\n${typed}`;
}
