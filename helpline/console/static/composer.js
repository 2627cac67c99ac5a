// Writing texts: how many messages a text costs, Ctrl+Enter sends, and the newest is in sight. The tables are those
// of helpline/telephony/segments.py, which decides.

const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_PAIRS = new Set("^{}\\[~]|€\f");

// A text is cut into parts: 160 letters of the small alphabet or 70 of any, fewer when there is more than one part.
// A letter that takes two places is never cut. `wide` is the first letter outside the small alphabet.
export function measure(text) {
  const letters = [...text];
  const wide = letters.find((letter) => !GSM.has(letter) && !GSM_PAIRS.has(letter));
  const width = wide ? (letter) => letter.length : (letter) => (GSM_PAIRS.has(letter) ? 2 : 1);
  const [one, each] = wide ? [70, 67] : [160, 153];
  const total = letters.reduce((sum, letter) => sum + width(letter), 0);
  if (total <= one) return { parts: Math.min(total, 1), left: one - total, wide };
  let [parts, used] = [1, 0];
  for (const letter of letters) {
    if (used + width(letter) > each) [parts, used] = [parts + 1, 0];
    used += width(letter);
  }
  return { parts, left: each - used, wide };
}

export function listenToComposer() {
  document.addEventListener("input", (event) => event.target.id === "body" && showSegments(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "body" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
}

export function clearComposer(form) {
  const field = form.elements.body;
  if (!field) return;
  field.value = "";
  showSegments(field);
}

function showSegments(field) {
  const { one, many, left, wide } = document.getElementById("segments").dataset;
  const found = measure(field.value);
  const words = [];
  if (found.parts) words.push(found.parts === 1 ? one : many.replace("#", found.parts), left.replace("#", found.left));
  // A letter such as a curly quote in an English text is seldom meant; Arabic ones are.
  if (found.wide && !/\p{Script=Arabic}|\p{Script=Devanagari}/u.test(field.value)) words.push(wide.replace("#", found.wide));
  document.getElementById("segments").textContent = words.join(" · ");
}

let newest = "";

// A new text scrolls into sight; while somebody reads further up, nothing moves of itself.
export function showNewest() {
  const list = document.getElementById("conversation");
  const last = list?.lastElementChild?.id ?? "";
  if (list && last !== newest) list.scrollTop = list.scrollHeight;
  newest = last;
}
