// What was heard, said and written, as bubbles; new ones can be read aloud by the browser.

import { element, fill, nameOf, words } from "./line_api.js";

const TIME = new Intl.DateTimeFormat(document.documentElement.lang === "ar" ? "ar-u-nu-latn" : "en-GB", { timeStyle: "medium" });

// Twilio's language names are not all the browser's: arb and ar-XA are Arabic without a country.
function browserLanguage(language) {
  return /^(arb|ar-XA)$/.test(language) ? "ar-SA" : language;
}

const SPOKEN_BY = { say: words.line_voice, play: words.recording, music: words.music, error: words.error };

export function bubblesOfCall(call) {
  const heard = call.heard.map((one) => ({
    at: one.at, kind: one.kind, text: one.kind === "music" ? "♪" : one.text, language: browserLanguage(one.language),
    who: SPOKEN_BY[one.kind] || nameOf(one.speaker),
  }));
  const said = call.said.map((one) => ({
    at: one.at, kind: "own", who: words.me, language: one.language,
    text: one.kind === "keys" ? fill(words.pressed, { keys: one.text }) : one.text,
  }));
  return [...heard, ...said].sort((a, b) => (a.at < b.at ? -1 : 1));
}

// Keeps what is already shown, so that a screen reader hears only what is new.
export function showBubbles(list, emptyNote, bubbles, owner) {
  if (list.dataset.owner !== owner) {
    list.replaceChildren();
    list.dataset.owner = owner;
  }
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const added = [];
  bubbles.forEach((bubble, place) => {
    const key = `${bubble.at} ${bubble.kind}`;
    if (list.children[place]?.dataset.key !== key) {
      const item = makeBubble(bubble);
      item.dataset.key = key;
      list.insertBefore(item, list.children[place] || null);
      added.push(bubble);
    }
    const when = list.children[place].querySelector(".when");
    if (when.textContent !== whenText(bubble)) when.textContent = whenText(bubble);
  });
  emptyNote.hidden = bubbles.length > 0;
  if (added.length && wasAtEnd) list.scrollTop = list.scrollHeight;
  return added;
}

function whenText(bubble) {
  return TIME.format(new Date(bubble.at)) + (bubble.status ? ` · ${bubble.status}` : "");
}

function makeBubble(bubble) {
  const item = element("li", `bubble ${bubble.kind}`);
  if (bubble.who) item.append(element("span", "who", `\u2068${bubble.who}\u2069`));
  const what = element("p", "what", bubble.text);
  what.dir = "auto";
  if (bubble.language) what.lang = bubble.language;
  item.append(what, element("span", "when", whenText(bubble)));
  return item;
}

const KEY = "phone-line-read-aloud";

export function setUpReadingAloud(button) {
  if (!("speechSynthesis" in window)) {
    button.hidden = true;
    return () => {};
  }
  let on = localStorage.getItem(KEY) === "yes";
  const show = () => button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEY, on ? "yes" : "no");
    if (!on) speechSynthesis.cancel();
    show();
  });
  show();
  return (bubbles) => {
    for (const bubble of bubbles.filter((one) => on && ["say", "voice", "error"].includes(one.kind))) {
      const utterance = new SpeechSynthesisUtterance(bubble.text);
      if (bubble.language) utterance.lang = bubble.language;
      speechSynthesis.speak(utterance);
    }
  };
}
